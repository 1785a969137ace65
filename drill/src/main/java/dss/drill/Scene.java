package dss.drill;

import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Where faults strike: the cluster, who uses it, chance, and whoever is told what is done. For one thread. */
final class Scene {
  final DrillCluster cluster;
  final Asking asking;
  final SharedKeys clients;
  final Random random;
  /** No fault lasts longer. */
  final long mostMs;
  private final StringBuilder told = new StringBuilder();

  Scene(DrillCluster cluster, Asking asking, SharedKeys clients, Random random, long mostMs) {
    this.cluster = cluster;
    this.asking = asking;
    this.clients = clients;
    this.random = random;
    this.mostMs = mostMs;
  }

  Member anyServer() {
    return any(cluster.servers());
  }

  <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** The ECS that leads; where none does, the first. */
  Member leader() {
    Member leader = cluster.leader();
    return leader == null ? cluster.ecs().get(0) : leader;
  }

  void say(String what) {
    told.append(told.isEmpty() ? "" : "; ").append(what);
  }

  /** What was done since this was asked last. */
  String told() {
    String all = told.toString();
    told.setLength(0);
    return all;
  }

  /** A time between two, bounded by what this drill allows; milliseconds. */
  long between(long least, long most) {
    long upTo = Math.max(least, Math.min(most, mostMs));
    return least + (upTo == least ? 0 : random.nextLong(upTo - least));
  }

  static void sleep(long ms) {
    long until = System.nanoTime() + ms * 1_000_000;
    for (long left = ms * 1_000_000; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
