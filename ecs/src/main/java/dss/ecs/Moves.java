package dss.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.Moving;
import dss.core.placement.Placement.Site;
import dss.protocol.Reply;
import dss.wire.Ticket;
import dss.wire.Waiting;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an admin asks about copies on their way: plans, what is moving, to stop that and to go on. Loop only. */
final class Moves {
  private static final int SHARDS_SHOWN = 16;

  private final Reconciler reconciler;
  private final Joining joining;
  private final GivingUp givingUp;

  Moves(Reconciler reconciler, Joining joining, GivingUp givingUp) {
    this.reconciler = reconciler;
    this.joining = joining;
    this.givingUp = givingUp;
  }

  /** Their numbers, in words. */
  static String shards(List<Integer> shards) {
    return shards.size() + (shards.size() == 1 ? " shard (" : " shards (")
        + shards.stream().limit(SHARDS_SHOWN).map(String::valueOf).collect(Collectors.joining(", "))
        + (shards.size() > SHARDS_SHOWN ? ", ...)" : ")");
  }

  // ---- plans

  /** What an addition would move. */
  void planAdd(String host, int port, boolean json, Ticket ticket) {
    joining.identify(host, port, ticket::answer, found -> {
      Controller controller = reconciler.controller();
      ticket.answer(controller == null
          ? Admin.NOT_LEADING
          : plan(controller, "add " + host + ":" + port, found, true, "", json));
    });
  }

  /** What a removal would move. */
  Reply planRemove(Controller controller, String host, int port, boolean json) {
    ServerInfo server = Admin.find(controller.state(), host, port);
    if (server == null) {
      return Reply.error("ERR no server is known at " + host + ":" + port + "; print lists them");
    }
    long now = Reconciler.nowMs();
    String refusal = controller.removals().refusal(server, now);
    if (!refusal.isEmpty()) {
      return Reply.error("ERR " + refusal);
    }
    var site = new Site(server.number(), server.id(), server.resp().host(), server.zone());
    List<Integer> only = controller.removals().onlyOn(server, now);
    String warning = only.isEmpty()
        ? controller.removals().warning(server, now).replaceFirst("^; ", "")
        : "it is down, and acknowledged writes of " + shards(only)
            + " are nowhere else: it is refused without --accept-data-loss";
    return plan(controller, "remove " + server.resp(), site, false, warning, json);
  }

  Reply planRebalance(Controller controller, boolean json) {
    return plan(controller, "rebalance", null, false, "", json);
  }

  private static Reply plan(Controller controller, String change, @Nullable Site site, boolean member,
      String warning,
      boolean json) {
    ClusterState state = controller.state();
    var report = new PlanReport(change, controller.preview(site, member, Reconciler.nowMs()),
        controller.bytesOfCopy(),
        controller::secondsFor, warning,
        number -> site != null && number == site.server() && state.server(number) == null
            ? change.replaceFirst("^add ", "") + " (new)"
            : Admin.name(state, number));
    return new Reply.Text(json ? Admin.asJson(report.json()) : report.text());
  }

  // ---- what is done

  /** @param acceptDataLoss shards that are lost begin again with what is left of them */
  void rebalance(Controller controller, boolean acceptDataLoss, Consumer<Reply> answer) {
    controller.planAgain();
    reconciler.soon();
    List<Integer> lost = controller.removals().lost();
    if (!acceptDataLoss || lost.isEmpty()) {
      answer.accept(new Reply.Simple("rebalancing" + (lost.isEmpty()
          ? ""
          : "; " + shards(lost)
              + " are lost: --accept-data-loss lets them begin again with what is left of them")));
      return;
    }
    givingUp.giveUp(controller, lost, 0).whenComplete(
        (done, failure) -> answer.accept(failure != null
            ? undecided(failure)
            : new Reply.Simple("rebalancing; " + shards(lost) + " begin again with what is left of them")));
  }

  void pause(Controller controller, boolean paused, Consumer<Reply> answer) {
    if (controller.state().settings().paused() == paused) {
      answer.accept(
          Reply.error(paused ? "ERR it is cancelled already; resume goes on" : "ERR nothing is cancelled"));
      return;
    }
    reconciler.commit(new StateCommand.Pause(paused)).whenComplete(
        (done, failure) -> answer.accept(failure != null
            ? undecided(failure)
            : new Reply.Simple(paused
                ? "cancelled: nothing moves until resume, but copies that are missing are made"
                : "resumed")));
  }

  private static Reply undecided(Throwable failure) {
    return Reply.error("ERR it was not decided, ask again: " + Admin.oneLine(Waiting.reason(failure)));
  }

  Reply changes(Controller controller, boolean json) {
    List<Moving> moving = controller.moving(Reconciler.nowMs());
    boolean paused = controller.state().settings().paused();
    return new Reply.Text(json
        ? Admin.asJson(
            Map.of("paused", paused, "changes",
                moving.stream().map(each -> json(controller, each, seconds(controller, moving))).toList()))
        : text(controller, moving, paused));
  }

  private static String text(Controller controller, List<Moving> moving, boolean paused) {
    if (moving.isEmpty()) {
      return "nothing is on its way\n";
    }
    var out = new StringBuilder(
        paused ? "cancelled: only copies that are missing are made; resume goes on\n" : "");
    long seconds = seconds(controller, moving);
    for (Moving each : moving) {
      String server = Admin.name(controller.state(), each.server());
      String eta = paused && each.what() != Moving.What.REPAIR
          ? ""
          : ", about " + seconds + " s";
      out.append(switch (each.what()) {
        case FILL ->
          "add     " + server + ": " + each.copies() + " of " + each.of() + " copies to come" + eta;
        case REPAIR ->
          "repair  " + server + ": " + each.copies() + " of " + each.of() + " copies to come" + eta;
        case EMPTY -> "remove  " + server + ": " + each.copies() + " copies to go" + eta;
      }).append('\n');
    }
    return out.toString();
  }

  /** All of it goes on at once. */
  private static long seconds(Controller controller, List<Moving> moving) {
    return controller.secondsFor(moving.stream().filter(each -> each.what() != Moving.What.EMPTY)
        .mapToInt(Moving::copies).sum());
  }

  private static Map<String, Object> json(Controller controller, Moving each, long seconds) {
    return Map.of("server", Admin.name(controller.state(), each.server()), "change", each.what().name(),
        "copies",
        each.copies(), "of", each.of(), "etaSeconds", seconds);
  }
}
