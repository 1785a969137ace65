package dss.wire;

/**
 * Bounds of a {@link RespServer} that may change while it runs (CONFIG SET). Safe for any thread; a change is seen by
 * connections that are open, except where it says otherwise.
 */
public final class WireSettings {
  private volatile int maxClients = 10_000;
  private volatile int outputPauseBytes = 1 << 20;
  private volatile int outputLimitBytes = 256 << 20;
  private volatile int pipelineRequests = 4096;
  private volatile long pipelineBytes = 32L << 20;
  private volatile int idleTimeoutSeconds = 0;
  private volatile int tcpKeepAliveSeconds = 300;

  /** Connections at once, as Redis' maxclients: more get an error and are closed. */
  public int maxClients() {
    return maxClients;
  }

  public void maxClients(int count) {
    maxClients = atLeast(1, count);
  }

  /**
   * Unsent replies of one connection above which nothing more is read from it, until half of that is left: enough to
   * keep a fast reader busy, little enough for ten thousand slow ones.
   */
  public int outputPauseBytes() {
    return outputPauseBytes;
  }

  public void outputPauseBytes(int bytes) {
    outputPauseBytes = atLeast(1024, bytes);
  }

  /**
   * Unsent replies of one connection above which it is closed: requests that were read before the pause, or one huge
   * MGET, can answer so much that only this protects the server. Must be above the largest reply wanted.
   */
  public int outputLimitBytes() {
    return outputLimitBytes;
  }

  public void outputLimitBytes(int bytes) {
    outputLimitBytes = atLeast(64 * 1024, bytes);
  }

  /** Requests of one connection under way above which nothing more is read from it, until half of them are left. */
  public int pipelineRequests() {
    return pipelineRequests;
  }

  public void pipelineRequests(int count) {
    pipelineRequests = atLeast(1, count);
  }

  /** Bytes of those requests, likewise; a single larger one is taken all the same. */
  public long pipelineBytes() {
    return pipelineBytes;
  }

  public void pipelineBytes(long bytes) {
    pipelineBytes = Math.max(1, bytes);
  }

  /** A connection that sent nothing for so long, and waits for nothing, is closed; 0: never, as Redis' timeout. */
  public int idleTimeoutSeconds() {
    return idleTimeoutSeconds;
  }

  public void idleTimeoutSeconds(int seconds) {
    idleTimeoutSeconds = atLeast(0, seconds);
  }

  /**
   * Silence after which TCP asks whether the other end is still there, 0: never. For connections made from now on;
   * the interval is the system's own where there is no epoll.
   */
  public int tcpKeepAliveSeconds() {
    return tcpKeepAliveSeconds;
  }

  public void tcpKeepAliveSeconds(int seconds) {
    tcpKeepAliveSeconds = atLeast(0, seconds);
  }

  private static int atLeast(int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException("at least " + least + ", not " + value);
    }
    return value;
  }
}
