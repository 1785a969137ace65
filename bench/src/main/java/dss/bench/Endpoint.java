package dss.bench;

/** Where a server listens for clients: a host name or address, and a port of 1 to 65535. */
public record Endpoint(String host, int port) {
  public Endpoint {
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("not an address: " + host + ":" + port);
    }
  }

  /** Parses HOST:PORT, in which the host may be left out for {@code defaultHost}; IllegalArgumentException otherwise. */
  static Endpoint parse(String text, String defaultHost) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }
    String host = colon == 0 ? defaultHost : text.substring(0, colon);
    return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
