package dss.sim;

import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import java.util.Map;
import java.util.TreeMap;

/** What goes wrong, drawn from the seed. */
final class Faults {
  private final Cluster cluster;
  final Map<String, Integer> counts = new TreeMap<>();
  private final SimDisk[] images;
  private final Ambushes ambushes;

  Faults(Cluster cluster) {
    this.cluster = cluster;
    this.images = new SimDisk[cluster.profile.servers];
    this.ambushes = new Ambushes(cluster, this);
  }

  void schedule() {
    Scheduler s = cluster.scheduler;
    for (int i = 0; i < cluster.profile.faults; i++) {
      s.at(1_000_000 + s.between(2_000_000, cluster.profile.faultMicros), this::one);
    }
  }

  private SimServer server() {
    return cluster.servers.get((int) cluster.scheduler.between(0, cluster.servers.size() - 1));
  }

  Ambushes ambushes() {
    return ambushes;
  }

  private void one() {
    int all = cluster.profile.weights.values().stream().mapToInt(w -> w).sum();
    long drawn = cluster.scheduler.between(1, all);
    for (var weight : cluster.profile.weights.entrySet()) {
      drawn -= weight.getValue();
      if (drawn <= 0) {
        strike(weight.getKey());
        return;
      }
    }
  }

  private void strike(Fault fault) {
    Scheduler s = cluster.scheduler;
    switch (fault) {
      case CRASH ->
        crash(server(), s.chance(0.5) ? s.between(1_000, 300_000) : s.between(300_000, 4_000_000));
      case BOUNCE -> bounce(server());
      case PAUSE ->
        pause(server(), s.chance(0.5) ? s.between(10_000, 800_000) : s.between(800_000, 3_000_000));
      case DISCONNECT -> disconnect();
      case PARTITION -> partition();
      case SLOW_LINK -> slow(endpoint(), endpoint(), s.between(2_000, 400_000), s.between(50_000, 3_000_000));
      case ECS_OUTAGE -> ecsOutage();
      case MEMBERSHIP -> membership(server(), s.chance(0.5));
      case DISK -> disk(server());
      case FULL -> full();
      case FLUSH -> flush();
      case STALL ->
        stall(server(), s.chance(0.5) ? s.between(20_000, 500_000) : s.between(500_000, 4_000_000));
      case STRANDED_PRIMARY -> strandedPrimary();
      case MUFFLED_PRIMARY -> muffledPrimary();
      case CLOCK_JUMP -> jump(server());
      case DISK_FAILS -> diskFails(server());
      case ROT -> rot(server());
      case LOW_DISK -> low(server(), s.between(100_000, 2_000_000));
      case POWER -> power();
      case ECS_ELECTION -> election();
    }
  }

  private void jump(SimServer server) {
    note("clock jump", server, "");
    server.setWall();
  }

  private void diskFails(SimServer server) {
    if (server.alive()) {
      note("failing disk", server, "");
      server.disk.files.fail();
    }
  }

  private void rot(SimServer server) {
    if (cluster.profile.wipes && server.disk.rot(cluster.scheduler)) {
      note("rot", server, "");
      bounce(server);
    }
  }

  private void low(SimServer server, long length) {
    if (server.process().running()) {
      note("low disk", server, length / 1000 + " ms");
      server.storage().low(length);
    }
  }

  /** All is dark, and comes back one after the other. */
  private void power() {
    counts.merge("power", 1, Integer::sum);
    cluster.trace("power", null, "");
    for (SimServer server : cluster.servers) {
      if (server.alive()) {
        server.kill();
        cluster.scheduler.after(cluster.scheduler.between(10_000, 1_000_000),
            () -> cluster.startServer(server));
      }
    }
    if (cluster.ecs.up()) {
      ecsAway(cluster.scheduler.between(10_000, 1_000_000));
    }
  }

  /** A server or the ECS. */
  private int endpoint() {
    return (int) cluster.scheduler.between(Cluster.ECS, cluster.servers.size() - 1);
  }

  private void note(String kind, SimServer server, String detail) {
    counts.merge(kind, 1, Integer::sum);
    cluster.trace(kind, server, detail);
  }

  private void crash(SimServer server, long away) {
    if (server.alive()) {
      note("crash", server, away / 1000 + " ms");
      server.kill();
      cluster.scheduler.after(away, () -> cluster.startServer(server));
    }
  }

  void bounce(SimServer server) {
    if (server.alive()) {
      note("bounce", server, "");
      server.kill();
      cluster.scheduler.after(cluster.scheduler.between(500, 40_000), () -> cluster.startServer(server));
    }
  }

  void pause(SimServer server, long length) {
    SimProcess process = server.process();
    if (process.running()) {
      note("pause", server, length / 1000 + " ms");
      process.pause();
      cluster.scheduler.after(length, () -> {
        cluster.trace("resume", server, "");
        process.resume();
      });
    }
  }

  void stall(SimServer server, long length) {
    if (server.process().running()) {
      note("stall", server, length / 1000 + " ms");
      server.storage().stall(length);
    }
  }

  /** What passes from one to the other takes longer for a time. */
  void slow(int from, int to, long extra, long length) {
    if (from == to) {
      return;
    }
    counts.merge("slow link", 1, Integer::sum);
    cluster.trace("slow link", null,
        from + " to " + to + " " + extra / 1000 + " ms for " + length / 1000 + " ms");
    cluster.network.slow(from, to, extra);
    cluster.scheduler.after(length, () -> cluster.network.slow(from, to, 0));
  }

  /** Nothing passes from one to the other for a time. */
  void block(int from, int to, long length) {
    if (from != to) {
      cluster.network.block(from, to);
      cluster.scheduler.after(length, () -> cluster.network.unblock(from, to));
    }
  }

  private void cut(int a, int b, long length) {
    block(a, b, length);
    block(b, a, length);
  }

  /** A server and the ECS, and some of the other servers, do not hear one another. */
  void strand(SimServer server, long length) {
    note("stranded", server, length / 1000 + " ms");
    cut(server.index, Cluster.ECS, length);
    Scheduler s = cluster.scheduler;
    for (SimServer other : cluster.servers) {
      switch ((int) s.between(0, 3)) {
        case 0, 1 -> cut(server.index, other.index, length);
        case 2 -> slow(server.index, other.index, s.between(50_000, 400_000), length);
        default -> {
        }
      }
    }
  }

  /** What a server is told comes late, and then it hears nobody and is heard by nobody. */
  private void muffle(SimServer server, long length) {
    note("muffled", server, length / 1000 + " ms");
    Scheduler s = cluster.scheduler;
    long late = s.between(150_000, 500_000);
    for (SimServer other : cluster.servers) {
      slow(other.index, server.index, late, late + 100_000);
    }
    s.after(late + s.between(0, 100_000), () -> {
      for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
        cut(server.index, other, length);
      }
    });
  }

  private void muffledPrimary() {
    Row row = cluster.ecs.state().row((int) cluster.scheduler.between(0, cluster.profile.shards - 1));
    SimServer primary = cluster.byNumber(row.primary());
    if (primary != null) {
      muffle(primary, cluster.scheduler.between(500_000, 1_500_000));
    }
  }

  private void strandedPrimary() {
    Scheduler s = cluster.scheduler;
    Row row = cluster.ecs.state().row((int) s.between(0, cluster.profile.shards - 1));
    SimServer primary = cluster.byNumber(row.primary());
    if (primary == null) {
      return;
    }
    long dead = cluster.profile.settings.deadMs() * 1_000L;
    strand(primary, s.between(dead, 4 * dead));
    for (int number : row.inSync()) {
      SimServer backup = cluster.byNumber(number);
      if (backup != null && backup != primary && s.chance(0.7)) {
        s.after(s.between(dead / 2, dead * 3 / 2), () -> bounce(backup));
      }
    }
  }

  private void disconnect() {
    SimServer a = server();
    SimServer b = server();
    if (a != b) {
      note("disconnect", a, "from s" + b.index);
      cluster.network.breakConnection(a, b);
    }
  }

  private void partition() {
    Scheduler s = cluster.scheduler;
    SimServer a = server();
    long length = s.between(50_000, 3_000_000);
    boolean fromAll = s.chance(0.3);
    boolean oneWay = s.chance(0.4);
    note(oneWay ? "one-way partition" : "partition", a,
        (fromAll ? "from all" : "from one") + " " + length / 1000 + " ms");
    int one = (int) s.between(Cluster.ECS, cluster.servers.size() - 1);
    for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
      if (other != a.index && (fromAll || other == one)) {
        int with = other;
        cluster.network.block(a.index, with);
        if (!oneWay) {
          cluster.network.block(with, a.index);
        }
        s.after(length, () -> {
          cluster.network.unblock(a.index, with);
          cluster.network.unblock(with, a.index);
        });
        if (with != Cluster.ECS && s.chance(0.5)) {
          cluster.network.breakConnection(a, cluster.servers.get(with));
        }
      }
    }
  }

  private void ecsOutage() {
    if (!cluster.ecs.up()) {
      return;
    }
    counts.merge("ecs outage", 1, Integer::sum);
    ecsAway(cluster.scheduler.between(5_000, 3_000_000));
  }

  private void election() {
    if (cluster.ecs.up()) {
      counts.merge("ecs election", 1, Integer::sum);
      cluster.trace("ecs election", null, "");
      cluster.ecs.elect();
    }
  }

  private void ecsAway(long length) {
    cluster.trace("ecs down", null, length / 1000 + " ms");
    cluster.ecs.stop();
    if (cluster.scheduler.chance(0.2)) {
      counts.merge("empty ecs", 1, Integer::sum);
      cluster.ecs.impersonate();
    }
    cluster.scheduler.after(length, () -> {
      cluster.trace("ecs up", null, "");
      if (!cluster.ecs.up()) {
        cluster.ecs.start();
      }
    });
  }

  void membership(SimServer server, boolean add) {
    note(add ? "add" : "remove", server, "");
    cluster.ecs.setMember(server, add);
  }

  /** An image is taken, or the server comes back with that, or with an empty disk. */
  void disk(SimServer server) {
    Scheduler s = cluster.scheduler;
    SimDisk image = images[server.index];
    if (!cluster.profile.wipes || s.chance(0.5) || image == null) {
      imageOf(server);
    } else if (s.chance(0.5) && isOfEarlierStart(image, server)) {
      note("disk rolled back", server, "");
      server.restore(image.image());
      s.after(s.between(1_000, 3_000_000), () -> cluster.startServer(server));
    } else {
      replaceDisk(server, 3_000_000);
    }
  }

  void imageOf(SimServer server) {
    images[server.index] = server.disk.image();
    note("image taken", server, "");
  }

  /** The server comes back with an empty disk within that time. */
  void replaceDisk(SimServer server, long within) {
    if (cluster.profile.wipes) {
      note("disk replaced", server, "");
      server.wipe();
      cluster.scheduler.after(cluster.scheduler.between(1_000, within), () -> cluster.startServer(server));
    }
  }

  /** An image of the newest registered start cannot be told from a plain restart (docs/replication.md, Limits). */
  private boolean isOfEarlierStart(SimDisk image, SimServer server) {
    ServerInfo known = cluster.ecs.state().serverById(server.id);
    return image.identity.boot() < server.disk.identity.boot()
        && (known == null || !image.identity.unconfirmed().contains(known.nonce()));
  }

  private void flush() {
    SimServer server = server();
    if (server.process().running()) {
      note("flush", server, "");
      server.storage().flush();
    }
  }

  private void full() {
    SimServer server = server();
    Scheduler s = cluster.scheduler;
    if (server.process().running()) {
      long length = s.chance(0.5) ? s.between(10_000, 800_000) : s.between(800_000, 12_000_000);
      boolean takesEntries = s.chance(0.3);
      note("full", server, length / 1000 + " ms" + (takesEntries ? ", for clients only" : ""));
      server.storage().fill(length, takesEntries);
    }
  }

  /** All faults end, everybody is there. */
  void heal() {
    cluster.trace("heal", null, "");
    ambushes.end();
    cluster.network.unblockAll();
    if (!cluster.ecs.up()) {
      cluster.ecs.start();
    }
    for (SimServer server : cluster.servers) {
      server.process().resume();
      if (server.process().running()) {
        server.storage().drained();
      }
      cluster.startServer(server);
    }
  }
}
