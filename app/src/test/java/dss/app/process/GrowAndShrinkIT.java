package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
import redis.clients.jedis.exceptions.JedisDataException;

/** One cluster that grows to four servers and shrinks again, with data in it and clients at work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class GrowAndShrinkIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path data;

  private TestCluster cluster;
  private final int[] ports = new int[4];
  private final Map<String, String> written = new HashMap<>();

  @BeforeAll
  void start() throws Exception {
    cluster = new TestCluster(data);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static RedisClusterClient client(int port) {
    return RedisClusterClient.builder().nodes(Set.of(new HostAndPort("127.0.0.1", port))).build();
  }

  private void write(int count) {
    try (var client = client(ports[0])) {
      for (int i = 0; i < count; i++) {
        String key = "key" + i;
        String value = "value" + i + "." + written.size();
        client.set(key, value);
        written.put(key, value);
      }
    }
  }

  private void assertAllThere(int port) {
    try (var client = client(port)) {
      for (Map.Entry<String, String> pair : written.entrySet()) {
        assertThat(client.get(pair.getKey())).as(pair.getKey()).isEqualTo(pair.getValue());
      }
    }
  }

  /** All live servers tell the same ring as print does, within a second of its being balanced. */
  private void assertRingsAgree(int... live) {
    Await.until("the same ring everywhere", Duration.ofSeconds(1), cluster::describe, () -> {
      int[] first = TestCluster.ring(live[0]);
      for (int port : live) {
        if (!Arrays.equals(TestCluster.ring(port), first)) {
          return false;
        }
      }
      return true;
    });
  }

  @Test
  @Order(1)
  void serversAddedOneByOne_growTheRing() throws Exception {
    for (int i = 0; i < 3; i++) {
      ports[i] = cluster.startServer();
      cluster.awaitStatus(ports[i], "STOPPED");
      cluster.add(ports[i]);
      assertThat(TestCluster.owners(ports[i])).isEqualTo(i + 1);
      assertRingsAgree(Arrays.copyOf(ports, i + 1));
      if (i == 0) {
        write(100);
      }
      assertAllThere(ports[i]);
    }
  }

  @Test
  @Order(2)
  void keysOfOtherServers_areReachedThroughAny() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (var client = client(ports[i])) {
        client.set("shared", "from " + i);
        client.append("shared", "!");
      }
      try (var other = client(ports[(i + 1) % 3])) {
        assertThat(other.get("shared")).isEqualTo("from " + i + "!");
      }
    }
    if (TestCluster.hasRedisCli()) {
      assertThat(TestCluster.redisCli(ports[0], "set", "cli", "one")).isEqualTo("OK");
      assertThat(TestCluster.redisCli(ports[1], "get", "cli")).isEqualTo("one");
      assertThat(TestCluster.redisCli(ports[2], "del", "cli")).isEqualTo("1");
    } else {
      assertThat(System.getenv("CI")).as("redis-cli is missing: apt-get install redis-tools").isNull();
      System.out.println("redis-cli is not installed: its part of this test did not run");
    }
  }

  @Test
  @Order(3)
  void putAndDelete_answerInTheSeedsWords() {
    int owner = TestCluster.ring(ports[0])[redis.clients.jedis.util.JedisClusterCRC16.getSlot("seed")];
    try (var jedis = new Jedis("127.0.0.1", owner)) {
      assertThat(raw(jedis, "PUT", "seed", "1")).isEqualTo("PUT_SUCCESS");
      assertThat(raw(jedis, "PUT", "seed", "2")).isEqualTo("PUT_UPDATE");
      assertThat(raw(jedis, "DELETE", "seed")).isEqualTo("DELETE_SUCCESS");
      assertThatThrownBy(() -> raw(jedis, "GET")).isInstanceOf(JedisDataException.class);
    }
  }

  private static String raw(Jedis jedis, String name, String... arguments) {
    Object reply = jedis.sendCommand(() -> name.getBytes(java.nio.charset.StandardCharsets.UTF_8), arguments);
    return reply instanceof byte[] bytes
        ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }

  @Test
  @Order(4)
  void aServerWithoutEcs_isAddedUnderLoadWithoutAClientsError() throws Exception {
    write(10_000);
    ports[3] = cluster.startAlone(TestCluster.freePort());
    assertThat(raw(new Jedis("127.0.0.1", ports[3]), "PING")).isEqualTo("PONG");
    try (var writers = new Writers(3, ports[0], ports[1])) {
      Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 500);
      cluster.add(ports[3]);
      long before = writers.done();
      Await.until("writers go on", Duration.ofSeconds(20), cluster::describe,
          () -> writers.done() > before + 500);
      writers.stopInto(written);
      assertThat(writers.errors()).isEmpty();
      System.out.println("add under load: longest gap " + writers.longestGapMs() + " ms");
    }
    assertThat(TestCluster.owners(ports[3])).isEqualTo(4);
    assertRingsAgree(ports);
    assertAllThere(ports[3]);
    assertThat(cluster.admin("EVENTS", "20000")).containsSubsequence(
        "server 127.0.0.1:" + ports[3] + " is STOPPED",
        "server 127.0.0.1:" + ports[3] + " STOPPED -> IN_TRANSFER",
        "server 127.0.0.1:" + ports[3] + " IN_TRANSFER -> ACTIVATED");
  }

  @Test
  @Order(5)
  void aRemovedServer_stopsWithoutAClientsError() throws Exception {
    try (var writers = new Writers(3, ports[0], ports[1])) {
      Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 500);
      cluster.remove(ports[0]);
      long before = writers.done();
      Await.until("writers go on", Duration.ofSeconds(20), cluster::describe,
          () -> writers.done() > before + 500);
      writers.stopInto(written);
      assertThat(writers.errors()).isEmpty();
      System.out.println("remove under load: longest gap " + writers.longestGapMs() + " ms");
    }
    assertThat(cluster.status(ports[0])).isEqualTo("STOPPED");
    assertRingsAgree(ports);
    assertThat(TestCluster.owners(ports[0])).isEqualTo(3);
    assertAllThere(ports[1]);
    try (var jedis = new Jedis("127.0.0.1", ports[0])) {
      assertThat(raw(jedis, "KEYRANGE")).startsWith("KEYRANGE_SUCCESS 0,")
          .doesNotContain(":" + ports[0] + ";");
      assertThatThrownBy(() -> raw(jedis, "PUT", "x", "y")).hasMessageContaining("SERVER_STOPPED");
      assertThatThrownBy(() -> jedis.get("x")).hasMessageContaining("MOVED");
    }
  }

  @Test
  @Order(6)
  void theRemovedServer_isAddedAgain() throws Exception {
    cluster.add(ports[0]);
    assertRingsAgree(ports);
    assertAllThere(ports[0]);
    cluster.remove(ports[3]);
  }

  @Test
  @Order(7)
  void aLockedServer_keepsPutsWaitingButNotGets() throws Exception {
    int owner = ports[1];
    String key = keyOf(owner);
    try (var client = client(owner)) {
      client.set(key, "before");
    }
    assertThat(cluster.admin("LOCK", "127.0.0.1", "" + owner, "6")).contains("locked");
    try (var jedis = new Jedis("127.0.0.1", owner, 10_000)) {
      Await.until("the lock", Duration.ofSeconds(5), cluster::describe, () -> {
        try {
          jedis.set(key, "during");
          return false;
        } catch (JedisDataException e) {
          return String.valueOf(e.getMessage()).contains("TRYAGAIN SERVER_WRITE_LOCK");
        }
      });
      assertThat(jedis.get(key)).isNotNull();
      cluster.awaitStatus(owner, "IN_TRANSFER");
      Await.until("the lock's end", Duration.ofSeconds(20), cluster::describe, () -> {
        try {
          return jedis.set(key, "after").equals("OK");
        } catch (JedisDataException e) {
          return false;
        }
      });
    }
    cluster.awaitStatus(owner, "ACTIVATED");
  }

  private static String keyOf(int owner) {
    int[] ring = TestCluster.ring(owner);
    for (int i = 0;; i++) {
      if (ring[redis.clients.jedis.util.JedisClusterCRC16.getSlot("k" + i)] == owner) {
        return "k" + i;
      }
    }
  }

  @Test
  @Order(8)
  void pipelinedSetAndGet_readsItsOwnWrite() {
    String key = keyOf(ports[2]);
    try (var jedis = new Jedis("127.0.0.1", ports[2], 20_000); var pipeline = jedis.pipelined()) {
      var reads = new java.util.ArrayList<redis.clients.jedis.Response<String>>();
      for (int i = 0; i < 2_000; i++) {
        pipeline.set(key, "" + i);
        reads.add(pipeline.get(key));
      }
      pipeline.sync();
      for (int i = 0; i < reads.size(); i++) {
        assertThat(reads.get(i).get()).isEqualTo("" + i);
      }
    }
  }

  @Test
  @Order(9)
  void eachUnpipelinedWrite_isSyncedByItself() {
    String key = keyOf(ports[2]);
    try (var jedis = new Jedis("127.0.0.1", ports[2], 20_000)) {
      long before = fsyncs(jedis);
      for (int i = 0; i < 200; i++) {
        jedis.set(key, "" + i);
      }
      assertThat(fsyncs(jedis) - before).isGreaterThanOrEqualTo(200);
    }
  }

  private static long fsyncs(Jedis jedis) {
    for (String line : jedis.info("persistence").split("\r\n")) {
      if (line.startsWith("log_fsyncs:")) {
        return Long.parseLong(line.substring("log_fsyncs:".length()));
      }
    }
    throw new AssertionError("INFO has no log_fsyncs");
  }

  @Test
  @Order(10)
  void whatMakesNoSense_isRefusedClearly() throws Exception {
    String ecs = "127.0.0.1:" + cluster.ecsPort;
    var nobody = cluster.dss("admin", "--ecs", ecs, "add", "127.0.0.1", "" + TestCluster.freePort());
    assertThat(nobody.status()).isEqualTo(1);
    assertThat(nobody.output()).contains("no server answers at");
    var member = cluster.dss("admin", "--ecs", ecs, "add", "127.0.0.1", "" + ports[1]);
    assertThat(member.status()).isEqualTo(1);
    assertThat(member.output()).contains("is a member already");
    var stranger = cluster.dss("admin", "--ecs", ecs, "remove", "127.0.0.1", "1");
    assertThat(stranger.status()).isEqualTo(1);
    assertThat(stranger.output()).contains("no server is known at");
    assertThat(cluster.dss("admin", "--ecs", ecs, "frobnicate").status()).isEqualTo(2);
    assertThat(cluster.dss("admin", "--nonsense").status()).isEqualTo(2);
    assertThat(cluster.dss("admin", "--ecs", "127.0.0.1:1", "print").status()).isEqualTo(3);
    var print = cluster.dss("admin", "--ecs", ecs, "print");
    assertThat(print.status()).isZero();
    assertThat(print.output()).contains("ACTIVATED").contains("balanced");
  }

  @Test
  @Order(11)
  void sigterm_handsOverFirst() throws Exception {
    try (var writers = new Writers(3, ports[0], ports[2])) {
      Await.until("writers", Duration.ofSeconds(20), cluster::describe, () -> writers.done() > 500);
      writers.forgetSoFar();
      cluster.server(ports[1]).signal("TERM");
      cluster.server(ports[1]).exitStatus();
      long before = writers.done();
      Await.until("writers go on", Duration.ofSeconds(20), cluster::describe,
          () -> writers.done() > before + 500);
      writers.stopInto(written);
      System.out.println(
          "SIGTERM: longest gap " + writers.longestGapMs() + " ms, errors " + writers.errors().size());
    }
    assertThat(cluster.admin("EVENTS", "20000")).contains("handed over");
    cluster.restartServer(ports[1]);
    cluster.awaitBalanced();
    assertAllThere(ports[1]);
  }
}
