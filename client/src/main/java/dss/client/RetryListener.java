package dss.client;

/** Hears why requests are sent again. Called on the client's threads, which it must not block; must not throw. */
public interface RetryListener {
  /**
   * A request will be tried again.
   *
   * @param where host:port that it was tried at, or the word "cluster" where it went nowhere
   * @param why the server's error line (MOVED, TRYAGAIN, CLUSTERDOWN ...), or what happened to the connection
   */
  void again(String where, String why);
}
