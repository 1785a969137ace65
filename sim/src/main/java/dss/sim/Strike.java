package dss.sim;

import dss.core.cluster.ServerInfo;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong, a fault or an ambush, with all that comes of it later. It draws from a stream of its own, so
 * that what else goes wrong does not change what it does.
 */
final class Strike {
  private final Cluster cluster;
  private final Draws draws;
  /** Marks what it does in the trace. */
  private final String name;
  private final Schedule schedule;
  private final LinkFaults links;

  Strike(Cluster cluster, Schedule of, String name, Draws draws) {
    this.cluster = cluster;
    this.name = name;
    this.draws = draws;
    this.schedule = of;
    this.links = new LinkFaults(cluster, this);
  }

  long between(long least, long most) {
    return draws.between(least, most);
  }

  boolean chance(double probability) {
    return draws.chance(probability);
  }

  /** What it does to links. */
  LinkFaults links() {
    return links;
  }

  /** It goes on after so long, unless all faults have ended by then. */
  void after(long micros, Runnable task) {
    cluster.scheduler.after(micros, () -> {
      if (!schedule.ended()) {
        task.run();
      }
    });
  }

  void trace(String what, @Nullable SimServer server, String detail) {
    cluster.trace(what, server, detail.isEmpty() ? name : detail + " " + name);
  }

  SimServer server() {
    return cluster.servers.get((int) between(0, cluster.servers.size() - 1));
  }

  void strike(Fault fault) {
    switch (fault) {
      case CRASH ->
        crash(server(), chance(0.5) ? between(1_000, 300_000) : between(300_000, 4_000_000));
      case BOUNCE -> bounce(server());
      case PAUSE ->
        pause(server(), chance(0.5) ? between(10_000, 800_000) : between(800_000, 3_000_000));
      case DISCONNECT -> links.disconnect();
      case PARTITION -> links.partition();
      case SLOW_LINK ->
        links.slow(links.endpoint(), links.endpoint(), between(2_000, 400_000), between(50_000, 3_000_000));
      case ECS_OUTAGE -> ecsOutage();
      case MEMBERSHIP -> membership(server(), chance(0.5));
      case DISK -> disk(server());
      case FULL -> full();
      case FLUSH -> flush();
      case STALL ->
        stall(server(), chance(0.5) ? between(20_000, 500_000) : between(500_000, 4_000_000));
      case STRANDED_PRIMARY -> links.strandedPrimary();
      case MUFFLED_PRIMARY -> links.muffledPrimary();
      case CLOCK_JUMP -> jump(server());
      case DISK_FAILS -> diskFails(server());
      case ROT -> rot(server());
      case LOW_DISK -> low(server(), between(100_000, 2_000_000));
      case POWER -> power();
      case ECS_ELECTION -> election();
    }
  }

  private void jump(SimServer server) {
    note(Effect.CLOCK_JUMP, server, "");
    server.setWall();
  }

  private void diskFails(SimServer server) {
    if (server.alive()) {
      note(Effect.FAILING_DISK, server, "");
      server.disk.files.fail();
    }
  }

  private void rot(SimServer server) {
    if (cluster.profile.wipes && server.disk.rot(draws)) {
      note(Effect.ROT, server, "");
      bounce(server);
    }
  }

  private void low(SimServer server, long length) {
    if (server.process().running()) {
      note(Effect.LOW_DISK, server, length / 1000 + " ms");
      server.storage().low(length);
    }
  }

  /** All is dark, and comes back one after the other. */
  private void power() {
    cluster.effects.count(Effect.POWER);
    trace("power", null, "");
    for (SimServer server : cluster.servers) {
      if (server.alive()) {
        server.kill();
        after(between(10_000, 1_000_000),
            () -> cluster.startServer(server));
      }
    }
    if (cluster.ecs.up()) {
      ecsAway(between(10_000, 1_000_000));
    }
  }

  void note(Effect effect, @Nullable SimServer server, String detail) {
    cluster.effects.count(effect);
    trace(effect.toString(), server, detail);
  }

  void crash(SimServer server, long away) {
    if (server.alive()) {
      note(Effect.CRASH, server, away / 1000 + " ms");
      server.kill();
      after(away, () -> cluster.startServer(server));
    }
  }

  void bounce(SimServer server) {
    if (server.alive()) {
      note(Effect.BOUNCE, server, "");
      server.kill();
      after(between(500, 40_000), () -> cluster.startServer(server));
    }
  }

  void pause(SimServer server, long length) {
    SimProcess process = server.process();
    if (process.running()) {
      note(Effect.PAUSE, server, length / 1000 + " ms");
      process.pause();
      after(length, () -> {
        trace("resume", server, "");
        process.resume();
      });
    }
  }

  void stall(SimServer server, long length) {
    if (server.process().running()) {
      note(Effect.STALL, server, length / 1000 + " ms");
      server.storage().stall(length);
    }
  }

  private void ecsOutage() {
    if (!cluster.ecs.up()) {
      return;
    }
    cluster.effects.count(Effect.ECS_OUTAGE);
    ecsAway(between(5_000, 3_000_000));
  }

  private void election() {
    if (cluster.ecs.up()) {
      cluster.effects.count(Effect.ECS_ELECTION);
      trace("ecs election", null, "");
      cluster.ecs.elect();
    }
  }

  private void ecsAway(long length) {
    trace("ecs down", null, length / 1000 + " ms");
    cluster.ecs.stop();
    if (chance(0.2)) {
      cluster.effects.count(Effect.EMPTY_ECS);
      cluster.ecs.impersonate();
    }
    after(length, () -> {
      trace("ecs up", null, "");
      if (!cluster.ecs.up()) {
        cluster.ecs.start();
      }
    });
  }

  void membership(SimServer server, boolean add) {
    note(add ? Effect.ADD : Effect.REMOVE, server, "");
    cluster.ecs.setMember(server, add);
    if (chance(0.25)) {
      cluster.effects.count(Effect.CANCEL);
      cluster.ecs.pause(true);
      after(between(100_000, 3_000_000), () -> cluster.ecs.pause(false));
    }
  }

  /** An image is taken, or the server comes back with that, or with an empty disk. */
  void disk(SimServer server) {
    SimDisk image = schedule.images[server.index];
    if (!cluster.profile.wipes || chance(0.5) || image == null) {
      imageOf(server);
    } else if (chance(0.5) && isOfEarlierStart(image, server)) {
      rollBack(server, image);
    } else {
      replaceDisk(server, 3_000_000);
    }
  }

  private void imageOf(SimServer server) {
    schedule.images[server.index] = server.disk.image();
    note(Effect.IMAGE_TAKEN, server, "");
  }

  /** The server comes back with what its disk was at some earlier start. */
  void rollBack(SimServer server, SimDisk image) {
    if (cluster.profile.wipes && isOfEarlierStart(image, server)) {
      note(Effect.DISK_ROLLED_BACK, server, "");
      server.restore(image.image());
      after(between(1_000, 1_000_000), () -> cluster.startServer(server));
    }
  }

  /** The server comes back with an empty disk within that time. */
  void replaceDisk(SimServer server, long within) {
    if (cluster.profile.wipes) {
      note(Effect.DISK_REPLACED, server, "");
      server.wipe();
      after(between(1_000, within), () -> cluster.startServer(server));
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
      note(Effect.FLUSH, server, "");
      server.storage().flush();
    }
  }

  private void full() {
    SimServer server = server();
    if (server.process().running()) {
      long length = chance(0.5) ? between(10_000, 800_000) : between(800_000, 12_000_000);
      boolean takesEntries = chance(0.3);
      note(Effect.FULL, server, length / 1000 + " ms" + (takesEntries ? ", for clients only" : ""));
      server.storage().fill(length, takesEntries);
    }
  }
}
