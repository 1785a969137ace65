package dss.drill;

import java.util.Locale;

/** What a drill does to a cluster. */
public enum FaultKind {
  KILL("kill -9 of a server, started again some seconds later"),
  PAUSE("SIGSTOP of a server for 0.5 to 30 s, with requests that it finds when it goes on"),
  PARTITION("connections between servers, or of one to the ECS as well, pass nothing for a while"),
  DISKFULL("a server's disk is full to the last byte, later it is not"),
  SLOWDISK("each fsync of a server takes 200 ms longer for a while"),
  ECS("the ECS that leads is killed, paused or cut off, or another one is restarted"),
  RESTART("a server or an ECS is stopped in peace and started again"),
  MOVE("a server is removed, then added again");

  private final String what;

  FaultKind(String what) {
    this.what = what;
  }

  /** For people. */
  public String what() {
    return what;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
