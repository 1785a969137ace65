package dss.drill;

import dss.core.cluster.Address;
import dss.drill.Member.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** ECS and servers of a drill, each its own process on this machine. For one thread. */
final class DrillCluster implements AutoCloseable {
  private static final int FIRST_PORT = 12_000;
  private static final int PEER = 10_000;
  private static final int CONSENSUS = 20_000;
  private static final Duration STARTS = Duration.ofSeconds(60);
  /** Who was slow is taken in again after sixteen minutes at most. */
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(17);
  private static final long LOOK_NANOS = 50_000_000;
  private static final String LISTENS = "127.0.0.1";
  /** Where proxies stand, on a loopback address of their own. */
  private static final String PROXIED = "127.0.1.1";

  private final Asking asking;
  private final Launcher launcher;
  private final Path home;
  private final List<Member> members = new ArrayList<>();
  private final @Nullable FaultProxy proxy;
  private final @Nullable SmallDisks disks;
  private final List<String> endedByThemselves = new ArrayList<>();
  private int nextPort = FIRST_PORT + (int) (ProcessHandle.current().pid() % 500);

  private DrillCluster(Asking asking, Launcher launcher, Path home, boolean proxied, boolean smallDisks) {
    this.asking = asking;
    this.disks = smallDisks ? new SmallDisks() : null;
    this.launcher = launcher;
    this.home = home;
    this.proxy = proxied ? new FaultProxy(connections -> PortOwners.of(connections, members)) : null;
  }

  /**
   * Starts a cluster and waits until nothing moves in it.
   *
   * @param proxied a proxy stands before each port, so that connections can be cut
   * @param smallDisks the data of each server lies on a disk of its own, so that it can be full
   */
  static DrillCluster start(Asking asking, Launcher launcher, Path home, int ecs, int servers,
      boolean proxied,
      boolean smallDisks) throws IOException {
    var cluster = new DrillCluster(asking, launcher, home, proxied, smallDisks);
    try {
      cluster.begin(ecs, servers);
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void begin(int ecs, int servers) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < ecs; i++) {
      ports.add(freePort());
    }
    String peers = ports.stream().map(port -> "ecs" + (ports.indexOf(port) + 1) + "=" + announced(port))
        .collect(Collectors.joining(","));
    for (int port : ports) {
      add(Kind.ECS, "ecs" + (ports.indexOf(port) + 1), port,
          List.of("ecs", "--http-port", "0", "--peers", peers, "--repair-after", "3600s"));
    }
    String told = ports.stream().map(port -> announced(port).toString()).collect(Collectors.joining(","));
    for (int i = 1; i <= servers; i++) {
      int port = freePort();
      add(Kind.SERVER, "server" + i, port,
          List.of("server", "--announce", announced(port).toString(), "--ecs", told,
              "--join", "--memory", "256m", "--disk-reserve", "32m", "--log-retain", "64m"));
    }
    for (Member member : members) {
      member.start();
    }
    awaitWhole(STARTS);
  }

  private void add(Kind kind, String name, int port, List<String> words) throws IOException {
    Path own = home.resolve(name);
    Path data = own;
    if (disks != null && kind == Kind.SERVER) {
      data = own.resolve(SmallDisks.MOUNTED);
      disks.mount(data);
    }
    var line = new ArrayList<>(words);
    line.addAll(List.of("--port", Integer.toString(port), "--host", LISTENS, "--data",
        data.resolve("data").toString()));
    var member = new Member(kind, name, announced(port), new Address(LISTENS, port), launcher, own, line);
    members.add(member);
    if (proxy != null) {
      for (int offset : kind == Kind.ECS ? new int[]{0, PEER, CONSENSUS} : new int[]{0, PEER}) {
        proxy.stand(new Address(PROXIED, port + offset), new Address(LISTENS, port + offset), name);
      }
    }
  }

  private Address announced(int port) {
    return new Address(proxy == null ? LISTENS : PROXIED, port);
  }

  private int freePort() throws IOException {
    for (int tries = 0; tries < 500; tries++) {
      int port = nextPort++;
      if (isFree(port) && isFree(port + PEER) && isFree(port + CONSENSUS)) {
        return port;
      }
    }
    throw new IOException("no free port from " + FIRST_PORT + " on");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(LISTENS, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  // ---- who is there

  List<Member> members() {
    return List.copyOf(members);
  }

  List<Member> servers() {
    return members.stream().filter(member -> member.kind == Kind.SERVER).toList();
  }

  List<Member> ecs() {
    return members.stream().filter(member -> member.kind == Kind.ECS).toList();
  }

  /** Where clients find the servers. */
  List<Address> addresses() {
    return servers().stream().map(server -> server.announced).toList();
  }

  /** Null where connections cannot be cut. */
  @Nullable
  FaultProxy proxy() {
    return proxy;
  }

  /** The ECS that leads, as those say that answer; null: none. */
  @Nullable
  Member leader() {
    return ecs().stream()
        .filter(each -> each.isAlive() && !each.isPaused() && info(each, "dss_leading").equals("1"))
        .findFirst().orElse(null);
  }

  /** A field of INFO, asked past any proxy; empty where there is no answer. */
  String info(Member of, String field) {
    try {
      return asking.info(of.listening).getOrDefault(field, "");
    } catch (IOException e) {
      return "";
    }
  }

  /** What the ECS that leads prints; null where none answers. */
  @Nullable
  Map<String, Object> report() {
    return ofAnyEcs(asking::report);
  }

  /** The newest events that an ECS tells, oldest first. */
  List<String> events(int count) {
    String text = ofAnyEcs(at -> asking.text(at, "EVENTS", Integer.toString(count)));
    return text == null ? List.of() : text.lines().toList();
  }

  private interface Question<T> {
    T ask(Address ecs) throws IOException;
  }

  /** What the first ECS says that answers; null: none does. */
  private <T> @Nullable T ofAnyEcs(Question<T> question) {
    for (Member each : ecs()) {
      if (each.isAlive() && !each.isPaused()) {
        try {
          return question.ask(each.listening);
        } catch (IOException e) {
          continue;
        }
      }
    }
    return null;
  }

  // ---- waiting

  /** Starts what has ended, lets go on what is paused, and waits until all is as it should be. */
  void heal(Duration bound) throws IOException {
    if (proxy != null) {
      proxy.cut(java.util.Set.of());
    }
    for (Member member : members) {
      if (member.isPaused()) {
        member.resume();
      }
      java.nio.file.Files.deleteIfExists(member.slowFile());
      if (member.endedByItself()) {
        endedByThemselves.add(member + " has ended by itself; what it wrote is in " + member.output());
      }
      if (!member.isAlive()) {
        member.start();
      }
    }
    awaitWhole(bound);
  }

  /** A line for each process that ended though nobody ended it. */
  List<String> endedByThemselves() {
    return List.copyOf(endedByThemselves);
  }

  /** All run and are members, all copies are in sync where they are wanted, every ECS follows. */
  void awaitWhole(Duration bound) throws IOException {
    await("no server is left behind as its disk was slow", LEFT_BEHIND, () -> !isAnySlow());
    await("the cluster is whole", bound, this::isWhole);
  }

  private boolean isAnySlow() {
    Map<String, Object> report = report();
    return report != null && count(report.get("servers"), line -> Boolean.TRUE.equals(line.get("slow"))) > 0;
  }

  private boolean isWhole() throws IOException {
    for (Member member : members) {
      if (!member.isAlive()) {
        throw new IOException(member + " has ended by itself; what it wrote is in " + member.output());
      }
    }
    Map<String, Object> report = report();
    return report != null && Boolean.TRUE.equals(report.get("balanced"))
        && Integer.valueOf(0).equals(report.get("underReplicated"))
        && count(report.get("servers"), line -> "ACTIVATED".equals(line.get("status"))) == servers().size()
        && report.get("ecs") instanceof Map<?, ?> told
        && count(told.get("states"), line -> !"DOWN".equals(line.get("status"))) == ecs().size();
  }

  private static long count(@Nullable Object lines, Predicate<Map<?, ?>> which) {
    return lines instanceof List<?> list
        ? list.stream().filter(line -> line instanceof Map<?, ?> map && which.test(map)).count()
        : -1;
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(String what, Duration bound, Condition condition) throws IOException {
    long until = System.nanoTime() + bound.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        throw new IOException("not within " + bound.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** As {@link #close}, where this process is told to end. */
  void end() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("dss: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    members.forEach(Member::end);
    for (Member member : members) {
      member.awaitEnd();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (disks != null) {
      disks.close();
    }
  }
}
