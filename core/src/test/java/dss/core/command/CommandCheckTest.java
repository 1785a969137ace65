package dss.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.RequestId;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandCheckTest {
  private static final String CLIENT = "0123456789abcdef";
  private final CommandCheck check = new CommandCheck(CommandTable.standard(), 100, 1000);

  @Test
  void unknownCommand_isRefusedAsInRedis() {
    assertThat(error("foo", "a", "b"))
        .isEqualTo("ERR unknown command 'foo', with args beginning with: 'a' 'b' ");
    assertThat(error("foo")).isEqualTo("ERR unknown command 'foo', with args beginning with: ");
    assertThat(error("f\r\no", "a\0b"))
        .isEqualTo("ERR unknown command 'f  o', with args beginning with: 'a' ");
    assertThat(error("x".repeat(200), "y".repeat(200), "z"))
        .isEqualTo("ERR unknown command '" + "x".repeat(128)
            + "', with args beginning with: '" + "y".repeat(128) + "' ");
    assertThat(error("")).isEqualTo("ERR unknown command '', with args beginning with: ");
  }

  @Test
  void unknownSubcommand_isRefusedAsInRedis() {
    assertThat(error("client", "foo")).isEqualTo("ERR unknown subcommand 'foo'. Try CLIENT HELP.");
    assertThat(error("config", "get")).isEqualTo("ERR wrong number of arguments for 'config|get' command");
    assertThat(error("client")).isEqualTo("ERR wrong number of arguments for 'client' command");
  }

  @Test
  void subcommand_comesWithItsOwnRow() {
    assertThat(check.check(Request.of("CLIENT", "SetName", "x")))
        .isInstanceOfSatisfying(Checked.Plain.class,
            plain -> assertThat(plain.spec().name()).isEqualTo("client|setname"));
    assertThat(check.check(Request.of("command")))
        .isInstanceOfSatisfying(Checked.Plain.class,
            plain -> assertThat(plain.spec().name()).isEqualTo("command"));
  }

  @Test
  void wrongArity_isRefusedAsInRedis() {
    assertThat(error("GET")).isEqualTo("ERR wrong number of arguments for 'get' command");
    assertThat(error("get", "a", "b")).isEqualTo("ERR wrong number of arguments for 'get' command");
    assertThat(error("set", "a")).isEqualTo("ERR wrong number of arguments for 'set' command");
  }

  @Test
  void keyedCommand_knowsItsKeysAndSlot() {
    var command = command("MSET", "{t}a", "1", "{t}b", "2");
    assertThat(command.spec().name()).isEqualTo("mset");
    assertThat(command.keys()).containsExactly(Bytes.utf8("{t}a"), Bytes.utf8("{t}b"));
    assertThat(command.slot()).isEqualTo(Slots.of(Bytes.utf8("t")));
    assertThat(command.id()).isNull();
    assertThat(command("get", "k").keys()).containsExactly(Bytes.utf8("k"));
  }

  @Test
  void keysOfSeveralSlots_areRefused() {
    assertThat(error("del", "a", "b")).isEqualTo("CROSSSLOT Keys in request don't hash to the same slot");
    assertThat(error("mset", "a", "1", "b", "2")).startsWith("CROSSSLOT");
  }

  @Test
  void tooLongKeysAndValues_areRefused() {
    assertThat(error("get", "k".repeat(101)))
        .isEqualTo("ERR a key of 101 bytes is longer than the limit of 100 bytes");
    assertThat(error("del", "k", "k".repeat(101))).startsWith("ERR a key of 101 bytes");
    assertThat(error("set", "k", "v".repeat(1001)))
        .isEqualTo("ERR an argument of 1001 bytes is longer than the limit of 1000 bytes");
    assertThat(command("get", "k".repeat(100)).keys()).hasSize(1);
  }

  @Test
  void requestTheParserRefused_isAnsweredWithItsSentence() {
    assertThat(check.check(Request.refused(Bytes.utf8("SET"), "ERR too large")))
        .isEqualTo(new Checked.Refused(Reply.error("ERR too large")));
  }

  @Test
  void once_isTheCommandInsideWithItsId() {
    var command = command("DSS.ONCE", CLIENT, "7", "SET", "k", "v");
    assertThat(command.spec().name()).isEqualTo("set");
    assertThat(command.request()).isEqualTo(Request.of("SET", "k", "v"));
    assertThat(command.id()).isEqualTo(new RequestId(0x3031323334353637L, 0x3839616263646566L, 7));
    assertThat(command.slot()).isEqualTo(Slots.of(Bytes.utf8("k")));
  }

  @Test
  void onceWithoutAGoodIdOrCommand_isRefused() {
    assertThat(error("dss.once", "short", "7", "set", "k", "v"))
        .isEqualTo("ERR DSS.ONCE takes a client id of 16 bytes, not of 5");
    for (String seq : List.of("-1", "x", "", "9223372036854775808", "01")) {
      assertThat(error("dss.once", CLIENT, seq, "set", "k", "v"))
          .startsWith("ERR DSS.ONCE takes a request seq");
    }
    assertThat(error("dss.once", CLIENT, "1", "ping", "x"))
        .isEqualTo("ERR DSS.ONCE takes commands with keys only, not 'ping'");
    assertThat(error("dss.once", CLIENT, "1", "dss.once", CLIENT, "1", "set", "k", "v"))
        .isEqualTo("ERR DSS.ONCE takes commands with keys only, not 'dss.once'");
    assertThat(error("dss.once", CLIENT, "1", "get", "k", "l"))
        .isEqualTo("ERR wrong number of arguments for 'get' command");
    assertThat(error("dss.once", CLIENT, "1", "foo", "k")).startsWith("ERR unknown command 'foo'");
    assertThat(error("dss.once", CLIENT, "1", "mget", "a", "b")).startsWith("CROSSSLOT");
    assertThat(error("dss.once", CLIENT, "1", "get"))
        .isEqualTo("ERR wrong number of arguments for 'dss.once' command");
  }

  @Test
  void names_areFoundInAnyCaseAndNothingElseIs() {
    CommandTable table = CommandTable.standard();
    for (CommandSpec spec : table.all()) {
      assertThat(table.find(Bytes.utf8(spec.name()))).isSameAs(spec);
      assertThat(table.find(Bytes.utf8(CommandTable.upper(spec.name())))).isSameAs(spec);
      assertThat(table.find(Bytes.utf8(spec.name() + "x"))).isNull();
      assertThat(table.find(Bytes.utf8("x" + spec.name()).slice(1, spec.name().length() + 1))).isSameAs(spec);
    }
    assertThat(table.find(Bytes.EMPTY)).isNull();
    assertThat(table.find(Bytes.utf8("GE\u0014"))).isNull();
  }

  @Test
  void deletes_goOnWhenTheDiskIsNearlyFull() {
    CommandTable table = CommandTable.standard();
    for (String name : List.of("del", "unlink", "delete", "getdel", "expire", "persist")) {
      assertThat(table.get(name).flags()).as(name).contains("write").doesNotContain("denyoom");
    }
    for (String name : List.of("set", "put", "mset", "append", "incr", "setnx", "getset")) {
      assertThat(table.get(name).flags()).as(name).contains("write", "denyoom");
    }
  }

  @Test
  void numbers_areReadAsRedisReadsThem() {
    var good = new ArrayList<String>(
        List.of("0", "1", "-1", "10", "9223372036854775807", "-9223372036854775808"));
    for (String text : good) {
      assertThat(Numbers.isLong(Bytes.utf8(text))).as(text).isTrue();
      assertThat(Numbers.toLong(Bytes.utf8(text))).isEqualTo(Long.parseLong(text));
      assertThat(Numbers.toBytes(Long.parseLong(text))).isEqualTo(Bytes.utf8(text));
    }
    for (String text : List.of("", "-", "-0", "+1", " 1", "1 ", "01", "1.0", "9223372036854775808",
        "-9223372036854775809", "18446744073709551616", "99999999999999999999", "0x1")) {
      assertThat(Numbers.isLong(Bytes.utf8(text))).as(text).isFalse();
    }
  }

  private Command command(String... words) {
    return (Command) check.check(Request.of(words));
  }

  private String error(String... words) {
    var refused = (Checked.Refused) check.check(Request.of(words));
    return ((Reply.Error) refused.reply()).text();
  }
}
