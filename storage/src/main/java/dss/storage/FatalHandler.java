package dss.storage;

/**
 * Ends the process: the disk failed under it. Called at most once, from any thread; after it nothing is ever
 * reported durable, so whoever implements it need not be quick.
 */
@FunctionalInterface
public interface FatalHandler {
  /** @param message file, offset, what went wrong and what to do */
  void fatal(String message);
}
