package dss.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What is spoken to the servers. */
public enum Protocol {
  /** RESP2 to DSS, to a Redis cluster, or to one Redis server. */
  REDIS,
  /** The KV service of etcd's v3 API: gRPC, which is HTTP/2. Any member takes any key. */
  ETCD;

  private static final Set<Kind> OF_ETCD = Set.of(Kind.SET, Kind.GET);

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The protocol of this name; IllegalArgumentException with a sentence otherwise. */
  public static Protocol parse(String word) {
    for (Protocol protocol : values()) {
      if (protocol.word().equals(word.toLowerCase(Locale.ROOT))) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("no protocol '" + word + "': there are "
        + Arrays.stream(values()).map(Protocol::word).collect(Collectors.joining(", ")));
  }

  /** Whether it has this kind of operation. */
  boolean has(Kind kind) {
    return this == REDIS || OF_ETCD.contains(kind);
  }

  /** Throws IllegalArgumentException with a sentence where it cannot do this load. */
  void check(Load load) {
    for (Mix.Share share : load.mix().shares()) {
      if (!has(share.kind())) {
        throw new IllegalArgumentException(
            "--protocol " + word() + " has set and get, no " + share.kind().word() + ": see --mix");
      }
    }
    if (this == ETCD && load.pipeline() != 1) {
      throw new IllegalArgumentException(
          "--pipeline is for redis: with --protocol etcd a client awaits each reply; take more --connections");
    }
    if (this == ETCD && load.clients().reconnect()) {
      throw new IllegalArgumentException("--reconnect is for redis, not for --protocol etcd");
    }
  }

  /** The pieces of a request: see {@link RequestForm}. */
  List<String> request(Kind kind, KeySpace keys) {
    return switch (this) {
      case REDIS -> RespRequests.texts(kind, keys);
      case ETCD -> EtcdRequests.texts(kind, keys);
    };
  }
}
