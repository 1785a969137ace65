package dss.drill;

import java.util.Locale;

/** What a drill does to a cluster. */
public enum FaultKind {
  /** kill -9 of a server, started again some seconds later. */
  KILL,
  /** SIGSTOP of a server for 0.5 to 30 s, with requests that it finds when it goes on. */
  PAUSE,
  /** Connections between servers, or of one to the ECS as well, pass nothing for a while. */
  PARTITION,
  /** A server's disk is full to the last byte, later it is not. */
  DISKFULL,
  /** Each fsync of a server takes 200 ms longer for a while. */
  SLOWDISK,
  /** The ECS that leads is killed, paused or cut off, or another one is restarted. */
  ECS,
  /** A server or an ECS is stopped in peace and started again. */
  RESTART,
  /** A server is removed, then added again; now and then another one is struck meanwhile. */
  MOVE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
