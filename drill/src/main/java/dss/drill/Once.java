package dss.drill;

/**
 * A client that tells how each request ended and never does one twice without the servers' knowing: what it says may be
 * written into a history. For one thread.
 */
public interface Once extends AutoCloseable {
  /** Sends the command, whose only key this is; never throws for what servers and connections do. */
  Outcome call(String key, String... words);

  @Override
  void close();
}
