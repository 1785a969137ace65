package dss.storage;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used: says which file, what is wrong with it and what to do. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StorageException(String message) {
    super(message);
  }

  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
