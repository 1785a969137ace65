package dss.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A disk made slow on purpose, for drills: while the file exists that the system property {@code dss.fault.sync} names,
 * each fsync of the log takes as many milliseconds longer as the file says.
 */
final class SyncDelay {
  private static final String PROPERTY = "dss.fault.sync";
  private static final @Nullable Path FILE = System.getProperty(PROPERTY) == null
      ? null
      : Path.of(System.getProperty(PROPERTY));

  private SyncDelay() {}

  static void hold() throws IOException {
    if (FILE == null) {
      return;
    }
    try {
      String millis = Files.readString(FILE).strip();
      // It may just be being written.
      LockSupport.parkNanos(millis.isEmpty() ? 0 : Long.parseLong(millis) * 1_000_000);
    } catch (NoSuchFileException e) {
      // Not slow now.
      return;
    } catch (NumberFormatException e) {
      throw new IOException(FILE + " does not say how many milliseconds", e);
    }
  }
}
