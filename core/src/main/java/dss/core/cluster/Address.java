package dss.core.cluster;

/** Where something listens: a host name or address, resolved at each connect, and a port. */
public record Address(String host, int port) {
  public Address {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address: " + host + ":" + port);
    }
  }

  /** Parses HOST:PORT; IllegalArgumentException with a sentence otherwise. */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }
    return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Whether it names this machine's own loopback interface, as far as its words tell. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
