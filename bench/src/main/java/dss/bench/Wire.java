package dss.bench;

import java.io.IOException;

/**
 * How the requests of one {@link LoadConnection} get to its server and the replies back: a connection that is made,
 * closed and made again. Loop only.
 */
interface Wire {
  /** What happens on it; called on the loop. */
  interface Events {
    /** Requests can be sent. */
    void connected();

    /**
     * The oldest request without a reply has one.
     *
     * @param absent it was read and is not there
     * @throws IOException where no request lacks one: the wire closes
     */
    void answered(boolean absent, long now) throws IOException;

    /** As {@link #answered}, but the reply is this line of error. */
    void refused(String error, long now) throws IOException;

    /** All replies that had come were told. */
    void caughtUp(long now);

    /** It could not be made, or is of no use any more. */
    void lost(IOException why);

    /** One of the methods above threw this: a bug. */
    void broken(RuntimeException bug);
  }

  /** Connects; {@link Events#connected} or {@link Events#lost} tells the outcome, later. */
  void open(Lane lane) throws IOException;

  /** One more request for the next {@link #send}: as many as were agreed on at most. */
  void add(Kind kind, long key);

  /** Sends what was added, as far as it goes; the rest follows by itself. */
  void send();

  /** Nothing is told any more until it is opened again. */
  void close();

  /** As {@link #close}, and where it can be no port is kept for late packets: for who reconnects all the time. */
  default void reset() {
    close();
  }
}
