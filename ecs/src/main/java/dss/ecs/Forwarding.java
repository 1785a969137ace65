package dss.ecs;

import dss.consensus.Member;
import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.RespConnector;
import dss.wire.Ticket;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings a command to the ECS that leads and its reply back: whoever asks one of them need not know which. Loop only. */
final class Forwarding {
  /** Before a command that was brought here: it goes no further. */
  static final String BROUGHT = "LED";
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration REPLY = Duration.ofSeconds(40);

  private final EcsLog log;
  private final RespConnector connector;
  private final EventLoop loop;

  Forwarding(EcsLog log, RespConnector connector, EventLoop loop) {
    this.log = log;
    this.connector = connector;
    this.loop = loop;
  }

  /** Where the other ECS that leads is found; null: not known. */
  @Nullable
  Address leader() {
    ReplicatedState state = log.now();
    Member leader = state == null ? null : state.leader();
    return leader == null || state == null || leader.id().equals(state.self().id()) ? null : leader.resp();
  }

  void forward(Request request, Ticket ticket) {
    Address leader = leader();
    if (leader == null) {
      ticket.answer(Admin.NOT_LEADING);
      return;
    }
    List<Bytes> words = new ArrayList<>(request.words());
    words.add(0, Bytes.utf8(BROUGHT));
    connector.ask(leader.host(), leader.port(), CONNECT, Request.of(words), REPLY)
        .whenCompleteAsync(
            (reply, failure) -> ticket.answer(failure != null ? Admin.NOT_LEADING : plain(reply)),
            loop);
  }

  /** Texts are shown as such by consoles. */
  private static Reply plain(Reply reply) {
    return reply instanceof Reply.Bulk bulk ? new Reply.Text(bulk.bytes().asUtf8()) : reply;
  }
}
