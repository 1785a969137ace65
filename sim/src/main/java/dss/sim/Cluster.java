package dss.sim;

import dss.core.cluster.ServerInfo;
import dss.core.command.Commands;
import dss.core.command.Evaluator;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One simulated cluster: the real core of each server and of the ECS on virtual time. */
final class Cluster {
  /** Stands for the ECS where servers go by index. */
  static final int ECS = -1;
  /** How the trace calls a violation. */
  static final String VIOLATION = "VIOLATION";
  /** By then all servers have been added and had time to settle; faults come from then on. */
  static final long FOUNDED_MICROS = 2_000_000;
  private static final int VALUE_BYTES = 1 << 20;
  private static final long DIAL_MICROS = 100_000;

  final Profile profile;
  final Scheduler scheduler;
  final PlantedBugs bugs;
  final Evaluator evaluator = Commands.standard(VALUE_BYTES);
  final List<SimServer> servers = new ArrayList<>();
  final List<SimClient> clients = new ArrayList<>();
  final History history;
  private final Map<Integer, SimServer> numbered = new HashMap<>();
  final Network network;
  final SimEcs ecs;
  final Checks checks;
  final Readers readers;
  final SteadyReads steadyReads;
  final Schedule faults;
  final Trace trace;
  final Effects effects = new Effects();
  private long requestSeq;
  private @Nullable String violation;

  Cluster(Scenario of, Profile profile, boolean traceAll) {
    this.profile = profile;
    this.bugs = of.planted();
    this.scheduler = new Scheduler(of.seed());
    this.trace = new Trace(scheduler, traceAll);
    this.history = new History(profile.wallApartMicros);
    this.network = new Network(this);
    this.checks = new Checks(this);
    this.readers = new Readers(this);
    this.steadyReads = new SteadyReads(this);
    this.ecs = new SimEcs(this);
    this.faults = new Schedule(this, of.seed(), of.kept());
    for (int i = 0; i < profile.servers; i++) {
      servers.add(new SimServer(this, i));
    }
    for (int i = 0; i < Math.min(profile.clients, of.kept().clients()); i++) {
      clients.add(new SimClient(this, i));
    }
  }

  void start() {
    ecs.start();
    for (SimServer server : servers) {
      startServer(server);
    }
    dial();
  }

  void startServer(SimServer server) {
    if (!server.alive()) {
      server.start();
      ecs.sessions().heartbeat(server);
    }
  }

  private void dial() {
    network.dialAll();
    scheduler.after(DIAL_MICROS, this::dial);
  }

  /** One way through the network, microseconds: mostly short, now and then not. */
  long delay() {
    boolean late = scheduler.chance(0.02);
    if (late) {
      effects.count(Effect.LATE_MESSAGE);
    }
    return late ? scheduler.between(1_000, 50_000) : scheduler.between(100, 400);
  }

  long randomId() {
    return scheduler.random.nextLong() | 1;
  }

  /** The number of a server is its own for ever. */
  @Nullable
  SimServer byNumber(int number) {
    SimServer known = numbered.get(number);
    ServerInfo info = known == null ? ecs.state().server(number) : null;
    if (info != null) {
      for (SimServer server : servers) {
        if (server.id.equals(info.id())) {
          known = server;
          numbered.put(number, server);
        }
      }
    }
    return known;
  }

  /** Whether all servers have been added and had time to settle. */
  boolean founded() {
    return scheduler.now() > FOUNDED_MICROS;
  }

  long nextRequestSeq() {
    return requestSeq++;
  }

  void violation(String what) {
    if (violation == null) {
      violation = what;
      trace(VIOLATION, null, what);
    }
  }

  @Nullable
  String violation() {
    return violation;
  }

  void trace(String what, @Nullable SimServer server, String detail) {
    trace.line(what, server, detail);
  }
}
