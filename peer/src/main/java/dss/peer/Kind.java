package dss.peer;

/** What a peer connection is for. The order is part of the wire. */
public enum Kind {
  /** All messages between two registered servers but chunks of copies. */
  MAIN,
  /** Chunks of copies, from the dialer. */
  COPY,
  /** Only to learn whether somebody listens. */
  PROBE,
  /** A server's session with the ECS. */
  SESSION,
  /** The ECS tells a server where to register. */
  PROMPT
}
