package dss.core.ecs;

/** What people are told of a server. */
public enum ServerStatus {
  /** It runs, and is no member. */
  STOPPED,
  /** A member; nothing moves to or from it. */
  ACTIVATED,
  /** Shards are moving to or from it. */
  IN_TRANSFER,
  /** A registered server that is not heard. */
  DOWN
}
