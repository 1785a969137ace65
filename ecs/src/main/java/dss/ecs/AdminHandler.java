package dss.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.DssVersion;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.Hello;
import dss.wire.RequestHandler;
import dss.wire.RespConnection;
import dss.wire.Ticket;
import io.netty.channel.EventLoop;
import java.util.Locale;
import java.util.Set;

/** The ECS's RESP port: what Redis' tools ask of any server, and the admin's commands. Loop only. */
final class AdminHandler implements RequestHandler {
  private static final int EVENTS_SHOWN = 100;
  private static final Set<String> LED = Set.of("add", "remove", "lock", "print", "ring", "events", "why",
      "ecs");

  private static final Hello HELLO = new Hello(DssVersion.REDIS, DssVersion.TEXT, "standalone");

  private final Admin admin;
  private final EcsRequests ofEcs;
  private final EcsInfo info;
  private final EcsLog log;
  private final Forwarding forwarding;
  private final EventLoop loop;

  AdminHandler(Admin admin, EcsRequests ofEcs, EcsInfo info, EcsLog log, Forwarding forwarding,
      EventLoop loop) {
    this.admin = admin;
    this.ofEcs = ofEcs;
    this.info = info;
    this.log = log;
    this.forwarding = forwarding;
    this.loop = loop;
  }

  @Override
  public void opened(RespConnection connection) {}

  @Override
  public void closed(RespConnection connection) {}

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    String refusal = request.refusal();
    if (refusal != null) {
      ticket.answer(Reply.error(refusal));
      return;
    }
    String name = request.name().asUtf8().toLowerCase(Locale.ROOT);
    switch (name) {
      case "ping" -> ticket.answer(request.size() > 1 ? Reply.bulk(request.get(1)) : Reply.PONG);
      case "hello" -> ticket.answer(HELLO.answer(connection, request));
      case "info" -> ticket.answer(new Reply.Text(info.text()));
      case "client", "select" -> ticket.answer(Reply.OK);
      case "command" -> ticket.answer(Reply.EMPTY_ARRAY);
      case "quit" -> {
        ticket.answer(Reply.OK);
        connection.closeAfterReplies();
      }
      case "help" -> ticket.answer(new Reply.Text(Admin.HELP));
      case "led" -> {
        if (request.size() > 1) {
          led(request.tail(1), ticket);
        } else {
          ticket.answer(unknown(name));
        }
      }
      case "ecs" -> ecs(request, ticket);
      default -> forwardOrRun(name, request, ticket);
    }
  }

  /** What only the ECS that leads can answer is brought to it. */
  private void forwardOrRun(String name, Request request, Ticket ticket) {
    if (!LED.contains(name)) {
      ticket.answer(unknown(name));
    } else if (admin.leads()) {
      led(request, ticket);
    } else {
      forwarding.forward(request, ticket);
    }
  }

  private static Reply unknown(String name) {
    return Reply.error("ERR unknown command '" + printable(name) + "'; type help");
  }

  private void led(Request request, Ticket ticket) {
    String name = request.name().asUtf8().toLowerCase(Locale.ROOT);
    switch (name) {
      case "add" -> change(request, ticket, "add HOST PORT", admin::add, admin::planAdd);
      case "remove" -> change(request, ticket, "remove HOST PORT", admin::remove,
          (host, port, json, to) -> to.answer(admin.planRemove(host, port, json)));
      case "lock" -> lock(request, ticket);
      case "print" -> ticket.answer(admin.print(isJson(request)));
      case "ring" -> ticket.answer(admin.ring(isJson(request)));
      case "events" -> events(request, ticket);
      case "why" -> why(request, ticket);
      case "ecs" -> ecsMember(request, ticket);
      default -> ticket.answer(unknown(name));
    }
  }

  /** Which cluster this process takes part in is its own affair; who the members are is the leader's. */
  private void ecs(Request request, Ticket ticket) {
    boolean join = request.size() == 3 && request.get(1).equalsIgnoreCase("JOIN");
    if (join && request.get(2).asUtf8().matches("[0-9a-f]{32}")) {
      log.join(request.get(2).asUtf8()).whenCompleteAsync((done, failure) -> ticket.answer(failure == null
          ? Reply.OK
          : Reply.error("ERR " + Admin.oneLine(cause(failure).getMessage()))), loop);
    } else {
      forwardOrRun("ecs", request, ticket);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  private void ecsMember(Request request, Ticket ticket) {
    Integer port = request.size() == 4 ? number(request.get(3).asUtf8(), 65_535) : null;
    String what = request.size() == 4 ? request.get(1).asUtf8().toLowerCase(Locale.ROOT) : "";
    if (port == null || port == 0 || !what.equals("add") && !what.equals("remove")) {
      ticket.answer(Reply.error("ERR usage: ecs add HOST PORT, ecs remove HOST PORT"));
      return;
    }
    var at = new Address(request.get(2).asUtf8(), port);
    if (what.equals("add")) {
      ofEcs.add(at, ticket::answer);
    } else {
      ofEcs.remove(at, ticket::answer);
    }
  }

  private static String printable(String name) {
    return name.replaceAll("[^ -~]", "?").substring(0, Math.min(128, name.length()));
  }

  private interface OnServer {
    void run(String host, int port, Ticket ticket);
  }

  private interface PlanOnServer {
    void run(String host, int port, boolean json, Ticket ticket);
  }

  private static void change(Request request, Ticket ticket, String usage, OnServer then, PlanOnServer plan) {
    boolean json = hasWord(request, "JSON");
    boolean planned = hasWord(request, "PLAN");
    int words = 3 + (json ? 1 : 0) + (planned ? 1 : 0);
    Integer port = request.size() == words ? number(request.get(2).asUtf8(), 65_535) : null;
    if (port == null || port == 0 || json && !planned) {
      ticket.answer(Reply.error("ERR usage: " + usage + " [--plan [--json]]"));
    } else if (planned) {
      plan.run(request.get(1).asUtf8(), port, json, ticket);
    } else {
      then.run(request.get(1).asUtf8(), port, ticket);
    }
  }

  private void lock(Request request, Ticket ticket) {
    Integer port = request.size() == 4 ? number(request.get(2).asUtf8(), 65_535) : null;
    Integer seconds = request.size() == 4 ? number(request.get(3).asUtf8(), 3_600) : null;
    if (port == null || seconds == null || port == 0) {
      ticket.answer(Reply.error("ERR usage: lock HOST PORT SECONDS, at most 3600"));
    } else {
      ticket.answer(admin.lock(request.get(1).asUtf8(), port, seconds));
    }
  }

  private void events(Request request, Ticket ticket) {
    int count = EVENTS_SHOWN;
    for (int i = 1; i < request.size(); i++) {
      Integer number = number(request.get(i).asUtf8(), 1_000_000);
      count = number == null ? count : number;
    }
    ticket.answer(admin.events(count, isJson(request)));
  }

  private void why(Request request, Ticket ticket) {
    boolean json = request.size() == 3 && isJson(request);
    if (request.size() == 2 || json) {
      ticket.answer(admin.why(request.get(1), json));
    } else {
      ticket.answer(Reply.error("ERR usage: why KEY | HOST:PORT"));
    }
  }

  private static boolean isJson(Request request) {
    return hasWord(request, "JSON");
  }

  private static boolean hasWord(Request request, String word) {
    for (int i = 1; i < request.size(); i++) {
      if (request.get(i).equalsIgnoreCase(word) || request.get(i).equalsIgnoreCase("--" + word)) {
        return true;
      }
    }
    return false;
  }

  private static @org.jspecify.annotations.Nullable Integer number(String text, int most) {
    if (!text.matches("[0-9]{1,7}")) {
      return null;
    }
    int number = Integer.parseInt(text);
    return number > most ? null : number;
  }
}
