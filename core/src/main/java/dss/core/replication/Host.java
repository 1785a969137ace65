package dss.core.replication;

import dss.core.cluster.StateCommand;

/** What a node asks of the process (or simulator) it lives in. Called on the loop; never calls back from inside. */
public interface Host {
  /** Milliseconds of a monotonic clock that counts suspended time; its zero means nothing. */
  long nowMs();

  /** Microseconds since 1970, as far as this machine knows. */
  long wallMicros();

  /** A random number, not 0. */
  long random();

  /**
   * Sends on the main connection to a server, which the node believes open; dropped where it is not. Entries in the
   * message are views that are valid during this call alone.
   */
  void send(int server, long version, PeerMessage message);

  /** Whether this machine's cores are busy: asked ten times a second while copies are sent and clients work. */
  boolean isBusy();

  /** Sends on the copy connection that belongs to the main one. */
  void sendCopy(int server, long version, PeerMessage message);

  /** Ends the main connection to a server: what it sends is more than can be held. */
  void disconnect(int server);

  /** Asks the ECS for a change; no answer but, perhaps, a new cluster state. */
  void request(StateCommand command);

  /** An invariant is broken: the process must stop. */
  void broken(String invariant);
}
