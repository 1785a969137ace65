package dss.ecs;

import com.fasterxml.jackson.jr.ob.JSON;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.Removals;
import dss.peer.SessionMessage;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.wire.Ticket;
import dss.wire.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The admin's commands. Loop only. */
final class Admin {
  static final String HELP = """
      add HOST PORT           make the server that listens there a member; shards move to it
      remove HOST PORT        move all shards off a member, then let it go (it runs on, STOPPED); one that is down
                              and alone has acknowledged writes only with --accept-data-loss
      rebalance               plan anew where copies are to be, after names of zones have changed say
                              these three with --plan [--json]: only show what would move
      changes [--json]        what is on its way, and how long it will take
      cancel                  move nothing any more but copies that are missing; what is half way is dropped
      resume                  go on with what was cancelled
      print [--json]          servers, shares, transfers
      ring [--json]           which slots are where
      events [N] [--json]     what happened to servers and shards, newest last
      why KEY | HOST:PORT     where a key is and since when, what a server holds and what happened to it [--json]
      ecs add HOST PORT       let another dss ecs take part in this one: three survive the loss of one
      ecs remove HOST PORT    let one of them go, dead or alive
      lock HOST PORT SECONDS  hold a server's writes back for a while, to see clients wait
      help                    this text
      quit                    leave
      """;
  static final Reply NOT_LEADING = Reply
      .error("ERR this ECS does not lead now; try again, or ask another");

  private final Reconciler reconciler;
  private final Joining joining;
  private final EcsMembers members;
  private final GivingUp givingUp;
  private final String leader;

  /** @param leader this ECS's RESP address */
  Admin(Reconciler reconciler, Joining joining, EcsMembers members, GivingUp givingUp, String leader) {
    this.reconciler = reconciler;
    this.joining = joining;
    this.members = members;
    this.givingUp = givingUp;
    this.leader = leader;
  }

  /** Null while this ECS does not lead. */
  @Nullable
  Controller controller() {
    return reconciler.controller();
  }

  void add(String host, int port, Ticket ticket) {
    joining.join(host, port, ticket::answer);
  }

  /** @param acceptDataLoss also where acknowledged writes are lost by it */
  void remove(Controller controller, String host, int port, boolean acceptDataLoss, Ticket ticket) {
    ServerInfo server = find(controller.state(), host, port);
    if (server == null) {
      ticket.answer(Reply.error("ERR no server is known at " + host + ":" + port + "; print lists them"));
      return;
    }
    Removals removals = controller.removals();
    List<Integer> only = removals.onlyOn(server, Reconciler.nowMs());
    String refusal = removals.refusal(server, Reconciler.nowMs());
    if (!refusal.isEmpty()) {
      ticket.answer(Reply.error("ERR " + refusal));
    } else if (!only.isEmpty() && !acceptDataLoss) {
      ticket.answer(Reply.error("ERR " + server.resp() + " is down and alone holds acknowledged writes of "
          + Moves.shards(only)
          + ": start it again; or, if it is gone for good and runs nowhere, add --accept-data-loss"));
    } else {
      String warning = removals.warning(server, Reconciler.nowMs())
          + (only.isEmpty() ? "" : "; what no other server has of " + Moves.shards(only) + " is given up");
      givingUp.giveUp(controller, only, server.number())
          .thenCompose(done -> reconciler.commit(new StateCommand.SetMember(server.number(), false)))
          .whenComplete((outcome, failure) -> ticket.answer(failure != null
              ? Reply.error("ERR the removal was not decided, ask again: " + oneLine(Waiting.reason(failure)))
              : new Reply.Simple("removing " + server.resp() + warning)));
    }
  }

  Reply lock(Controller controller, String host, int port, int seconds) {
    ServerInfo server = find(controller.state(), host, port);
    ServerSession session = server == null ? null : reconciler.sessions().of(server.id());
    if (server == null || session == null) {
      return Reply.error("ERR no server runs at " + host + ":" + port + "; print lists them");
    }
    session.send(new SessionMessage.Lock(seconds * 1000L));
    reconciler.events().add("server " + server.resp() + " locked for " + seconds + " s");
    return new Reply.Simple("locked " + server.resp() + " for " + seconds + " s");
  }

  Reply print(Controller controller, boolean json) {
    var report = ClusterReport.of(controller, leader, members.lines(), Reconciler.nowMs(),
        id -> reconciler.sessions().of(id) != null);
    return new Reply.Text(json ? asJson(report.json()) : ReportText.of(report));
  }

  /** @param word the RESP address of a known server, or any key */
  Reply why(Controller controller, Bytes word, boolean json) {
    var why = new Why(controller, reconciler.events(), Reconciler.nowMs());
    ServerInfo server = serverNamed(controller.state(), word.asUtf8());
    if (server != null) {
      Why.OfServer answer = why.server(server);
      return new Reply.Text(json ? asJson(WhyText.json(answer)) : WhyText.of(answer));
    }
    Why.OfKey answer = why.key(word);
    return new Reply.Text(json ? asJson(WhyText.json(answer)) : WhyText.of(answer));
  }

  private static @Nullable ServerInfo serverNamed(ClusterState state, String word) {
    try {
      Address at = Address.parse(word);
      return find(state, at.host(), at.port());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  Reply ring(Controller controller, boolean json) {
    ClusterState state = controller.state();
    var arcs = new ArrayList<Map<String, Object>>();
    Map<String, Object> last = Map.of();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      String primary = name(state, row.primary());
      List<String> backups = row.inSync().stream().filter(n -> n != row.primary()).map(n -> name(state, n))
          .sorted().toList();
      int to = state.firstSlot(shard) + state.settings().slotsPerShard() - 1;
      if (primary.equals(last.get("primary")) && backups.equals(last.get("backups"))) {
        last.put("to", to);
      } else {
        last = new LinkedHashMap<>();
        last.put("from", state.firstSlot(shard));
        last.put("to", to);
        last.put("primary", primary);
        last.put("backups", backups);
        arcs.add(last);
      }
    }
    return new Reply.Text(json ? asJson(arcs) : ringText(arcs));
  }

  private static String ringText(List<Map<String, Object>> arcs) {
    return String.format("%-13s %-22s %s%n", "slots", "primary", "backups") + arcs.stream()
        .map(arc -> String.format("%5s-%-7s %-22s %s%n", arc.get("from"), arc.get("to"), arc.get("primary"),
            arc.get("backups")))
        .collect(Collectors.joining());
  }

  Reply events(int count, boolean json) {
    List<EventLog.Event> events = reconciler.events().last(count);
    if (!json) {
      return new Reply.Text(events.stream().map(e -> e.time() + "  " + e.what() + "\n")
          .collect(Collectors.joining()));
    }
    return new Reply.Text(
        asJson(events.stream().map(WhyText::json).toList()));
  }

  /** By its announced address; localhost and 127.0.0.1 are the same here. */
  static @Nullable ServerInfo find(ClusterState state, String host, int port) {
    ServerInfo found = state.serverAt(new Address(host, port));
    if (found == null && new Address(host, port).isLoopback()) {
      for (ServerInfo server : state.servers()) {
        if (server.resp().port() == port && server.resp().isLoopback()) {
          return server;
        }
      }
    }
    return found;
  }

  static String name(ClusterState state, int number) {
    ServerInfo server = state.server(number);
    return server == null ? "none" : server.resp().toString();
  }

  static String asJson(Object value) {
    try {
      return JSON.std.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String oneLine(@Nullable String text) {
    return String.valueOf(text).replaceAll("\\s+", " ");
  }
}
