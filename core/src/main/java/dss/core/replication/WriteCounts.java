package dss.core.replication;

/** Clients' writes that this server has appended since its start: whoever gathers them asks how many are under way. */
public final class WriteCounts {
  private long taken;
  private long ended;

  WriteCounts() {}

  void oneTaken() {
    taken++;
  }

  void oneEnded() {
    ended++;
  }

  /** Appended. */
  public long taken() {
    return taken;
  }

  /** Those of them that wait no more, whatever became of them. */
  public long ended() {
    return ended;
  }
}
