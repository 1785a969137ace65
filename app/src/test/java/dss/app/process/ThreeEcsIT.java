package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dss.consensus.EcsIdentity;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several ECS: begun together, grown from one and back, killed, paused, with a lost disk, with all disks lost. */
@ExtendWith(ShowOutput.class)
@SuppressWarnings("NullAway.Init")
class ThreeEcsIT {
  private static final Duration LEADS = Duration.ofSeconds(20);
  private static final int KEYS = 60;

  @TempDir
  Path directory;
  private final List<Ecs> ecs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();

  @AfterEach
  void end() {
    loads.forEach(Load::close);
    ecs.forEach(Ecs::end);
    nodes.forEach(node -> node.process().end());
  }

  private void threeEcs() {
    List<Integer> ports = Stream.generate(FreePorts::next).limit(3).sorted().toList();
    String peers = ports.stream().map(port -> "e" + port + "=127.0.0.1:" + port)
        .collect(Collectors.joining(","));
    ports.forEach(port -> {
      ecs.add(Ecs.launch(directory, "ecs-" + port, port, "--peers", peers).awaitListening());
      if (ecs.size() == 1) {
        // Alone it does not know whether the others have a cluster: it may have lost its own data.
        Await.stays("the least ECS waits for the others", Duration.ofSeconds(2),
            () -> part(ecs.get(0)).equals("waiting"));
      }
    });
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
  }

  private static String part(Ecs of) {
    String info = Resp.text(of.port(), "INFO");
    return info.replaceAll("(?s).*dss_ecs_part:([a-z]*).*", "$1");
  }

  /** Every ECS that runs says so. */
  private void awaitStates(Map<String, Integer> counts) {
    Await.untilAsserted("the ECS are " + counts, LEADS, () -> {
      for (Ecs each : ecs) {
        if (each.process().isAlive()) {
          assertThat(each.ecsStates().values().stream()
              .collect(Collectors.toMap(state -> state, state -> 1, Integer::sum))).isEqualTo(counts);
        }
      }
    });
  }

  private Node server() {
    String told = ecs.stream().map(each -> "127.0.0.1:" + each.port()).collect(Collectors.joining(","));
    Node node = Node.launch(directory, FreePorts.next(), "--ecs", told);
    nodes.add(node);
    return node;
  }

  private void threeServers() {
    for (int i = 0; i < 3; i++) {
      server();
    }
    nodes.forEach(Node::awaitListening);
    nodes.forEach(node -> ecs.get(0).awaitStatus(node.port(), "STOPPED", Ecs.STARTS));
    nodes.forEach(node -> ecs.get(1 % ecs.size()).add(node.port()));
    ecs.get(2 % ecs.size()).awaitBalanced();
  }

  private void oneEcsWithThreeServers() {
    ecs.add(Ecs.launch(directory, "ecs-one", FreePorts.next()).awaitListening());
    threeServers();
  }

  private Load load(String name) {
    Load load = Load.start(name, new DssJavaClient(List.copyOf(nodes)), KEYS);
    loads.add(load);
    return load.mark();
  }

  private Ecs leader() {
    return withInfo("dss_leading:1").orElseThrow();
  }

  private Ecs follower() {
    return withInfo("dss_leading:0").orElseThrow();
  }

  private Optional<Ecs> withInfo(String line) {
    return ecs.stream().filter(each -> each.process().isAlive())
        .filter(each -> Resp.text(each.port(), "INFO").contains(line)).findFirst();
  }

  /** Through any of them that answers. */
  private static void awaitLeader(Ecs asked) {
    Await.until("an ECS leads", LEADS, () -> asked.tell("PRINT", "JSON").startsWith("{"));
  }

  @Test
  void threeBegunTogether_goOnWithoutOne_alsoWhileAServerIsAdded_andTakeInALostDisk() throws IOException {
    threeEcs();
    threeServers();
    Load load = load("ecs-kill");
    Ecs killed = leader();
    Node added = server().awaitListening();
    follower().awaitStatus(added.port(), "STOPPED", Ecs.STARTS);
    DssProcess adding = Admin.start(directory, killed.port(), "add", "127.0.0.1",
        Integer.toString(added.port()));
    adding.awaitOutput("adding", Duration.ofSeconds(20));
    long since = System.nanoTime();
    killed.process().end();
    Await.until("another ECS leads", LEADS, () -> withInfo("dss_leading:1").isPresent());
    System.out.println("another ECS leads " + (System.nanoTime() - since) / 1_000_000 + " ms after kill -9");
    assertThat(adding.awaitExit(Admin.ENDS)).as(adding.output()).isZero();
    assertThat(adding.output()).contains("added");
    assertThat(leader().lines()).hasSize(4).allMatch(line -> line.status().equals("ACTIVATED"));
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 1, "DOWN", 1));
    // With the dead one and itself alone nothing could be decided any more.
    assertThat(removed(follower())).contains("only 1 of 2 answer");

    deleteAll(killed.data());
    killed.startAgain();
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
    // One that is let go does not come back by itself, though all were told of it.
    Ecs gone = follower();
    assertThat(removed(gone)).startsWith("removed ECS");
    Await.until("it knows", LEADS, () -> part(gone).equals("removed"));
    Await.stays("it is not taken in again", Duration.ofSeconds(3),
        () -> leader().ecsStates().size() == 2 && part(gone).equals("removed"));
    assertThat(leader().tell("ECS", "ADD", "127.0.0.1", Integer.toString(gone.port())))
        .startsWith("added ECS");
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
    // Now the one with the new disk must be able to carry it all.
    Ecs other = ecs.stream().filter(each -> each != killed).findFirst().orElseThrow();
    other.process().end();
    awaitLeader(killed);
    remove(killed, added);
    load.awaitWrites(KEYS).assertNoFailure();
  }

  private String removed(Ecs one) {
    return leader().tell("ECS", "REMOVE", "127.0.0.1", Integer.toString(one.port()));
  }

  private static void remove(Ecs by, Node node) {
    by.remove(node.port());
    by.awaitBalanced();
    by.awaitStatus(node.port(), "STOPPED", Ecs.SETTLES);
  }

  @Test
  void aLeaderThatIsPaused_isReplaced_andIsNoLeaderWhenItGoesOn() throws IOException {
    threeEcs();
    threeServers();
    Load load = load("ecs-pause");
    Ecs paused = leader();
    paused.process().pause();
    try {
      Ecs other = ecs.stream().filter(each -> each != paused).findFirst().orElseThrow();
      Await.until("another ECS leads", LEADS,
          () -> Resp.text(other.port(), "INFO").contains("dss_ecs_leader:127.0.0.1:")
              && !Resp.text(other.port(), "INFO").contains("dss_ecs_leader:127.0.0.1:" + paused.port()));
      awaitLeader(other);
      // Servers leave the silent one: a change needs all of them.
      Node node = nodes.get(2);
      other.remove(node.port());
      other.awaitBalanced();
      other.awaitStatus(node.port(), "STOPPED", Ecs.SETTLES);
    } finally {
      paused.process().resume();
    }
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
    assertThat(paused.lines()).filteredOn(line -> line.status().equals("ACTIVATED")).hasSize(2);
    load.awaitWrites(KEYS).assertNoFailure();
  }

  @Test
  void oneGrowsToThreeAndBack_whileClientsWork() {
    oneEcsWithThreeServers();
    Load load = load("ecs-grow");
    for (int i = 0; i < 2; i++) {
      Ecs more = Ecs.launch(directory, "ecs-more-" + i, FreePorts.next()).awaitListening();
      DssProcess adding = Admin.start(directory, ecs.get(0).port(), "ecs", "add", "127.0.0.1",
          Integer.toString(more.port()));
      assertThat(adding.awaitExit(Admin.ENDS)).as(adding.output()).isZero();
      ecs.add(more);
    }
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
    // It knows the others by its own data.
    ecs.get(2).process().end();
    ecs.get(2).startAgain();
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 2));
    assertThat(ecs.get(2).lines()).hasSize(3);
    assertThat(ecs.get(0).tell("ECS", "ADD", "127.0.0.1", Integer.toString(ecs.get(1).port())))
        .contains("is a member already");
    // The one that began goes first: it leads.
    Ecs first = ecs.remove(0);
    assertThat(first.tell("ECS", "REMOVE", "127.0.0.1", Integer.toString(first.port())))
        .startsWith("removed ECS");
    first.end();
    awaitStates(Map.of("LEADING", 1, "FOLLOWING", 1));
    Ecs second = ecs.remove(0);
    awaitLeader(ecs.get(0));
    Await.until("the second is removed", LEADS,
        () -> ecs.get(0).tell("ECS", "REMOVE", "127.0.0.1", Integer.toString(second.port()))
            .startsWith("removed ECS"));
    second.end();
    awaitStates(Map.of("LEADING", 1));
    assertThat(ecs.get(0).tell("ECS", "REMOVE", "127.0.0.1", Integer.toString(ecs.get(0).port())))
        .contains("the last ECS");
    nodes.get(0).process().kill();
    ecs.get(0).awaitStatus(nodes.get(0).port(), "DOWN", Duration.ofSeconds(10));
    load.awaitWrites(KEYS).assertNoFailure();
  }

  @Test
  void allEcsDisksLost_theClusterIsRebuiltFromItsServers_andLosesNothing() throws IOException {
    oneEcsWithThreeServers();
    var pairs = new Pairs("recovered:", 2_000);
    pairs.write(nodes.get(0));
    Load load = load("ecs-lost");
    Ecs lost = ecs.get(0);
    long version = lost.version();
    String one = "127.0.0.1:" + nodes.get(1).port();
    DssProcess tooEarly = Admin.run(directory, "ecs", "--port", Integer.toString(FreePorts.next()),
        "--http-port",
        "0", "--recover-from", one);
    assertThat(tooEarly.awaitExit(Admin.ENDS)).isEqualTo(1);
    assertThat(tooEarly.output()).contains("still runs at");
    lost.process().end();
    deleteAll(lost.data());
    nodes.get(2).process().end();
    DssProcess missing = Admin.run(directory, "ecs", "--port", Integer.toString(lost.port()), "--http-port",
        "0",
        "--recover-from", one);
    assertThat(missing.awaitExit(Admin.ENDS)).isEqualTo(1);
    assertThat(missing.output()).contains("do not answer").contains("--accept-data-loss");
    nodes.get(2).startAgain();
    lost.startAgain("--recover-from", one);
    lost.awaitBalanced();
    assertThat(lost.version()).isGreaterThan(version);
    assertThat(lost.lines()).hasSize(3).allMatch(line -> line.status().equals("ACTIVATED"));
    pairs.assertAllThere(nodes.get(2));
    nodes.get(0).process().kill();
    lost.awaitStatus(nodes.get(0).port(), "DOWN", Duration.ofSeconds(10));
    load.awaitWrites(2 * KEYS).assertNoFailure();
    pairs.assertAllThere(nodes.get(1));
  }

  /** Nothing of a cluster is there in it: servers that followed it would drop all that they have. */
  @Test
  void anEmptyEcsOfTheSameCluster_isRefused_alsoByAServerThatHasJustStarted() throws IOException {
    oneEcsWithThreeServers();
    var pairs = new Pairs("kept:", 2_000);
    pairs.write(nodes.get(0));
    Ecs lost = ecs.get(0);
    String cluster = String.valueOf(lost.print().get("cluster"));
    lost.process().end();
    deleteAll(lost.data());
    EcsIdentity.rebuild(lost.data(), "ecs", cluster, StateCodec.encode(ClusterState.created(cluster,
        Settings.of(1024, 3), List.of(new Address("127.0.0.1", lost.port())))));
    lost.startAgain();
    nodes.get(1).process().end();
    nodes.get(1).startAgain();
    for (Node node : nodes) {
      node.process().awaitOutput("its data was lost or is an old one", Duration.ofSeconds(10));
    }
    assertThat(lost.lines()).isEmpty();
    lost.process().end();
    // Elsewhere: no server has been told of that place.
    Ecs rebuilt = Ecs.launch(directory, "ecs-rebuilt", FreePorts.next(), "--recover-from",
        nodes.get(0).name());
    ecs.add(rebuilt.awaitListening());
    rebuilt.awaitBalanced();
    pairs.assertAllThere(nodes.get(1));
  }

  private static void deleteAll(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
