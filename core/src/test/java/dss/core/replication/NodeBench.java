package dss.core.replication;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.Register;
import dss.core.cluster.StateCommand.SetInSync;
import dss.core.command.Command;
import dss.core.command.CommandTable;
import dss.core.command.Commands;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.core.planted.PlantedBugs;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.BeaconReply;
import dss.core.replication.PeerMessage.FrameDone;
import dss.core.replication.PeerMessage.Mismatch;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node, server 1 of three with one shard, and all around it held in the hand: its clock, its disk, what servers 2
 * and 3 and the ECS say. Nothing happens unless a test says so.
 */
final class NodeBench implements Host {
  static final int SELF = 1;
  private static final long WALL = 1_700_000_000_000_000L;

  /** A client's command and what came of it. */
  static final class Asked implements Call {
    private final Command command;
    private final Object connection;
    final List<String> answers = new ArrayList<>();

    Asked(Command command, Object connection) {
      this.command = command;
      this.connection = connection;
    }

    @Override
    public Command command() {
      return command;
    }

    @Override
    public Object connection() {
      return connection;
    }

    @Override
    public boolean abandoned() {
      return false;
    }

    @Override
    public void answer(Reply reply) {
      answers.add(reply.toString());
    }
  }

  /** What the node sent; of an append frame its appends, their entries copied. */
  record Sent(int to, PeerMessage message) {}

  final NodeSettings settings = new NodeSettings();
  final MemoryStorage storage = new MemoryStorage();
  final MemoryShard shard = storage.shard;
  final List<Sent> sent = new ArrayList<>();
  final List<StateCommand> requests = new ArrayList<>();
  final List<String> broken = new ArrayList<>();
  final Node node;
  final EntryWriter writer = new EntryWriter();
  ClusterState ecs = ClusterState.created("c", Settings.of(1, 3), List.of());
  long now = 1_000_000;
  /** Its own disk brings nothing to an end. */
  boolean diskHolds;
  private long random;

  NodeBench() {
    this(PlantedBugs.NONE);
  }

  NodeBench(PlantedBugs bugs) {
    node = new Node(this, storage, Commands.standard(1 << 20), settings, address(SELF), address(11),
        "",
        bugs);
    node.start();
    tick();
    decide(requests.removeLast());
    register(2, 1);
    register(3, 1);
  }

  private static Address address(int number) {
    return new Address("127.0.0.1", 7000 + number);
  }

  // ---- the ECS

  void decide(StateCommand command) {
    ecs = ecs.evolve(Changes.decide(ecs, command).events());
  }

  /** Another life of a server, on another disk than that of other boots. */
  void register(int server, long boot) {
    decide(
        new Register(Character.toString('a' + server).repeat(40), boot, boot, 100 * server + boot, List.of(),
            address(server), address(10 + server), ""));
  }

  void push() {
    node.state(ecs);
    turn();
  }

  Row row() {
    return ecs.row(0);
  }

  void inSync(Integer... servers) {
    List<Integer> set = List.of(servers);
    List<Long> boots = set.stream().map(s -> Objects.requireNonNull(ecs.server(s)).boot()).toList();
    int primary = row().primary();
    long boot = Objects.requireNonNull(ecs.server(primary)).boot();
    decide(new SetInSync(primary, boot, List.of(new InSyncChange(0, row().epoch(), set, boots))));
  }

  /** Founded on the first of them; all of them wanted and in sync. */
  void founded(Integer... servers) {
    for (int server : servers) {
      decide(new StateCommand.SetMember(server, true));
    }
    decide(new StateCommand.Found(servers[0], List.of(0)));
    push();
    want(servers);
    inSync(servers);
  }

  void want(Integer... servers) {
    decide(new StateCommand.Want(List.of(new StateCommand.WantChange(0, row().epoch(), List.of(servers)))));
  }

  List<List<Integer>> setsAskedFor() {
    return requests.stream().flatMap(r -> r instanceof SetInSync s ? s.changes().stream() : Stream.of())
        .map(InSyncChange::set).toList();
  }

  // ---- peers

  void connect(int server) {
    node.connected(server, Objects.requireNonNull(ecs.server(server)).boot());
  }

  void says(int server, PeerMessage message) {
    node.received(server, ecs.version(), message);
    turn();
  }

  /** The newest append does not match its log. */
  void disagrees(int server, long epoch, long last, boolean needCopy) {
    says(server, new Mismatch(0, epoch, last, needCopy, 0, node.link(server).framesSent - 1));
  }

  /** It answers every beacon, and every append where its disk is well. */
  void answers(int server, boolean durable) {
    for (Sent s : List.copyOf(sent)) {
      if (s.to == server && s.message instanceof Beacon beacon) {
        sent.remove(s);
        says(server, new BeaconReply(beacon.n()));
      } else if (durable && s.to == server && s.message instanceof AppendFrame frame) {
        sent.remove(s);
        says(server, new FrameDone(frame.n(), List.of()));
      }
    }
  }

  Follower follower(int server) {
    return Objects.requireNonNull(node.replica(0).primary()).followers().all().stream()
        .filter(f -> f.link.server == server).findFirst().orElseThrow();
  }

  List<Append> appendsTo(int server) {
    return sent.stream().filter(s -> s.to == server)
        .flatMap(s -> s.message instanceof AppendFrame f ? f.appends().stream() : Stream.of()).toList();
  }

  /** An entry as a primary of that epoch writes it; valid until the next. */
  Entry entry(long epoch, long seq) {
    return writer.write(Entry.COMMAND, 0, epoch, seq, WALL + seq, null, List.of());
  }

  /** Server 1 is primary, 2 and 3 are in sync, all is committed. */
  NodeBench serving() {
    founded(1, 2, 3);
    push();
    connect(2);
    connect(3);
    pass(2_000, 2, 3);
    sent.clear();
    requests.clear();
    return this;
  }

  // ---- time

  void tick() {
    node.tick();
    turn();
  }

  /** Ends a turn: sends, writes, fsyncs. */
  void turn() {
    node.endTurn();
    node.sendAppends();
    if (shard.durable < shard.lastSeq() && !diskHolds) {
      shard.durable = shard.lastSeq();
      node.synced();
      turn();
    }
  }

  /** Time passes in ticks; these servers are well. */
  void pass(long ms, Integer... well) {
    for (long until = now + ms; now < until; now += Node.TICK_MS) {
      tick();
      for (int server : well) {
        answers(server, true);
      }
    }
  }

  /** Beacons alone are answered. */
  void passWithHangingDisk(long ms, int server, Integer... well) {
    for (long until = now + ms; now < until;) {
      pass(Node.TICK_MS, well);
      answers(server, false);
    }
  }

  // ---- clients

  Asked submit(Object connection, String... words) {
    return submit(connection, null, words);
  }

  Asked submit(Object connection, @Nullable RequestId id, String... words) {
    Bytes key = Bytes.utf8(words[1]);
    var spec = CommandTable.standard().get(words[0].toLowerCase(java.util.Locale.ROOT));
    var asked = new Asked(new Command(Objects.requireNonNull(spec), Request.of(words),
        Slots.of(key), List.of(key), id), connection);
    node.submit(asked);
    return asked;
  }

  // ---- what the node asks of its process

  @Override
  public long nowMs() {
    return now;
  }

  @Override
  public long wallMicros() {
    return WALL + now * 1000;
  }

  @Override
  public long random() {
    return ++random;
  }

  @Override
  public void send(int server, long version, PeerMessage message) {
    if (message instanceof AppendFrame frame) {
      sent.add(new Sent(server, new AppendFrame(frame.n(), frame.appends().stream()
          .map(a -> new Append(a.shard(), a.epoch(), a.prevEpoch(), a.prevSeq(),
              a.entries().stream().map(Entry::copy).toList(), a.committed(), a.copyId()))
          .toList())));
    } else {
      sent.add(new Sent(server, message));
    }
  }

  @Override
  public void sendCopy(int server, long version, PeerMessage message) {
    sent.add(new Sent(server, message));
  }

  boolean busy;

  @Override
  public boolean isBusy() {
    return busy;
  }

  @Override
  public void disconnect(int server) {
    throw new IllegalStateException("too much is held of server " + server);
  }

  @Override
  public void request(StateCommand command) {
    requests.add(command);
  }

  @Override
  public void broken(String invariant) {
    broken.add(invariant);
  }
}
