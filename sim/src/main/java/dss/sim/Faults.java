package dss.sim;

import dss.core.cluster.ServerInfo;
import java.util.Map;
import java.util.TreeMap;

/** What goes wrong, drawn from the seed. */
final class Faults {
  private final Cluster cluster;
  final Map<String, Integer> counts = new TreeMap<>();
  private final SimDisk[] images;

  Faults(Cluster cluster) {
    this.cluster = cluster;
    this.images = new SimDisk[cluster.profile.servers()];
  }

  void schedule() {
    Scheduler s = cluster.scheduler;
    for (int i = 0; i < cluster.profile.faults(); i++) {
      s.at(1_000_000 + s.between(2_000_000, cluster.profile.faultMicros()), this::one);
    }
  }

  private SimServer server() {
    return cluster.servers.get((int) cluster.scheduler.between(0, cluster.servers.size() - 1));
  }

  private void one() {
    Scheduler s = cluster.scheduler;
    switch ((int) s.between(0, 12)) {
      case 0, 1, 2 -> crash();
      case 3, 4 -> pause();
      case 5 -> disconnect();
      case 6, 7 -> partition();
      case 8 -> ecsOutage();
      case 9 -> membership();
      case 10 -> disks();
      case 11 -> full();
      default -> flush();
    }
  }

  private void note(String kind, SimServer server, String detail) {
    counts.merge(kind, 1, Integer::sum);
    cluster.trace(kind, server, detail);
  }

  private void crash() {
    SimServer server = server();
    if (!server.alive()) {
      return;
    }
    note("crash", server, "");
    server.kill();
    Scheduler s = cluster.scheduler;
    long away = s.chance(0.5) ? s.between(1_000, 300_000) : s.between(300_000, 4_000_000);
    s.after(away, () -> cluster.startServer(server));
  }

  private void pause() {
    SimServer server = server();
    SimProcess process = server.process();
    if (!process.running()) {
      return;
    }
    Scheduler s = cluster.scheduler;
    long length = s.chance(0.5) ? s.between(10_000, 800_000) : s.between(800_000, 3_000_000);
    note("pause", server, length / 1000 + " ms");
    process.pause();
    s.after(length, () -> {
      cluster.trace("resume", server, "");
      process.resume();
    });
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
    long length = cluster.scheduler.between(5_000, 3_000_000);
    cluster.trace("ecs down", null, length / 1000 + " ms");
    cluster.ecs.stop();
    cluster.scheduler.after(length, () -> {
      cluster.trace("ecs up", null, "");
      if (!cluster.ecs.up()) {
        cluster.ecs.start();
      }
    });
  }

  private void membership() {
    SimServer server = server();
    boolean add = cluster.scheduler.chance(0.5);
    note(add ? "add" : "remove", server, "");
    cluster.ecs.setMember(server, add);
  }

  private void disks() {
    SimServer server = server();
    Scheduler s = cluster.scheduler;
    SimDisk image = images[server.index];
    if (!cluster.profile.wipes() || s.chance(0.5) || image == null) {
      images[server.index] = server.disk.image();
      note("image taken", server, "");
      return;
    }
    boolean back = s.chance(0.5) && isOfEarlierStart(image, server);
    note(back ? "disk rolled back" : "disk replaced", server, "");
    if (back) {
      server.restore(image.image());
    } else {
      server.wipe();
    }
    s.after(s.between(1_000, 3_000_000), () -> cluster.startServer(server));
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
      server.storage().flush(cluster.scheduler.chance(0.5));
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
