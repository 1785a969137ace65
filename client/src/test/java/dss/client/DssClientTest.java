package dss.client;

import static dss.client.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DssClientTest {
  private static final Duration REPLY = Duration.ofMillis(400);
  private static final Duration BUDGET = Duration.ofSeconds(20);

  private final ConcurrentLinkedQueue<String> retries = new ConcurrentLinkedQueue<>();
  private FakeCluster cluster;
  private DssClient client;

  DssClientTest() throws IOException {
    cluster = new FakeCluster(3);
    client = client(BUDGET, cluster.get(0));
  }

  private DssClient client(Duration budget, FakeServer... seeds) {
    var endpoints = new ArrayList<Endpoint>();
    for (FakeServer seed : seeds) {
      endpoints.add(seed.endpoint);
    }
    return DssClient.with(ClientSettings.of(endpoints).withRetryBudget(budget).withReplyTimeout(REPLY)
        .withRetries((where, why) -> retries.add(why)));
  }

  @BeforeEach
  void noRetriesYet() {
    retries.clear();
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  // ---- what it does

  @Test
  void putGetDelete_answerAsTheSeedDid() {
    assertThat(client.get("k")).isEmpty();
    assertThat(client.delete("k")).isFalse();
    assertThat(client.put("k", "v")).isEqualTo(PutResult.NEW);
    assertThat(client.put("k", "w")).isEqualTo(PutResult.UPDATED);
    assertThat(client.get("k")).contains("w");
    assertThat(client.delete("k")).isTrue();
    assertThat(retries).isEmpty();
  }

  @Test
  void eachKey_goesToItsOwner() {
    for (int i = 0; i < 3; i++) {
      client.put(cluster.keyOf(i, 3), "v");
      assertThat(cluster.get(i).requests).hasSize(1);
    }
  }

  @Test
  void binaryKeysAndValues_areKept() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Bytes bytes = Bytes.wrap(all);
    assertThat(client.put(bytes, bytes)).isEqualTo(PutResult.NEW);
    assertThat(client.get(bytes)).contains(bytes);
    client.put("empty", "");
    assertThat(client.get("empty")).contains("");
  }

  @Test
  void writes_carryTheClientsIdAndCountUp_readsDoNot() {
    String key = cluster.keyOf(0, 3);
    client.put(key, "v");
    client.delete(key);
    client.get(key);
    List<Request> seen = cluster.get(0).requests;
    assertThat(seen.get(0).name()).isEqualTo(Bytes.utf8("DSS.ONCE"));
    assertThat(seen.get(0).get(1).length()).isEqualTo(16);
    assertThat(seen.get(0).get(2)).isEqualTo(Bytes.utf8("1"));
    assertThat(seen.get(1).get(1)).isEqualTo(seen.get(0).get(1));
    assertThat(seen.get(1).get(2)).isEqualTo(Bytes.utf8("2"));
    assertThat(seen.get(2)).isEqualTo(Request.of("GET", key));
  }

  @Test
  void anErrorOfTheServer_isAReplyOfExecute_andThrownByTypedMethods() {
    String key = cluster.keyOf(0, 3);
    Reply wrong = Reply.error("WRONGTYPE Operation against a key holding the wrong kind of value");
    cluster.get(0).always = request -> wrong;
    assertThat(client.executeBlocking(Bytes.utf8(key), Request.of("APPEND", key, "x"))).isEqualTo(wrong);
    assertThatExceptionOfType(DssException.Refused.class).isThrownBy(() -> client.get(key))
        .matches(e -> e.code().equals("WRONGTYPE") && !e.mayHaveHappened());
    assertThat(retries).isEmpty();
  }

  @Test
  void executeAny_asksTheFirstSeedThatAnswers() {
    client.close();
    client = client(BUDGET, cluster.get(2), cluster.get(1));
    client.executeAnyBlocking(Request.of("KEYRANGE"));
    assertThat(cluster.get(2).requests).hasSize(1);
    cluster.get(2).close();
    assertThat(client.executeAnyBlocking(Request.of("KEYRANGE"))).isInstanceOf(Reply.Bulk.class);
    assertThat(cluster.get(1).requests).hasSize(1);
  }

  @Test
  void asynchronousCallsToOneKey_areSentInOrder_evenBeforeTheTopologyIsKnown() throws Exception {
    String key = cluster.keyOf(1, 3);
    var replies = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 1000; i++) {
      replies.add(client.execute(Bytes.utf8(key), Request.of("PUT", key, "" + i)));
    }
    CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    List<Request> seen = cluster.get(1).requests;
    assertThat(seen).hasSize(1000);
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i).get(5)).isEqualTo(Bytes.utf8("" + i));
    }
  }

  @Test
  void aThousandConcurrentWrites_whileConnectionsBreak_takeEffectOnceEach() throws Exception {
    for (FakeServer server : cluster.servers) {
      for (int i = 0; i < 5; i++) {
        server.once.add(FakeServer.EXECUTE_AND_CLOSE);
      }
    }
    var replies = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 1000; i++) {
      String key = "counter" + i % 50;
      replies.add(client.execute(Bytes.utf8(key), Request.of("INCR", key)));
    }
    CompletableFuture.allOf(replies.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    for (int i = 0; i < 50; i++) {
      assertThat(cluster.store.value("counter" + i)).isEqualTo(Bytes.utf8("20"));
    }
    assertThat(cluster.store.executed()).isEqualTo(1000);
  }

  // ---- when servers fail

  @Test
  void moved_isFollowedAtOnce_andTheTopologyAskedAgain() throws IOException {
    String key = cluster.keyOf(0, 3);
    client.put(key, "v");
    FakeServer added = cluster.add();
    cluster.get(0).always = request -> FakeCluster.moved(added);
    cluster.owners(added, cluster.get(1), cluster.get(2));
    int asked = cluster.get(0).slotsAsked;
    assertThat(client.put(key, "w")).isEqualTo(PutResult.UPDATED);
    assertThat(FakeServer.id(added.requests.get(0))).isEqualTo(FakeServer.id(cluster.get(0).requests.get(1)));
    eventually("asked for the topology", () -> cluster.get(0).slotsAsked > asked);
    eventually("the new topology is used", () -> {
      int before = cluster.get(0).requests.size();
      client.get(key);
      return cluster.get(0).requests.size() == before;
    });
    assertThat(retries).anyMatch(why -> why.startsWith("MOVED"));
  }

  @Test
  void twoServersThatPointAtEachOther_areNotAskedWithoutPause() {
    client.close();
    client = client(Duration.ofMillis(1000), cluster.get(0));
    String key = cluster.keyOf(0, 3);
    cluster.get(0).always = request -> FakeCluster.moved(cluster.get(1));
    cluster.get(1).always = request -> FakeCluster.moved(cluster.get(0));
    assertThatExceptionOfType(DssException.Unavailable.class).isThrownBy(() -> client.put(key, "v"))
        .withMessageContaining("MOVED");
    assertThat(cluster.get(0).requests.size() + cluster.get(1).requests.size()).isBetween(7, 200);
  }

  @Test
  void tryAgainClusterDownAndUncertain_areTriedAgainUnderTheSameId() {
    String key = cluster.keyOf(0, 3);
    FakeServer owner = cluster.get(0);
    owner.once.add(Reply.error("TRYAGAIN SERVER_WRITE_LOCK the shard is being handed over, try again"));
    owner.once.add(Reply.error("CLUSTERDOWN SERVER_STOPPED no member"));
    owner.once.add(Reply.error("NOREPLICAS Not enough good replicas to write."));
    owner.once.add(Reply.error("UNCERTAIN the write was not decided in time, it may have happened"));
    assertThat(client.put(key, "v")).isEqualTo(PutResult.NEW);
    assertThat(owner.requests).hasSize(5);
    assertThat(owner.requests.stream().map(FakeServer::id).distinct()).hasSize(1);
    assertThat(retries).hasSize(4);
  }

  @Test
  void aConnectionThatEndsBeforeTheReply_isMadeAgain_andTheWriteTakesEffectOnce() {
    String key = cluster.keyOf(0, 3);
    cluster.get(0).once.add(FakeServer.EXECUTE_AND_CLOSE);
    cluster.get(0).once.add(FakeServer.CLOSE);
    assertThat(client.put(key, "v")).as("the first attempt's outcome").isEqualTo(PutResult.NEW);
    assertThat(cluster.get(0).requests).hasSize(3);
    assertThat(cluster.get(0).requests.stream().map(FakeServer::id).distinct()).hasSize(1);
    assertThat(cluster.store.executed()).isEqualTo(1);
  }

  @Test
  void aKilledServer_isReplacedByWhomTheOthersName() {
    String key = cluster.keyOf(0, 3);
    client.put(key, "v");
    cluster.get(0).close();
    cluster.owners(cluster.get(1), cluster.get(1), cluster.get(2));
    assertThat(client.get(key)).contains("v");
    assertThat(client.put(key, "w")).isEqualTo(PutResult.UPDATED);
  }

  @Test
  void aStoppedServer_isFoundOut_andItsRequestsGoElsewhere() {
    String key = cluster.keyOf(0, 3);
    client.put(key, "v");
    cluster.get(0).stopped = true;
    cluster.owners(cluster.get(1), cluster.get(1), cluster.get(2));
    assertThat(client.put(key, "w")).isEqualTo(PutResult.UPDATED);
    assertThat(cluster.get(1).requests).hasSize(1);
  }

  /** A key of the first server, which others say has a successor by now, and which says the old topology and this reply. */
  private String keyOfAServerThatWasReplaced(Reply says) {
    String key = cluster.keyOf(0, 3);
    client.put(key, "v");
    FakeServer replaced = cluster.get(0);
    Reply old = replaced.slots.get();
    cluster.owners(cluster.get(1), cluster.get(1), cluster.get(2));
    replaced.slots = () -> old;
    replaced.always = request -> says;
    return key;
  }

  /** It lives, and says PONG: but cut off from the others it can bring nothing to an end, and knows of no successor. */
  @Test
  void aWriteThatWaitsAtAServerThatWasReplaced_isTakenToItsSuccessor_onceInAll() {
    String key = keyOfAServerThatWasReplaced(FakeServer.SILENCE);
    assertThat(client.put(key, "w")).isEqualTo(PutResult.UPDATED);
    Request first = cluster.get(0).requests.get(1);
    assertThat(cluster.get(1).requests).hasSize(1);
    assertThat(FakeServer.id(cluster.get(1).requests.get(0))).isEqualTo(FakeServer.id(first));
    assertThat(retries).anyMatch(why -> why.contains("owns its slot now"));
  }

  @Test
  void aServerThatRefuses_isNotWhoSaysWhereElseToGo() {
    String key = keyOfAServerThatWasReplaced(Reply.error("NOREPLICAS it reaches nobody"));
    assertThat(client.put(key, "w")).isEqualTo(PutResult.UPDATED);
    assertThat(cluster.get(1).requests).hasSize(1);
  }

  @Test
  void aStoppedSeed_doesNotKeepTheClientFromTheOthers() {
    client.close();
    client = client(BUDGET, cluster.get(0), cluster.get(1));
    cluster.get(0).stopped = true;
    assertThat(client.put(cluster.keyOf(2, 3), "v")).isEqualTo(PutResult.NEW);
  }

  @Test
  void aLiveServerThatTakesItsTime_isWaitedFor() {
    String key = cluster.keyOf(0, 3);
    var held = new ConcurrentLinkedQueue<CompletableFuture<Reply>>();
    cluster.get(0).always = request -> {
      held.add(new CompletableFuture<>());
      return FakeServer.SILENCE;
    };
    CompletableFuture<PutResult> put = client.putAsync(Bytes.utf8(key), Bytes.utf8("v"));
    eventually("sent", () -> !held.isEmpty());
    // Three reply timeouts, and no other attempt.
    CompletableFuture<Void> later = new CompletableFuture<Void>()
        .completeOnTimeout(null, 3 * REPLY.toMillis(), TimeUnit.MILLISECONDS);
    later.join();
    assertThat(cluster.get(0).requests).hasSize(1);
    assertThat(put).isNotDone();
  }

  @Test
  void aRemovedServer_namesTheOthers() {
    client.put(cluster.keyOf(0, 3), "v");
    cluster.get(0).always = request -> Reply.error("CLUSTERDOWN SERVER_STOPPED no member");
    cluster.owners(cluster.get(1), cluster.get(1), cluster.get(2));
    assertThat(client.put(cluster.keyOf(0, 3), "w")).isEqualTo(PutResult.UPDATED);
    assertThat(client.get(cluster.keyOf(0, 3))).contains("w");
  }

  // ---- when the budget ends

  @Test
  void aWriteThatNobodyTook_hadNoEffect() {
    client.close();
    client = client(Duration.ofMillis(400), cluster.get(0));
    cluster.get(0).always = request -> Reply.error("CLUSTERDOWN Hash slot not served");
    assertThatExceptionOfType(DssException.Unavailable.class)
        .isThrownBy(() -> client.put(cluster.keyOf(0, 3), "v"))
        .matches(e -> !e.mayHaveHappened() && e.answered())
        .withMessageContaining("PUT was not done").withMessageContaining("CLUSTERDOWN Hash slot not served");
  }

  @Test
  void aWriteThatWasNotDone_isNotSentLater_whenItsConnectionIsThere() {
    client.close();
    client = client(Duration.ofMillis(150), cluster.get(0));
    assertThat(client.get(cluster.keyOf(0, 3))).isEmpty();
    FakeServer slow = cluster.get(1);
    slow.slowToGreet = true;
    assertThatExceptionOfType(DssException.Unavailable.class)
        .isThrownBy(() -> client.put(cluster.keyOf(1, 3), "v")).matches(e -> !e.mayHaveHappened());
    slow.greet();
    eventually("the server is served again", () -> {
      try {
        return client.get(cluster.keyOf(1, 3)).isEmpty();
      } catch (DssException.Unavailable e) {
        return false;
      }
    });
    assertThat(slow.requests).noneMatch(request -> FakeServer.inner(request).name().equalsIgnoreCase("PUT"));
  }

  @Test
  void aWriteWhoseReplyWasLost_isUncertain_whateverCameAfter() {
    client.close();
    client = client(Duration.ofMillis(400), cluster.get(0));
    cluster.get(0).once.add(FakeServer.CLOSE);
    cluster.get(0).always = request -> Reply.error("TRYAGAIN NOT_SERVING no server serves this shard yet");
    assertThatExceptionOfType(DssException.Uncertain.class)
        .isThrownBy(() -> client.put(cluster.keyOf(0, 3), "v"))
        .matches(DssException::mayHaveHappened).withMessageContaining("may have happened")
        .withMessageContaining("TRYAGAIN");
  }

  @Test
  void aReadWhoseReplyWasLost_isOnlyUnavailable() {
    client.close();
    client = client(Duration.ofMillis(400), cluster.get(0));
    cluster.get(0).always = request -> FakeServer.CLOSE;
    assertThatExceptionOfType(DssException.Unavailable.class)
        .isThrownBy(() -> client.get(cluster.keyOf(0, 3)));
  }

  @Test
  void aWriteThatWaitsInAServer_isUncertainWhenItsTimeIsOver() {
    client.close();
    client = client(Duration.ofMillis(400), cluster.get(0));
    cluster.get(0).always = request -> FakeServer.SILENCE;
    assertThatExceptionOfType(DssException.Uncertain.class)
        .isThrownBy(() -> client.put(cluster.keyOf(0, 3), "v"));
  }

  @Test
  void anOutcomeThatIsForgotten_isUncertainAtOnce() {
    cluster.get(0).once.add(Reply.error("UNCERTAIN forgotten"));
    assertThatExceptionOfType(DssException.Uncertain.class)
        .isThrownBy(() -> client.put(cluster.keyOf(0, 3), "v"));
    assertThat(cluster.get(0).requests).hasSize(1);
  }

  @Test
  void nobodyAtTheAddress_isSaid() {
    client.close();
    client = client(Duration.ofMillis(400), cluster.get(0));
    cluster.get(0).close();
    assertThatExceptionOfType(DssException.Unavailable.class).isThrownBy(() -> client.put("k", "v"))
        .matches(e -> !e.answered() && !e.mayHaveHappened())
        .withMessageContaining(cluster.get(0).endpoint.toString());
  }

  @Test
  void close_endsWhatIsUnderWay() {
    cluster.get(0).always = request -> FakeServer.SILENCE;
    String key = cluster.keyOf(0, 3);
    CompletableFuture<PutResult> put = client.putAsync(Bytes.utf8(key), Bytes.utf8("v"));
    CompletableFuture<?> get = client.getAsync(Bytes.utf8(key));
    eventually("both are sent", () -> cluster.get(0).requests.size() == 2);
    client.close();
    assertThat(put).failsWithin(Duration.ofSeconds(5)).withThrowableThat()
        .withCauseInstanceOf(DssException.Uncertain.class).withMessageContaining("closed");
    assertThat(get).failsWithin(Duration.ofSeconds(5)).withThrowableThat()
        .withCauseInstanceOf(DssException.Unavailable.class);
    assertThatExceptionOfType(DssException.Unavailable.class).isThrownBy(() -> client.get("k"))
        .withMessageContaining("closed");
  }
}
