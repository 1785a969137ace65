package dss.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.DssVersion;
import dss.core.ecs.Controller;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.Hello;
import dss.wire.RequestHandler;
import dss.wire.RespConnection;
import dss.wire.Ticket;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ECS's RESP port: what Redis' tools ask of any server, and the admin's commands. Loop only. */
final class AdminHandler implements RequestHandler {
  private static final int EVENTS_SHOWN = 100;
  private static final Set<String> LED = Set.of("add", "remove", "rebalance", "changes", "cancel", "resume",
      "lock",
      "print", "ring", "events", "why", "ecs");
  private static final String JSON = "JSON";
  private static final String PLAN = "PLAN";
  private static final String ACCEPT_DATA_LOSS = "ACCEPT-DATA-LOSS";

  private static final Hello HELLO = new Hello(DssVersion.REDIS, DssVersion.TEXT, "standalone");

  private final Admin admin;
  private final Moves moves;
  private final EcsRequests ofEcs;
  private final EcsInfo info;
  private final EcsLog log;
  private final Forwarding forwarding;
  private final EventLoop loop;

  AdminHandler(Admin admin, Moves moves, EcsRequests ofEcs, EcsInfo info, EcsLog log, Forwarding forwarding,
      EventLoop loop) {
    this.admin = admin;
    this.moves = moves;
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
    } else if (admin.controller() != null) {
      led(request, ticket);
    } else {
      forwarding.forward(request, ticket);
    }
  }

  private static Reply unknown(String name) {
    return Reply.error("ERR unknown command '" + printable(name) + "'; type help");
  }

  private void led(Request request, Ticket ticket) {
    Controller controller = admin.controller();
    if (controller == null) {
      ticket.answer(Admin.NOT_LEADING);
    } else {
      led(controller, request, ticket);
    }
  }

  private void led(Controller controller, Request request, Ticket ticket) {
    boolean json = isJson(request);
    String name = request.name().asUtf8().toLowerCase(Locale.ROOT);
    switch (name) {
      case "add" -> add(request, ticket);
      case "remove" -> remove(controller, request, ticket);
      case "rebalance" -> rebalance(controller, request, ticket);
      case "changes" -> ticket.answer(moves.changes(controller, json));
      case "cancel" -> moves.pause(controller, true, ticket::answer);
      case "resume" -> moves.pause(controller, false, ticket::answer);
      case "lock" -> lock(controller, request, ticket);
      case "print" -> ticket.answer(admin.print(controller, json));
      case "ring" -> ticket.answer(admin.ring(controller, json));
      case "events" -> events(request, ticket);
      case "why" -> why(controller, request, ticket);
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
          : Reply.error("ERR " + Admin.oneLine(Waiting.reason(failure)))), loop);
    } else {
      forwardOrRun("ecs", request, ticket);
    }
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

  private void add(Request request, Ticket ticket) {
    Address at = server(request, PLAN, JSON);
    if (at == null) {
      ticket.answer(Reply.error("ERR usage: add HOST PORT [--plan [--json]]"));
    } else if (hasWord(request, PLAN)) {
      moves.planAdd(at.host(), at.port(), isJson(request), ticket);
    } else {
      admin.add(at.host(), at.port(), ticket);
    }
  }

  private void remove(Controller controller, Request request, Ticket ticket) {
    Address at = server(request, PLAN, JSON, ACCEPT_DATA_LOSS);
    if (at == null) {
      ticket.answer(Reply.error("ERR usage: remove HOST PORT [--accept-data-loss | --plan [--json]]"));
    } else if (hasWord(request, PLAN)) {
      ticket.answer(moves.planRemove(controller, at.host(), at.port(), isJson(request)));
    } else {
      admin.remove(controller, at.host(), at.port(), hasWord(request, ACCEPT_DATA_LOSS), ticket);
    }
  }

  private void rebalance(Controller controller, Request request, Ticket ticket) {
    if (request.size() != 1 + count(request, PLAN, JSON, ACCEPT_DATA_LOSS)) {
      ticket.answer(Reply.error("ERR usage: rebalance [--accept-data-loss | --plan [--json]]"));
    } else if (hasWord(request, PLAN)) {
      ticket.answer(moves.planRebalance(controller, isJson(request)));
    } else {
      moves.rebalance(controller, hasWord(request, ACCEPT_DATA_LOSS), ticket::answer);
    }
  }

  /** The server that a command names, which else has only these words; null: it has not this form. */
  private static @Nullable Address server(Request request, String... words) {
    boolean wordsFit = request.size() == 3 + count(request, words);
    boolean jsonAlone = hasWord(request, JSON) && !hasWord(request, PLAN);
    Integer port = wordsFit && !jsonAlone ? number(request.get(2).asUtf8(), 65_535) : null;
    return port == null || port == 0 ? null : new Address(request.get(1).asUtf8(), port);
  }

  private static int count(Request request, String... words) {
    int count = 0;
    for (String word : words) {
      count += hasWord(request, word) ? 1 : 0;
    }
    return count;
  }

  private void lock(Controller controller, Request request, Ticket ticket) {
    Integer port = request.size() == 4 ? number(request.get(2).asUtf8(), 65_535) : null;
    Integer seconds = request.size() == 4 ? number(request.get(3).asUtf8(), 3_600) : null;
    if (port == null || seconds == null || port == 0) {
      ticket.answer(Reply.error("ERR usage: lock HOST PORT SECONDS, at most 3600"));
    } else {
      ticket.answer(admin.lock(controller, request.get(1).asUtf8(), port, seconds));
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

  private void why(Controller controller, Request request, Ticket ticket) {
    boolean json = request.size() == 3 && isJson(request);
    if (request.size() == 2 || json) {
      ticket.answer(admin.why(controller, request.get(1), json));
    } else {
      ticket.answer(Reply.error("ERR usage: why KEY | HOST:PORT"));
    }
  }

  private static boolean isJson(Request request) {
    return hasWord(request, JSON);
  }

  private static boolean hasWord(Request request, String word) {
    for (int i = 1; i < request.size(); i++) {
      if (request.get(i).equalsIgnoreCase(word) || request.get(i).equalsIgnoreCase("--" + word)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Integer number(String text, int most) {
    if (!text.matches("[0-9]{1,7}")) {
      return null;
    }
    int number = Integer.parseInt(text);
    return number > most ? null : number;
  }
}
