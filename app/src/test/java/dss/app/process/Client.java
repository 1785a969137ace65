package dss.app.process;

import org.jspecify.annotations.Nullable;

/** A client of the kind that users have. Each implementation stands for a product; for one thread. */
interface Client extends AutoCloseable {
  /** Returns when the write is acknowledged; any exception means that it may not have happened. */
  void put(String key, String value);

  /** Null where there is none. */
  @Nullable
  String get(String key);

  @Override
  void close();
}
