package dss.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.ReplyCodec;
import dss.protocol.Request;
import dss.protocol.WordSplitter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions with an empty store at time 1,000,000 ms, one command a line: the command, " -> ", its reply; in RESP3's
 * form on one line. "+ 500" lets 500 ms pass. The key "o" is of another type than string. "!" after the arrow: the
 * command writes something; without, it writes nothing.
 */
final class CommandsTest {
  private static final String INVALID_EXPIRE = "-ERR invalid expire time in ";
  private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value";
  private static final String NOT_INTEGER = "-ERR value is not an integer or out of range";
  private static final String SYNTAX = "-ERR syntax error";

  static Stream<Arguments> sessions() {
    return SESSIONS.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  private static final Map<String, String> SESSIONS = Map.ofEntries(Map.entry("get", """
      get k -> _
      set k v ->! +OK
      get k -> $1 v
      GET k -> $1 v
      get o -> WRONGTYPE
      get -> -ERR wrong number of arguments for 'get' command
      """), Map.entry("set with conditions", """
      set k 1 xx -> _
      set k 1 nx ->! +OK
      set k 2 nx -> _
      set k 2 xx ->! +OK
      get k -> $1 2
      set k 3 nx xx -> SYNTAX
      set k 3 xx NX -> SYNTAX
      set k 3 nx nx -> _
      set o 3 nx -> _
      set o 3 xx ->! +OK
      get o -> $1 3
      """), Map.entry("set with get", """
      set k 1 get ->! _
      set k 2 get ->! $1 1
      set k 3 nx get -> $1 2
      set new 3 nx get ->! _
      set k 4 xx get ->! $1 2
      set none 4 xx get -> _
      set o 4 get -> WRONGTYPE
      set o 4 nx get -> WRONGTYPE
      get k -> $1 4
      """), Map.entry("set if equal", """
      set k 1 ifeq 1 -> _
      set k 1 ->! +OK
      set k 2 ifeq 0 -> _
      set k 2 IFEQ 1 ->! +OK
      set k 3 ifeq 0 get -> $1 2
      set k 3 get ifeq 2 ->! $1 2
      set none 3 ifeq 2 get -> _
      set k 4 ifeq 3 ex 10 ->! +OK
      ttl k -> :10
      set k 5 ifeq 4 keepttl ->! +OK
      ttl k -> :10
      set k 6 ifeq 5 nx -> SYNTAX
      set k 6 xx ifeq 5 -> SYNTAX
      set k 6 nx ifeq 5 -> SYNTAX
      set k 6 ifeq -> SYNTAX
      set o 6 ifeq 5 -> WRONGTYPE
      set k "" ifeq 5 ->! +OK
      set k 7 ifeq "" ->! +OK
      """), Map.entry("set with times", """
      set k v ex 10 ->! +OK
      pttl k -> :10000
      set k v px 15 ->! +OK
      pttl k -> :15
      set k v exat 1010 ->! +OK
      pttl k -> :10000
      set k v pxat 1000001 ->! +OK
      pttl k -> :1
      set k v keepttl ->! +OK
      pttl k -> :1
      set k v ->! +OK
      pttl k -> :-1
      set k v pxat 9223372036854775807 ->! +OK
      pttl k -> :9223372036853775806
      """), Map.entry("set with bad times", """
      set k v ex 0 -> EXPIRE 'set' command
      set k v px -1 -> EXPIRE 'set' command
      set k v ex 9223372036854775 -> EXPIRE 'set' command
      set k v ex 9223372036854776 -> EXPIRE 'set' command
      set k v px 9223372036854775807 -> EXPIRE 'set' command
      set k v exat 0 -> EXPIRE 'set' command
      set k v ex abc -> INTEGER
      set k v ex 1.5 -> INTEGER
      set k v ex 9223372036854775808 -> INTEGER
      set k v ex -> SYNTAX
      set k v ex 1 px 1 -> SYNTAX
      set k v ex 1 keepttl -> SYNTAX
      set k v keepttl pxat 1 -> SYNTAX
      set k v persist -> SYNTAX
      set k v foo -> SYNTAX
      set k v get ex 0 nx -> EXPIRE 'set' command
      get k -> _
      """), Map.entry("set with a past time deletes", """
      set k v ->! +OK
      set k w pxat 1000000 ->! +OK
      get k -> _
      set k v ->! +OK
      set k w exat 1 get ->! $1 v
      exists k -> :0
      """), Map.entry("setnx, getset, getdel", """
      setnx k 1 ->! :1
      setnx k 2 -> :0
      setnx o 2 -> :0
      expire k 10 ->! :1
      getset k 3 ->! $1 1
      ttl k -> :-1
      getset new 1 ->! _
      getset o 1 -> WRONGTYPE
      getdel k ->! $1 3
      getdel k -> _
      getdel o -> WRONGTYPE
      """), Map.entry("getex", """
      getex k -> _
      getex k ex 0 -> _
      getex k foo -> SYNTAX
      set k v ->! +OK
      getex k -> $1 v
      getex k persist -> $1 v
      getex k ex 10 ->! $1 v
      ttl k -> :10
      getex k pxat 1005000 ->! $1 v
      pttl k -> :5000
      getex k pxat 1005000 -> $1 v
      getex k persist ->! $1 v
      ttl k -> :-1
      getex k ex 0 -> EXPIRE 'getex' command
      getex k ex a -> INTEGER
      getex k ex 1 persist -> SYNTAX
      getex k persist px 1 -> SYNTAX
      getex k keepttl -> SYNTAX
      getex k ex 1 px 1 -> SYNTAX
      getex k nx -> SYNTAX
      getex k get -> SYNTAX
      getex o ex 1 -> WRONGTYPE
      getex k exat 1 ->! $1 v
      exists k -> :0
      """), Map.entry("many keys", """
      mset {t}a 1 {t}b 2 {t}a 3 ->! +OK
      mget {t}a {t}b {t}c {t}a -> *4 $1 3 $1 2 _ $1 3
      exists {t}a {t}b {t}c {t}a -> :3
      del {t}a {t}a {t}c ->! :1
      del {t}a -> :0
      unlink {t}b {t}c ->! :1
      mset {t}a -> -ERR wrong number of arguments for 'mset' command
      mset {t}a 1 {t}b -> -ERR wrong number of arguments for 'mset' command
      mget a b -> -CROSSSLOT Keys in request don't hash to the same slot
      mget o -> *1 _
      del o ->! :1
      """), Map.entry("type, strlen, append", """
      type k -> +none
      type o -> +unknown
      strlen k -> :0
      append k ab ->! :2
      append k "" ->! :2
      append k cd ->! :4
      get k -> $4 abcd
      type k -> +string
      strlen k -> :4
      strlen o -> WRONGTYPE
      append o x -> WRONGTYPE
      expire k 10 ->! :1
      append k e ->! :5
      ttl k -> :10
      """), Map.entry("counters", """
      incr k ->! :1
      incrby k 41 ->! :42
      decr k ->! :41
      decrby k 50 ->! :-9
      incrby k -1 ->! :-10
      get k -> $3 -10
      incrby k abc -> INTEGER
      incrby k 9223372036854775808 -> INTEGER
      set k 9223372036854775807 ->! +OK
      incr k -> -ERR increment or decrement would overflow
      incrby k 1 -> -ERR increment or decrement would overflow
      decrby k -1 -> -ERR increment or decrement would overflow
      set k -9223372036854775808 ->! +OK
      decr k -> -ERR increment or decrement would overflow
      incrby k 9223372036854775807 ->! :-1
      decrby k -9223372036854775808 -> -ERR decrement would overflow
      set k abc ->! +OK
      incr k -> INTEGER
      set k "1 " ->! +OK
      incr k -> INTEGER
      set k 01 ->! +OK
      incr k -> INTEGER
      set k "" ->! +OK
      incr k -> INTEGER
      incr o -> WRONGTYPE
      set k 5 ex 10 ->! +OK
      incr k ->! :6
      ttl k -> :10
      """), Map.entry("expire and its conditions", """
      expire k 10 -> :0
      set k v ->! +OK
      expire k 10 xx -> :0
      expire k 10 gt -> :0
      expire k 100 lt ->! :1
      expire k 10 nx -> :0
      expire k 100 gt -> :0
      expire k 200 gt ->! :1
      expire k 200 lt -> :0
      expire k 50 lt xx ->! :1
      expire k 60 xx gt ->! :1
      ttl k -> :60
      pexpire k 1500 ->! :1
      pttl k -> :1500
      ttl k -> :2
      expireat k 1100 ->! :1
      ttl k -> :100
      pexpireat k 1000400 ->! :1
      ttl k -> :0
      + 399
      get k -> $1 v
      + 1
      get k -> _
      ttl k -> :-2
      pttl k -> :-2
      """), Map.entry("expire in the past deletes", """
      set k v ->! +OK
      expire k 0 ->! :1
      exists k -> :0
      set k v ->! +OK
      expire k -9223372036854775 ->! :1
      exists k -> :0
      set k v ->! +OK
      pexpireat k 1000000 ->! :1
      exists k -> :0
      set k v ->! +OK
      expireat k 1 gt -> :0
      exists k -> :1
      """), Map.entry("expire with bad words", """
      set k v ->! +OK
      expire k a -> INTEGER
      expire k 9223372036854776 -> EXPIRE 'expire' command
      expire k 9223372036854775 -> EXPIRE 'expire' command
      expire k -9223372036854776 -> EXPIRE 'expire' command
      pexpire k 9223372036854775807 -> EXPIRE 'pexpire' command
      expireat k 9223372036854776 -> EXPIRE 'expireat' command
      pexpireat k 9223372036854775807 ->! :1
      persist k ->! :1
      expire k 1 foo -> -ERR Unsupported option foo
      expire k 1 nx xx -> -ERR NX and XX, GT or LT options at the same time are not compatible
      expire k 1 nx gt -> -ERR NX and XX, GT or LT options at the same time are not compatible
      expire k 1 gt lt -> -ERR GT and LT options at the same time are not compatible
      """), Map.entry("persist", """
      persist k -> :0
      set k v ex 10 ->! +OK
      persist k ->! :1
      persist k -> :0
      ttl k -> :-1
      """), Map.entry("put and delete", """
      put k 1 ->! +PUT_SUCCESS
      put k 2 ->! +PUT_UPDATE
      get k -> $1 2
      expire k 10 ->! :1
      put k 3 ->! +PUT_UPDATE
      ttl k -> :-1
      delete k ->! +DELETE_SUCCESS
      delete k -> +DELETE_ERROR
      put k 1 px 1 -> -ERR wrong number of arguments for 'put' command
      delete k l -> -ERR wrong number of arguments for 'delete' command
      """));

  @ParameterizedTest(name = "{0}")
  @MethodSource("sessions")
  void session_goesAsInRedis(String name, String session) throws WordSplitter.UnbalancedQuotes {
    var store = new NaiveStore();
    store.putOtherType("o");
    for (String line : session.strip().split("\n")) {
      if (line.startsWith("+ ")) {
        store.nowMs += Long.parseLong(line.substring(2));
        continue;
      }
      int arrow = line.lastIndexOf(" ->");
      boolean writes = line.startsWith(" ->!", arrow);
      Reply reply = store.execute(Request.of(WordSplitter.split(line.substring(0, arrow))));
      assertThat(onOneLine(reply)).as(line).isEqualTo(expected(line.substring(arrow + (writes ? 5 : 4))));
      assertThat(!store.lastEffects.isEmpty()).as("writes: " + line).isEqualTo(writes);
    }
  }

  private static String onOneLine(Reply reply) {
    return ReplyCodec.encode(reply).asUtf8().replace("\r\n", " ").strip();
  }

  private static String expected(String text) {
    return text.replace("WRONGTYPE", text.startsWith("WRONG") ? WRONG_TYPE : "WRONGTYPE")
        .replace("INTEGER", NOT_INTEGER).replace("SYNTAX", SYNTAX).replace("EXPIRE ", INVALID_EXPIRE);
  }

  @Test
  void everyKeyedCommandOfTheTable_isEvaluated() {
    CommandTable table = CommandTable.standard();
    Evaluator evaluator = Commands.standard(100);
    for (CommandSpec spec : table.all()) {
      if (spec.isKeyed()) {
        var words = new String[Math.abs(spec.arity())];
        java.util.Arrays.fill(words, "1");
        words[0] = spec.name();
        var command = (Command) new CommandCheck(table).check(Request.of(words));
        Evaluation evaluation = evaluator.evaluate(command, new NaiveStore(), 1);
        assertThat(evaluation.effects().isEmpty() || spec.isWrite()).as(spec.name()).isTrue();
      }
    }
  }

  @Test
  void blind_areOnlyCommandsThatLookAtNoKey() {
    Map<String, Boolean> commands = Map.ofEntries(Map.entry("set k v", true), Map.entry("set k v ex 1", true),
        Map.entry("set k v PXAT 1", true), Map.entry("set k v nx", false),
        Map.entry("set k v xx ex 1", false),
        Map.entry("set k v get", false), Map.entry("set k v keepttl", false),
        Map.entry("set k v ifeq v", false),
        Map.entry("mset k v", true), Map.entry("get k", false), Map.entry("put k v", false),
        Map.entry("getset k v", false), Map.entry("del k", false), Map.entry("setnx k v", false));
    var store = new NaiveStore();
    commands.forEach((line, blind) -> {
      var command = (Command) store.check.check(Request.of(line.split(" ")));
      assertThat(store.evaluator.isBlind(command)).as(line).isEqualTo(blind);
    });
  }

  @Test
  void appendAboveTheValueLimit_isRefused() {
    var store = new NaiveStore();
    store.execute(Request.of("set", "k", "x".repeat(NaiveStore.VALUE_BYTES)));
    assertThat(store.execute(Request.of("append", "k", "x")))
        .isEqualTo(Reply.error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"));
    assertThat(store.execute(Request.of("append", "k", ""))).isEqualTo(Reply.integer(NaiveStore.VALUE_BYTES));
  }

  @Test
  void msetOfAKeyTwice_writesItOnce() {
    var store = new NaiveStore();
    store.execute(Request.of("mset", "{t}a", "1", "{t}b", "2", "{t}a", "3"));
    assertThat(store.lastEffects).extracting(Effect::key).containsExactly(Bytes.utf8("{t}a"),
        Bytes.utf8("{t}b"));
  }

  @Test
  void binaryKeysAndValues_passUnchanged() {
    var store = new NaiveStore();
    Bytes binary = Bytes.wrap(new byte[]{0, -1, '\r', '\n', 127, -128});
    store.execute(Request.of(List.of(Bytes.utf8("SET"), binary, binary)));
    assertThat(store.execute(Request.of(List.of(Bytes.utf8("GET"), binary)))).isEqualTo(Reply.bulk(binary));
  }
}
