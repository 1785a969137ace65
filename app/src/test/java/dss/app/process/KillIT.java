package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** Servers and the ECS killed, paused and restarted while clients work: nothing acknowledged is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class KillIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path data;

  private TestCluster cluster;
  private final int[] ports = new int[3];
  private final Map<String, String> acknowledged = new HashMap<>();

  @BeforeAll
  void start() throws Exception {
    cluster = new TestCluster(data);
    for (int i = 0; i < 3; i++) {
      ports[i] = cluster.startServer("--join");
    }
    Await.until("three members", Duration.ofSeconds(60), cluster::describe,
        () -> TestCluster.owners(ports[0]) == 3 && Boolean.TRUE.equals(cluster.report().get("balanced")));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void assertAllThere(int port) {
    try (
        var client = RedisClusterClient.builder().nodes(Set.of(new HostAndPort("127.0.0.1", port))).build()) {
      for (Map.Entry<String, String> pair : acknowledged.entrySet()) {
        assertThat(client.get(pair.getKey())).as(pair.getKey()).isEqualTo(pair.getValue());
      }
    }
  }

  /** A key of each server, by its port. */
  private static Map<Integer, String> keys(int port) {
    var keys = new HashMap<Integer, String>();
    int[] ring = TestCluster.ring(port);
    for (int i = 0; keys.size() < 3; i++) {
      keys.putIfAbsent(ring[redis.clients.jedis.util.JedisClusterCRC16.getSlot("g" + i)], "g" + i);
    }
    return keys;
  }

  private static int other(int[] ports, int not) {
    return ports[0] == not ? ports[1] : ports[0];
  }

  /** Milliseconds until a write of the key succeeds, by plain connections to whoever is left. */
  private static long untilWritten(String key, int[] ports, int dead) {
    long began = System.nanoTime();
    Await.until("a write of " + key, Duration.ofSeconds(20), () -> "", () -> {
      for (int port : ports) {
        if (port != dead) {
          try (var jedis = new Jedis("127.0.0.1", port, 3_000)) {
            jedis.set(key, "x");
            return true;
          } catch (RuntimeException e) {
            // MOVED to another one, or not served yet.
          }
        }
      }
      return false;
    });
    return (System.nanoTime() - began) / 1_000_000;
  }

  @Test
  @Order(1)
  void eachServerKilledInTurn_losesNothing_andWritesGoOnSoon() throws Exception {
    for (int victim : ports) {
      Map<Integer, String> keys = keys(victim);
      try (var writers = new Writers(3, ports[0], ports[1], ports[2])) {
        Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 300);
        cluster.server(victim).signal("KILL");
        long gap = untilWritten(keys.getOrDefault(victim, "?"), ports, victim);
        System.out.println("kill -9: writes to the dead server's keys again after " + gap + " ms");
        assertThat(gap).isLessThan(1_500);
        long before = writers.done();
        Await.until("writers go on", Duration.ofSeconds(30), cluster::describe,
            () -> writers.done() > before + 300);
        writers.stopInto(acknowledged);
        assertThat(writers.errors()).noneMatch(e -> e.startsWith("read "));
      }
      cluster.awaitStatus(victim, "DOWN");
      assertAllThere(other(ports, victim));
      cluster.restartServer(victim);
      cluster.awaitBalanced();
      assertAllThere(victim);
    }
  }

  @Test
  @Order(2)
  void theEcsKilledAndRestarted_stopsNoClient() throws Exception {
    try (var writers = new Writers(3, ports)) {
      Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 300);
      cluster.ecs().signal("KILL");
      long before = writers.done();
      Await.until("writers go on", Duration.ofSeconds(20), cluster::describe,
          () -> writers.done() > before + 1_000);
      cluster.startEcs("ecs");
      cluster.awaitEcs();
      Await.until("all back", Duration.ofSeconds(30), cluster::describe,
          () -> Boolean.TRUE.equals(cluster.report().get("balanced"))
              && cluster.status(ports[0]).equals("ACTIVATED"));
      writers.stopInto(acknowledged);
      assertThat(writers.errors()).isEmpty();
    }
    assertAllThere(ports[0]);
  }

  @Test
  @Order(3)
  void aPausedServer_isReplaced_andComesBack() throws Exception {
    int victim = ports[2];
    Map<Integer, String> keys = keys(victim);
    cluster.server(victim).signal("STOP");
    long gap = untilWritten(keys.getOrDefault(victim, "?"), ports, victim);
    System.out.println("SIGSTOP: writes to the paused server's keys again after " + gap + " ms");
    cluster.awaitStatus(victim, "DOWN");
    cluster.server(victim).signal("CONT");
    cluster.awaitBalanced();
    assertAllThere(victim);
  }

  @Test
  @Order(4)
  void allKilledAtOnce_haveAllThatWasAcknowledged() throws Exception {
    try (var writers = new Writers(3, ports)) {
      Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 1_000);
      for (int port : ports) {
        cluster.server(port).signal("KILL");
      }
      cluster.ecs().signal("KILL");
      writers.stopInto(acknowledged);
    }
    cluster.startEcs("ecs");
    for (int port : ports) {
      cluster.restartServer(port);
    }
    cluster.awaitEcs();
    cluster.awaitBalanced();
    assertAllThere(ports[1]);
  }

  @Test
  @Order(5)
  void anEmptyEcsAtTheOldAddress_isRefused() throws Exception {
    cluster.ecs().signal("KILL");
    DssProcess foreign = cluster.startEcs("foreign");
    cluster.awaitEcs();
    Await.until("refusals", Duration.ofSeconds(20), cluster::describe,
        () -> cluster.server(ports[0]).output().contains("belongs to cluster"));
    assertThat(cluster.report().get("servers")).asString().isEqualTo("[]");
    assertAllThere(ports[0]);
    foreign.signal("KILL");
    cluster.startEcs("ecs");
    cluster.awaitEcs();
    Await.until("all back", Duration.ofSeconds(30), cluster::describe,
        () -> Boolean.TRUE.equals(cluster.report().get("balanced"))
            && cluster.status(ports[0]).equals("ACTIVATED"));
  }

  @Test
  @Order(6)
  void aServerOfAnotherCluster_isNotAdded() throws Exception {
    try (var other = new TestCluster(java.nio.file.Files.createDirectory(data.resolve("other")))) {
      String refusal;
      try {
        refusal = other.admin("ADD", "127.0.0.1", "" + ports[0]);
      } catch (redis.clients.jedis.exceptions.JedisDataException e) {
        refusal = String.valueOf(e.getMessage());
      }
      assertThat(refusal).contains("belongs to cluster");
    }
  }
}
