package dss.ecs;

import dss.consensus.Member;
import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What an admin asks of the ECS themselves: {@code ecs add} and {@code ecs remove}. Each is answered once. Loop only. */
final class EcsRequests {
  private static final Duration ASK = Duration.ofSeconds(1);
  private static final String FEW_ANSWER = "answer: no more could be decided";

  private final EcsSettings settings;
  private final EcsLog log;
  private final Reconciler reconciler;
  private final EcsMembers members;
  private final RespConnector connector;
  private final EventLoop loop;

  EcsRequests(EcsSettings settings, EcsLog log, Reconciler reconciler, EcsMembers members,
      RespConnector connector,
      EventLoop loop) {
    this.settings = settings;
    this.log = log;
    this.reconciler = reconciler;
    this.members = members;
    this.connector = connector;
    this.loop = loop;
  }

  /** Lets the ECS that listens there take part: one that waits, or one whose cluster holds nothing. */
  void add(Address at, Consumer<Reply> answer) {
    ReplicatedState state = log.now();
    if (state == null || !reconciler.leading()) {
      answer.accept(Admin.NOT_LEADING);
    } else if (at.equals(settings.address())
        || state.members().stream().anyMatch(member -> at.equals(member.resp()) && members.isHeard(member))) {
      answer.accept(Reply.error("ERR the ECS at " + at + " is a member already"));
    } else {
      InfoQuery.ask(connector, at.host(), at.port(), ASK).whenCompleteAsync((info, failure) -> {
        if (failure != null || !info.getOrDefault("dss_role", "").equals("ecs")) {
          answer.accept(Reply.error("ERR no ECS answers at " + at + ": start one with dss ecs --port "
              + at.port() + " --http-port 0 ("
              + (failure == null ? "something else is there" : Admin.oneLine(Waiting.reason(failure)))
              + ")"));
        } else {
          if (!members.adds(at)) {
            answer.accept(Reply.error("ERR the ECS at " + at + " is being added already"));
            return;
          }
          members.promptToJoin(at, state.clusterId(), why -> {
            if (members.addsNoMore(at)) {
              answer.accept(Reply.error("ERR the ECS at " + at + " does not join: " + why));
            }
          });
          awaitMember(state, at, answer);
        }
      }, loop);
    }
  }

  private void awaitMember(ReplicatedState state, Address at, Consumer<Reply> answer) {
    if (!members.isAdding(at)) {
      return;
    }
    // By its id: a member whose data is gone had another one.
    boolean in = state.members().stream()
        .anyMatch(member -> at.equals(member.resp()) && members.isHeard(member));
    if (in && !members.isChanging()) {
      members.addsNoMore(at);
      answer.accept(new Reply.Simple("added ECS " + at + advice(state.members().size())));
    } else if (members.isOverdue(at)) {
      members.addsNoMore(at);
      answer
          .accept(Reply.error(
              "ERR the ECS at " + at + " was not admitted within " + EcsMembers.ADDED_MS / 1000 + " s: "
                  + members.complaint()));
    } else {
      loop.schedule(() -> awaitMember(state, at, answer), EcsMembers.SOON_MS, TimeUnit.MILLISECONDS);
    }
  }

  private static String advice(int members) {
    return members == 2 ? "; two need each other: add a third, or remove one" : "";
  }

  /** Lets an ECS go, dead or alive. */
  void remove(Address at, Consumer<Reply> answer) {
    ReplicatedState state = log.now();
    if (state == null || !reconciler.leading()) {
      answer.accept(Admin.NOT_LEADING);
      return;
    }
    List<Member> now = state.members();
    List<Member> next = now.stream().filter(member -> !at.equals(member.resp())).toList();
    if (next.size() == now.size()) {
      answer.accept(Reply.error("ERR no ECS is known at " + at + "; print lists them"));
    } else if (next.isEmpty()) {
      answer.accept(
          Reply.error("ERR " + at + " is the last ECS: without one no server can join or be replaced"));
    } else if (heard(next) * 2 <= next.size()) {
      answer.accept(Reply.error("ERR of those that would remain only " + heard(next) + " of " + next.size()
          + " " + FEW_ANSWER + "; remove the dead ones first, or start them"));
    } else if (at.equals(settings.address())) {
      removeSelf(state, next, answer);
    } else if (members.isChanging()) {
      answer.accept(Reply.error("ERR another change of the ECS is under way, ask again"));
    } else {
      members.change(state, next, "ECS " + at + " removed").whenCompleteAsync(
          (done, failure) -> answer.accept(
              failure != null
                  ? Reply.error(
                      "ERR the removal was not decided, ask again: " + Admin.oneLine(Waiting.reason(failure)))
                  : new Reply.Simple("removed ECS " + at + advice(next.size()))),
          loop);
    }
  }

  private long heard(List<Member> of) {
    return of.stream().filter(member -> settings.address().equals(member.resp()) || members.isHeard(member))
        .count();
  }

  /** Another one is to lead first, and lets this one go. */
  private void removeSelf(ReplicatedState state, List<Member> others, Consumer<Reply> answer) {
    Member next = others.stream().filter(members::isHeard).findFirst().orElse(others.get(0));
    Address to = next.resp();
    state.handOver(next).whenCompleteAsync((done, failure) -> {
      if (failure != null || to == null) {
        answer.accept(Reply.error("ERR this ECS leads, and no other one takes over: "
            + (failure == null ? "it is not known where it is" : Admin.oneLine(Waiting.reason(failure)))
            + "; ask again"));
      } else {
        askNext(to, Reconciler.nowMs() + EcsMembers.ADDED_MS, answer);
      }
    }, loop);
  }

  private void askNext(Address to, long until, Consumer<Reply> answer) {
    Address self = settings.address();
    Request removal = Request.of(Forwarding.BROUGHT, "ECS", "REMOVE", self.host(),
        Integer.toString(self.port()));
    connector.ask(to.host(), to.port(), ASK, removal, EcsMembers.JOIN)
        .whenCompleteAsync((reply, failure) -> {
          // One that has just begun to lead may not have heard of all the others yet.
          boolean notYet = failure != null || reply.equals(Admin.NOT_LEADING)
              || reply instanceof Reply.Error error && error.text().contains(FEW_ANSWER);
          if (!notYet) {
            answer.accept(reply);
          } else if (Reconciler.nowMs() > until) {
            answer.accept(failure == null ? reply : Admin.NOT_LEADING);
          } else {
            loop.schedule(() -> askNext(to, until, answer), EcsMembers.SOON_MS, TimeUnit.MILLISECONDS);
          }
        }, loop);
  }
}
