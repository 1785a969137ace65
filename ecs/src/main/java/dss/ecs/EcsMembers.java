package dss.ecs;

import dss.consensus.Member;
import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.ecs.EcsLog.Part;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the ECS of this cluster are. Where this one leads it asks the others who they are, every second, admits those
 * that it was told of and that wait, and takes in the place of a member whatever process of an empty directory has
 * come back at its address. Where nobody has a cluster yet, the one with the least address begins it, once all the
 * others have said that they have none. Loop only.
 */
final class EcsMembers {
  private static final Logger LOG = LoggerFactory.getLogger(EcsMembers.class);
  private static final long LOOK_MS = 1_000;
  static final long SOON_MS = 200;
  /** Who answers late once is not taken for dead. */
  private static final long SILENT_MS = 2_500;
  static final long ADDED_MS = 30_000;
  private static final Duration ASK = Duration.ofSeconds(1);
  static final Duration JOIN = Duration.ofSeconds(20);

  /** An ECS as {@code print} shows it. */
  record Line(String id, String address, String status) {}

  /** What one has said of itself, and when. */
  private record Told(Map<String, String> info, long at) {
    private static final Told NOTHING = new Told(Map.of(), 0);
  }

  private final EcsSettings settings;
  private final EcsLog log;
  private final Reconciler reconciler;
  private final RespConnector connector;
  private final EventLoop loop;
  private final Map<Address, Told> told = new HashMap<>();
  private final Map<Address, Long> adding = new HashMap<>();
  /** Ids of those that were let go: one may not have heard yet that it was a member at all. */
  private final Set<String> letGo = new HashSet<>();
  private boolean changing;
  private String complaint = "";

  EcsMembers(EcsSettings settings, EcsLog log, Reconciler reconciler, RespConnector connector,
      EventLoop loop) {
    this.settings = settings;
    this.log = log;
    this.reconciler = reconciler;
    this.connector = connector;
    this.loop = loop;
  }

  void start() {
    loop.execute(this::look);
    loop.scheduleAtFixedRate(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  // ---- looking

  private void look() {
    Part part = log.part();
    // Who follows knows of the others too: it may lead at any moment.
    if (part != Part.MEMBER && (part != Part.WAITING || settings.peers().isEmpty())) {
      told.clear();
    } else {
      Set<Address> others = others();
      if (others.isEmpty()) {
        act();
      }
      others.forEach(this::ask);
    }
  }

  /** All that may belong to this cluster's ECS, but this one. */
  private Set<Address> others() {
    var others = new LinkedHashSet<Address>();
    settings.peers().forEach(peer -> others.add(peer.address()));
    members().stream().map(Member::resp).filter(Objects::nonNull).forEach(others::add);
    others.addAll(adding.keySet());
    others.remove(settings.address());
    return others;
  }

  private List<Member> members() {
    ReplicatedState state = log.now();
    return state == null ? List.of() : state.members();
  }

  private void ask(Address at) {
    InfoQuery.ask(connector, at.host(), at.port(), ASK).whenCompleteAsync((info, failure) -> {
      if (failure == null && info.getOrDefault("dss_role", "").equals("ecs")) {
        told.put(at, new Told(info, Reconciler.nowMs()));
      } else if (told.containsKey(at) && Reconciler.nowMs() - told.get(at).at() > SILENT_MS) {
        told.remove(at);
      }
      act();
    }, loop);
  }

  private void act() {
    if (reconciler.leading()) {
      noteAddresses();
      others().forEach(this::mayAdmit);
    } else if (log.part() == Part.WAITING && !settings.peers().isEmpty()) {
      mayFound();
    }
  }

  /** Servers find the ECS by what the cluster state says. */
  private void noteAddresses() {
    ClusterState state = reconciler.state();
    List<Address> addresses = members().stream().map(Member::resp).filter(Objects::nonNull)
        .toList();
    if (state != null && !changing && !addresses.isEmpty() && !state.ecs().equals(addresses)) {
      reconciler.commit(new StateCommand.MoveEcs(addresses));
    }
  }

  private void mayFound() {
    Set<Address> others = others();
    boolean first = others.stream().allMatch(other -> order(settings.address(), other) < 0);
    boolean allWait = others.stream()
        .allMatch(other -> Part.WAITING.name().equalsIgnoreCase(field(other, "dss_ecs_part")));
    if (first && allWait) {
      LOG.info("none of {} has a cluster: this one, the least of them, begins it", others);
      log.foundSoon().whenCompleteAsync((done, failure) -> {
        if (failure != null) {
          complain("the cluster cannot be created: " + Waiting.reason(failure));
        }
      }, loop);
    } else {
      complain(allWait
          ? "waiting for the ECS with the least address to begin the cluster"
          : "waiting for " + others + ": to begin a cluster all of them, to be admitted the one that leads");
    }
  }

  private static int order(Address a, Address b) {
    int hosts = a.host().compareTo(b.host());
    return hosts != 0 ? hosts : Integer.compare(a.port(), b.port());
  }

  private String field(Address at, String name) {
    return told.getOrDefault(at, Told.NOTHING).info().getOrDefault(name, "");
  }

  /** Said once, not every second. */
  private void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.info("{}", what);
    }
  }

  // ---- admitting

  private void mayAdmit(Address at) {
    ReplicatedState state = log.now();
    if (state == null || changing) {
      return;
    }
    String part = field(at, "dss_ecs_part");
    String cluster = field(at, "dss_cluster_id");
    if (part.equalsIgnoreCase(Part.WAITING.name())) {
      told.remove(at);
      promptToJoin(at, state.clusterId(),
          failure -> complain("the ECS at " + at + " does not join: " + failure));
    } else if (part.equalsIgnoreCase(Part.JOINING.name()) && cluster.equals(state.clusterId())
        && (!letGo.contains(field(at, "dss_ecs_id")) || isAdding(at))) {
      admit(state, at, new Member(field(at, "dss_ecs_id"),
          new Address(at.host(), Integer.parseInt(field(at, "dss_consensus_port"))), at));
    }
  }

  void promptToJoin(Address at, String clusterId, Consumer<String> failed) {
    connector.ask(at.host(), at.port(), ASK, Request.of("ECS", "JOIN", clusterId), JOIN)
        .whenCompleteAsync((reply, failure) -> {
          if (failure != null || reply instanceof Reply.Error) {
            failed
                .accept(failure != null
                    ? Admin.oneLine(Waiting.reason(failure))
                    : ((Reply.Error) reply).text().replaceFirst("^ERR ", ""));
          }
          loop.schedule(() -> ask(at), SOON_MS, TimeUnit.MILLISECONDS);
        }, loop);
  }

  private void admit(ReplicatedState state, Address at, Member joiner) {
    List<Member> now = state.members();
    if (now.stream().anyMatch(member -> member.id().equals(joiner.id()))) {
      return;
    }
    // Whoever was at that address is gone: this process listens there, with a disk of its own.
    var next = new ArrayList<>(now.stream().filter(member -> !at.equals(member.resp())).toList());
    String inPlaceOf = next.size() < now.size() ? " in place of one whose data is gone" : "";
    next.add(joiner);
    change(state, next, "ECS " + at + " added" + inPlaceOf);
  }

  CompletableFuture<Void> change(ReplicatedState state, List<Member> next, String event) {
    changing = true;
    state.members().stream().filter(member -> !next.contains(member))
        .forEach(member -> letGo.add(member.id()));
    return state.setMembers(next).whenCompleteAsync((done, failure) -> {
      changing = false;
      if (failure == null) {
        reconciler.events().add(event);
        LOG.info("{}", event);
      } else {
        complain("a change of the ECS was not decided: " + Waiting.reason(failure));
      }
      noteAddresses();
    }, loop);
  }

  /** For a while this one is asked, and taken in where it waits. False: it is already. */
  boolean adds(Address at) {
    return adding.putIfAbsent(at, Reconciler.nowMs() + ADDED_MS) == null;
  }

  /** It is not waited for any more; false: it was not. */
  boolean addsNoMore(Address at) {
    return adding.remove(at) != null;
  }

  /** Whether it is asked now that it was to be added. */
  boolean isAdding(Address at) {
    return adding.containsKey(at);
  }

  boolean isOverdue(Address at) {
    return adding.getOrDefault(at, Long.MAX_VALUE) < Reconciler.nowMs();
  }

  boolean isChanging() {
    return changing;
  }

  /** What stands in the way of what is wanted, as it was said last. */
  String complaint() {
    return complaint;
  }

  List<Line> lines() {
    ReplicatedState state = log.now();
    if (state == null) {
      return List.of();
    }
    return state.members().stream().map(member -> {
      String address = String.valueOf(member.resp() == null ? settings.address() : member.resp());
      boolean self = member.id().equals(state.self().id());
      String status = self ? "LEADING" : isHeard(member) ? "FOLLOWING" : "DOWN";
      return new Line(member.id(), address, status);
    }).toList();
  }

  /** Whether a member answers. */
  boolean isHeard(Member member) {
    @Nullable
    Address at = member.resp();
    return at != null && field(at, "dss_ecs_id").equals(member.id());
  }
}
