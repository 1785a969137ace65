package dss.server;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.Hello;
import dss.wire.RespConnection;
import dss.wire.RespServer;
import dss.wire.Ticket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** CLIENT and its subcommands. */
final class ClientCommands {

  private final Supplier<RespServer> server;

  private ClientCommands(Supplier<RespServer> server) {
    this.server = server;
  }

  static void addTo(Map<String, PlainCommand> commands, Supplier<RespServer> server) {
    var own = new ClientCommands(server);
    commands.put("client|id", (request, ticket) -> ticket.answer(Reply.integer(ticket.connection().id())));
    commands.put("client|info",
        (request, ticket) -> ticket.answer(new Reply.Text(line(ticket.connection()) + "\n")));
    commands.put("client|list", own::list);
    commands.put("client|getname", (request, ticket) -> ticket.answer(
        ticket.connection().name().isEmpty() ? Reply.NULL : Reply.bulk(ticket.connection().name())));
    commands.put("client|setname", ClientCommands::setName);
    commands.put("client|setinfo", ClientCommands::setInfo);
  }

  private void list(Request request, Ticket ticket) {
    List<RespConnection> chosen = new ArrayList<>(server.get().connections());
    if (request.size() > 2) {
      String option = request.get(2).asUtf8().toUpperCase(java.util.Locale.ROOT);
      if (option.equals("ID") && request.size() > 3) {
        List<String> ids = request.words().subList(3, request.size()).stream().map(Bytes::asUtf8).toList();
        if (!ids.stream().allMatch(id -> id.matches("[0-9]{1,18}"))) {
          ticket.answer(Reply.error("ERR Invalid client ID"));
          return;
        }
        chosen.removeIf(c -> !ids.contains(Long.toString(c.id())));
      } else if (option.equals("TYPE") && request.size() == 4) {
        String type = request.get(3).asUtf8();
        if (!List.of("normal", "master", "replica", "slave", "pubsub").contains(type)) {
          ticket.answer(Reply.error("ERR Unknown client type '" + request.get(3) + "'"));
          return;
        }
        chosen = type.equals("normal") ? chosen : List.of();
      } else {
        ticket.answer(Reply.error("ERR syntax error"));
        return;
      }
    }
    ticket.answer(new Reply.Text(chosen.stream().map(c -> line(c) + "\n").collect(Collectors.joining())));
  }

  private static String line(RespConnection c) {
    long now = System.currentTimeMillis();
    return "id=" + c.id() + " addr=" + address(c.remoteAddress()) + " laddr=" + address(c.localAddress())
        + " fd=0 name=" + c.name() + " age=" + (now - c.openedAtMs()) / 1000 + " idle="
        + (now - c.lastActiveAtMs()) / 1000 + " flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf="
        + c.inputBytes()
        + " qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=" + c.openRequests() + " omem="
        + c.outputBytes() + " tot-mem=" + (c.inputBytes() + c.outputBytes()) + " events=r cmd="
        + (c.lastCommand().isEmpty() ? "NULL" : c.lastCommand()) + " user=default redir=-1 resp="
        + c.protocol()
        + " lib-name=" + c.libraryName() + " lib-ver=" + c.libraryVersion();
  }

  private static String address(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  private static void setName(Request request, Ticket ticket) {
    if (!Hello.isName(request.get(2))) {
      ticket.answer(Hello.BAD_NAME);
      return;
    }
    ticket.connection().name(request.get(2).asUtf8());
    ticket.answer(Reply.OK);
  }

  private static void setInfo(Request request, Ticket ticket) {
    Bytes option = request.get(2);
    boolean name = option.equalsIgnoreCase("LIB-NAME");
    if (!name && !option.equalsIgnoreCase("LIB-VER")) {
      ticket.answer(Reply.error("ERR Unrecognized option '" + option + "'"));
    } else if (!Hello.isName(request.get(3))) {
      ticket.answer(Reply.error("ERR " + (name ? "lib-name" : "lib-ver")
          + " cannot contain spaces, newlines or special characters."));
    } else {
      if (name) {
        ticket.connection().libraryName(request.get(3).asUtf8());
      } else {
        ticket.connection().libraryVersion(request.get(3).asUtf8());
      }
      ticket.answer(Reply.OK);
    }
  }
}
