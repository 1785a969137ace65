package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One ECS and servers, each its own process, and steps with them that end when all agree. */
final class TestCluster implements AutoCloseable {
  /** How long after a step everybody may disagree. */
  static final Duration AGREE = Duration.ofSeconds(1);

  private final Path directory;
  private final Ecs ecs;
  private final List<Node> nodes = new ArrayList<>();

  private TestCluster(Path directory, Ecs ecs) {
    this.directory = directory;
    this.ecs = ecs;
  }

  /** An ECS and servers that have registered and are no members yet. */
  static TestCluster start(Path directory, int servers, String... ecsOptions) {
    var cluster = new TestCluster(directory, Ecs.launch(directory, "ecs", FreePorts.next(), ecsOptions));
    for (int i = 0; i < servers; i++) {
      cluster.launchServer();
    }
    cluster.ecs.awaitListening();
    cluster.nodes.forEach(Node::awaitListening);
    cluster.nodes.forEach(node -> cluster.ecs.awaitStatus(node.port(), "STOPPED", Ecs.STARTS));
    return cluster;
  }

  /** An ECS and servers that are members, nothing moving. */
  static TestCluster grown(Path directory, int servers, String... ecsOptions) {
    TestCluster cluster = start(directory, servers, ecsOptions);
    cluster.nodes.forEach(node -> cluster.ecs.add(node.port()));
    cluster.ecs.awaitBalanced();
    return cluster;
  }

  /** Starts a server that knows the ECS; it may not listen yet. */
  Node launchServer() {
    Node node = Node.launch(directory, FreePorts.next(), "--ecs", "127.0.0.1:" + ecs.port());
    nodes.add(node);
    return node;
  }

  Node startServer() {
    return launchServer().awaitListening();
  }

  /** Starts a server that is told of no ECS. */
  Node startServerWithoutEcs() {
    Node node = Node.launch(directory, FreePorts.next()).awaitListening();
    nodes.add(node);
    return node;
  }

  Ecs ecs() {
    return ecs;
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  Node node(int index) {
    return nodes.get(index);
  }

  /** Servers whose process runs, members or not. */
  List<Node> live() {
    return nodes.stream().filter(node -> node.process().isAlive()).toList();
  }

  List<Node> nodesBut(Node other) {
    return nodes.stream().filter(node -> node != other).toList();
  }

  void add(Node node) {
    ecs.add(node.port());
    ecs.awaitBalanced();
  }

  void remove(Node node) {
    ecs.remove(node.port());
    ecs.awaitBalanced();
    ecs.awaitStatus(node.port(), "STOPPED", Ecs.SETTLES);
  }

  /** What {@code print} and {@code ring} say of the ring, every live server says too. */
  Ring assertAgreement() {
    Await.untilAsserted("all agree about the ring", AGREE, () -> {
      Ring ring = Ring.ofEcs(ecs);
      int perShard = Ring.SLOTS / ecs.number("shards");
      Map<Integer, Integer> shares = ring.shares();
      for (Ecs.Line line : ecs.lines()) {
        assertThat(line.primaries() * perShard).as("primaries printed of %s", line)
            .isEqualTo(shares.getOrDefault(line.port(), 0));
      }
      for (Node node : live()) {
        assertThat(Ring.slotsOf(node.port()).shares()).as("CLUSTER SLOTS of %s", node.name())
            .isEqualTo(shares);
        assertThat(Ring.slotsOf(node.port())).as("CLUSTER SLOTS of %s", node.name()).isEqualTo(ring);
        assertThat(Ring.keyRangeOf(node.port())).as("KEYRANGE of %s", node.name()).isEqualTo(ring);
      }
    });
    return Ring.slotsOf(live().get(0).port());
  }

  /** Runs {@code dss admin} against this ECS. */
  DssProcess admin(String... words) {
    return Admin.start(directory, ecs.port(), words);
  }

  @Override
  public void close() {
    ecs.process().kill();
    nodes.forEach(node -> node.process().kill());
    ecs.end();
    nodes.forEach(node -> node.process().end());
  }
}
