package dss.sim;

import dss.core.cluster.Row;

/** Faults of what is between servers, and between them and the ECS: slow, blocked, broken; drawn by one {@link Strike}. */
final class LinkFaults {
  private final Cluster cluster;
  private final Strike strike;

  LinkFaults(Cluster cluster, Strike strike) {
    this.cluster = cluster;
    this.strike = strike;
  }

  /** A server or the ECS. */
  int endpoint() {
    return (int) strike.between(Cluster.ECS, cluster.servers.size() - 1);
  }

  /** What passes from one to the other takes longer for a time. */
  void slow(int from, int to, long extra, long length) {
    if (from == to) {
      return;
    }
    strike.note(Effect.SLOW_LINK, null,
        Trace.name(from) + " to " + Trace.name(to) + " by " + extra / 1000 + " ms for "
            + length / 1000 + " ms");
    cluster.network.slow(from, to, extra);
    strike.after(length, () -> cluster.network.slow(from, to, 0));
  }

  /** Nothing passes from one to the other for a time. */
  void block(int from, int to, long length) {
    if (from != to) {
      strike.trace("blocked", null,
          Trace.name(from) + " to " + Trace.name(to) + " for " + length / 1000 + " ms");
      cluster.network.block(from, to);
      strike.after(length, () -> cluster.network.unblock(from, to));
    }
  }

  private void cut(int a, int b, long length) {
    block(a, b, length);
    block(b, a, length);
  }

  /** A server and the ECS, and some of the other servers, do not hear one another. */
  void strand(SimServer server, long length) {
    strike.note(Effect.STRANDED, server, length / 1000 + " ms");
    cut(server.index, Cluster.ECS, length);
    for (SimServer other : cluster.servers) {
      switch ((int) strike.between(0, 3)) {
        case 0, 1 -> cut(server.index, other.index, length);
        case 2 -> slow(server.index, other.index, strike.between(50_000, 400_000), length);
        default -> {
        }
      }
    }
  }

  /** What a server is told comes late, and then it hears nobody and is heard by nobody. */
  private void muffle(SimServer server, long length) {
    strike.note(Effect.MUFFLED, server, length / 1000 + " ms");
    long late = strike.between(150_000, 500_000);
    for (SimServer other : cluster.servers) {
      slow(other.index, server.index, late, late + 100_000);
    }
    strike.after(late + strike.between(0, 100_000), () -> {
      for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
        cut(server.index, other, length);
      }
    });
  }

  /** It hears nobody, and all but the ECS hear it: it goes on as if nothing were. */
  private void deafen(SimServer server, long length) {
    strike.note(Effect.DEAF, server, length / 1000 + " ms");
    block(server.index, Cluster.ECS, length);
    for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
      block(other, server.index, length);
    }
  }

  void muffledPrimary() {
    Row row = cluster.ecs.state().row((int) strike.between(0, cluster.profile.shards - 1));
    SimServer primary = cluster.byNumber(row.primary());
    if (primary != null && strike.chance(0.5)) {
      muffle(primary, strike.between(500_000, 1_500_000));
    } else if (primary != null) {
      deafen(primary, strike.between(1_000_000, 3_000_000));
    }
  }

  void strandedPrimary() {
    Row row = cluster.ecs.state().row((int) strike.between(0, cluster.profile.shards - 1));
    SimServer primary = cluster.byNumber(row.primary());
    if (primary == null) {
      return;
    }
    long dead = cluster.profile.settings.deadMs() * 1_000L;
    strand(primary, strike.between(dead, 4 * dead));
    for (int number : row.inSync()) {
      SimServer backup = cluster.byNumber(number);
      if (backup != null && backup != primary && strike.chance(0.7)) {
        strike.after(strike.between(dead / 2, dead * 3 / 2), () -> strike.bounce(backup));
      }
    }
  }

  void disconnect() {
    SimServer a = strike.server();
    SimServer b = strike.server();
    if (a != b) {
      strike.note(Effect.DISCONNECT, a, "from s" + b.index);
      cluster.network.breakConnection(a, b);
    }
  }

  void partition() {
    SimServer a = strike.server();
    long length = strike.between(50_000, 3_000_000);
    boolean fromAll = strike.chance(0.3);
    boolean oneWay = strike.chance(0.4);
    int one = endpoint();
    strike.note(oneWay ? Effect.ONE_WAY_PARTITION : Effect.PARTITION, a,
        "from " + (fromAll ? "all" : Trace.name(one)) + " " + length / 1000 + " ms");
    for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
      if (other != a.index && (fromAll || other == one)) {
        int with = other;
        cluster.network.block(a.index, with);
        if (!oneWay) {
          cluster.network.block(with, a.index);
        }
        strike.after(length, () -> {
          cluster.network.unblock(a.index, with);
          cluster.network.unblock(with, a.index);
        });
        if (with != Cluster.ECS && strike.chance(0.5)) {
          cluster.network.breakConnection(a, cluster.servers.get(with));
        }
      }
    }
  }
}
