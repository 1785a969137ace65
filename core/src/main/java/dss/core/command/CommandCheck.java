package dss.core.command;

import dss.core.entry.RequestId;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.protocol.Slots;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests judged by the command table: a command, or an error in Redis' words. Immutable; safe for any thread. */
public final class CommandCheck {
  private static final int CLIENT_ID_BYTES = 16;
  /** DSS.ONCE, the client id and the request seq stand before the command inside. */
  private static final int ONCE_WORDS = 3;

  private final CommandTable table;
  private final CommandSpec once;
  private final CommandSpec mset;
  private final int keyBytes;
  private final int valueBytes;

  /** Checks with the limits of {@link RespLimits}. */
  public CommandCheck(CommandTable table) {
    this(table, RespLimits.KEY_BYTES, RespLimits.VALUE_BYTES);
  }

  CommandCheck(CommandTable table, int keyBytes, int valueBytes) {
    this.table = table;
    this.once = table.get("dss.once");
    this.mset = table.get("mset");
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
  }

  /** Judges a request. */
  public Checked check(Request request) {
    String refusal = request.refusal();
    if (refusal != null) {
      return refused(refusal);
    }
    CommandSpec spec = table.find(request.name());
    return spec == once ? checkOnce(request) : check(spec, request, null);
  }

  private Checked check(@Nullable CommandSpec spec, Request request, @Nullable RequestId id) {
    if (spec == null) {
      return refused(Errors.unknownCommand(request));
    }
    if (!spec.arityFits(request.size()) || (spec == mset && request.size() % 2 == 0)) {
      return refused(Errors.arity(spec.name()));
    }
    return spec.isKeyed() ? checkKeyed(spec, request, id) : checkPlain(spec, request);
  }

  // ---- keyed commands

  private Checked checkKeyed(CommandSpec spec, Request request, @Nullable RequestId id) {
    for (int i = 1; i < request.size(); i++) {
      if (request.get(i).length() > valueBytes) {
        return refused("ERR an argument of " + request.get(i).length() + " bytes is longer than the limit of "
            + valueBytes + " bytes");
      }
    }
    if (spec.lastKey() == spec.firstKey()) {
      Bytes key = request.get(spec.firstKey());
      return key.length() > keyBytes
          ? keyTooLong(key)
          : new Command(spec, request, Slots.of(key), List.of(key), id);
    }
    return checkMany(spec, request, id);
  }

  private Checked checkMany(CommandSpec spec, Request request, @Nullable RequestId id) {
    int last = spec.lastKey() >= 0 ? spec.lastKey() : request.size() + spec.lastKey();
    var keys = new Bytes[(last - spec.firstKey()) / spec.keyStep() + 1];
    int slot = -1;
    for (int i = 0; i < keys.length; i++) {
      Bytes key = request.get(spec.firstKey() + i * spec.keyStep());
      if (key.length() > keyBytes) {
        return keyTooLong(key);
      }
      int slotOfKey = Slots.of(key);
      if (slot >= 0 && slot != slotOfKey) {
        return new Checked.Refused(Errors.CROSS_SLOT);
      }
      slot = slotOfKey;
      keys[i] = key;
    }
    return new Command(spec, request, slot, Arrays.asList(keys), id);
  }

  private Checked keyTooLong(Bytes key) {
    return refused(
        "ERR a key of " + key.length() + " bytes is longer than the limit of " + keyBytes + " bytes");
  }

  // ---- others

  private Checked checkPlain(CommandSpec spec, Request request) {
    if (request.size() < 2 || table.subcommands(spec).isEmpty()) {
      return new Checked.Plain(spec, request);
    }
    CommandSpec sub = table.subcommand(spec, request.get(1));
    if (sub == null) {
      return refused(Errors.unknownSubcommand(spec, request.get(1)));
    }
    return sub.arityFits(request.size())
        ? new Checked.Plain(sub, request)
        : refused(Errors.arity(sub.name()));
  }

  private Checked checkOnce(Request request) {
    if (!once.arityFits(request.size())) {
      return refused(Errors.arity(once.name()));
    }
    Bytes client = request.get(1);
    if (client.length() != CLIENT_ID_BYTES) {
      return refused(
          "ERR DSS.ONCE takes a client id of " + CLIENT_ID_BYTES + " bytes, not of " + client.length());
    }
    if (!Numbers.isLong(request.get(2)) || Numbers.toLong(request.get(2)) < 0) {
      return refused("ERR DSS.ONCE takes a request seq from 0 to 9223372036854775807");
    }
    Request inner = request.tail(ONCE_WORDS);
    CommandSpec spec = table.find(inner.name());
    if (spec != null && !spec.isKeyed()) {
      return refused("ERR DSS.ONCE takes commands with keys only, not '" + spec.name() + "'");
    }
    var id = new RequestId(bigEndian(client, 0), bigEndian(client, 8), Numbers.toLong(request.get(2)));
    return check(spec, inner, id);
  }

  private static long bigEndian(Bytes bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = (value << 8) | (bytes.at(i) & 0xff);
    }
    return value;
  }

  private static Checked refused(String error) {
    return new Checked.Refused(Reply.error(error));
  }
}
