package dss.server;

import dss.core.command.Glob;
import dss.core.replication.NodeSettings;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.storage.DiskStorage;
import dss.wire.Ticket;
import dss.wire.WireSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** CONFIG GET and SET of what exists: every limit of a server. Values set hold until the process ends. Loop only. */
final class ConfigCommands {
  /** One parameter; {@code set} is null where it is fixed at the start. */
  private record Parameter(Supplier<String> get, @Nullable LongConsumer set, long least, long most) {}

  private final Map<String, Parameter> parameters = new TreeMap<>();

  ConfigCommands(ServerSettings settings, NodeSettings node, WireSettings wire, DiskStorage disk) {
    number("maxclients", wire::maxClients, v -> wire.maxClients((int) v), 1, 1_000_000);
    number("timeout", wire::idleTimeoutSeconds, v -> wire.idleTimeoutSeconds((int) v), 0, Integer.MAX_VALUE);
    number("tcp-keepalive", wire::tcpKeepAliveSeconds, v -> wire.tcpKeepAliveSeconds((int) v), 0, 1 << 15);
    number("output-pause-bytes", wire::outputPauseBytes, v -> wire.outputPauseBytes((int) v), 1024, 1 << 30);
    number("output-limit-bytes", wire::outputLimitBytes, v -> wire.outputLimitBytes((int) v), 65_536,
        1 << 30);
    number("pipeline-requests", wire::pipelineRequests, v -> wire.pipelineRequests((int) v), 1, 1 << 20);
    number("pipeline-bytes", wire::pipelineBytes, wire::pipelineBytes, 1, 1L << 34);
    number("write-wait", () -> node.writeWaitMs, v -> node.writeWaitMs = v, 1, 60_000);
    number("commit-wait", () -> node.commitWaitMs, v -> node.commitWaitMs = v, 1, 60_000);
    number("parked-at-most", () -> node.parkedAtMost, v -> node.parkedAtMost = (int) v, 1, 1 << 20);
    number("window-bytes", () -> node.windowBytes, v -> node.windowBytes = (int) v, 65_536, 1 << 30);
    number("copies-out", () -> node.copiesOut, v -> node.copiesOut = (int) v, 1, 64);
    number("transfer-rate", () -> node.transferRate, v -> node.transferRate = v, 1 << 16, Long.MAX_VALUE);
    number("outcomes-kept", () -> node.outcomesKept, v -> node.outcomesKept = (int) v, 1, 1 << 20);
    number("outcomes-kept-ms", () -> node.outcomesKeptMs, v -> node.outcomesKeptMs = v, 0, 600_000);
    number("frame-bytes", () -> node.frameBytes, null, 0, 0);
    number("proto-max-bulk-len", () -> RespLimits.VALUE_BYTES, null, 0, 0);
    number("key-max-len", () -> RespLimits.KEY_BYTES, null, 0, 0);
    number("disk-reserve", disk::diskReserve, disk::diskReserve, 0, 1L << 50);
    number("log-retain", () -> settings.storage().logRetainBytes(), null, 0, 0);
    number("memtable-bytes", () -> settings.storage().memtableBytes(), null, 0, 0);
    number("block-cache-bytes", () -> settings.storage().blockCacheBytes(), null, 0, 0);
    number("port", settings::port, null, 0, 0);
    number("databases", () -> 1, null, 0, 0);
    number("maxmemory", () -> 0, null, 0, 0);
    text("bind", settings.host());
    text("dir", settings.data().toString());
    text("save", "");
    text("appendonly", "yes");
    text("appendfsync", "always");
    text("cluster-enabled", "yes");
    text("maxmemory-policy", "noeviction");
  }

  private void number(String name, LongSupplier get, @Nullable LongConsumer set, long least, long most) {
    parameters.put(name, new Parameter(() -> Long.toString(get.getAsLong()), set, least, most));
  }

  private void text(String name, String value) {
    parameters.put(name, new Parameter(() -> value, null, 0, 0));
  }

  void addTo(Map<String, PlainCommand> commands) {
    commands.put("config|get", this::get);
    commands.put("config|set", this::set);
  }

  private void get(Request request, Ticket ticket) {
    var found = new ArrayList<Reply>();
    parameters.forEach((name, parameter) -> {
      for (int i = 2; i < request.size(); i++) {
        if (Glob.matches(Bytes.utf8(request.get(i).asUtf8().toLowerCase(Locale.ROOT)), name)) {
          found.add(Reply.bulk(name));
          found.add(Reply.bulk(parameter.get.get()));
          break;
        }
      }
    });
    ticket.answer(new Reply.Map(found));
  }

  /** All or nothing. */
  private void set(Request request, Ticket ticket) {
    if (request.size() % 2 != 0) {
      ticket.answer(Reply.error("ERR wrong number of arguments for 'config|set' command"));
      return;
    }
    var changes = new ArrayList<Runnable>();
    for (int i = 2; i < request.size(); i += 2) {
      Reply refusal = prepare(request.get(i), request.get(i + 1), changes);
      if (refusal != null) {
        ticket.answer(refusal);
        return;
      }
    }
    changes.forEach(Runnable::run);
    ticket.answer(Reply.OK);
  }

  private @Nullable Reply prepare(Bytes word, Bytes value, List<Runnable> changes) {
    String name = word.asUtf8().toLowerCase(Locale.ROOT);
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      return Reply.error("ERR Unknown option or number of arguments for CONFIG SET - '" + word + "'");
    }
    LongConsumer set = parameter.set;
    if (set == null) {
      return Reply.error("ERR CONFIG SET failed (possibly related to argument '" + word
          + "') - can't set immutable config");
    }
    String text = value.asUtf8();
    if (!text.matches("-?[0-9]{1,18}") || Long.parseLong(text) < parameter.least
        || Long.parseLong(text) > parameter.most) {
      return Reply.error("ERR CONFIG SET failed (possibly related to argument '" + word
          + "') - argument must be between " + parameter.least + " and " + parameter.most + " inclusive");
    }
    changes.add(() -> set.accept(Long.parseLong(text)));
    return null;
  }
}
