package dss.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandRepliesTest {
  private final CommandTable table = CommandTable.standard();
  private final CommandReplies replies = new CommandReplies(table);

  @Test
  void info_hasTheShapeOfRedis() {
    assertThat(told("info", "GET", "foo", "client|id")).isEqualTo("[[\"get\" :2 [fast readonly] :1 :1 :1 "
        + "[@fast @read @string] [] [{\"flags\" [RO access] \"begin_search\" {\"type\" \"index\" \"spec\" {\"index\" :1}} "
        + "\"find_keys\" {\"type\" \"range\" \"spec\" {\"lastkey\" :0 \"keystep\" :1 \"limit\" :0}}}] []] nil "
        + "[\"client|id\" :2 [loading noscript stale] :0 :0 :0 [@connection @slow] [] [] []]]");
  }

  @Test
  void keySpecOfManyKeys_countsFromTheEnd() {
    assertThat(told("info", "mset")).contains("[denyoom write] :1 :-1 :2",
        "\"spec\" {\"lastkey\" :-1 \"keystep\" :2 \"limit\" :0}", "[\"request_policy:multi_shard\"");
  }

  @Test
  void allCommands_areToldByEachForm() {
    int count = table.size();
    assertThat(told("count")).isEqualTo(":" + count);
    assertThat(((Reply.Array) reply()).items()).hasSize(count);
    assertThat(((Reply.Array) reply("info")).items()).hasSize(count);
    assertThat(((Reply.Map) reply("docs")).keysAndValues()).hasSize(2 * count);
  }

  @Test
  void docs_haveTheShapeOfRedis() {
    assertThat(told("docs", "get", "foo"))
        .isEqualTo("{\"get\" {\"summary\" \"Returns the string value of a key.\" "
            + "\"since\" \"1.0.0\" \"group\" \"string\" \"complexity\" \"O(1)\" \"arguments\" [{\"name\" \"key\" "
            + "\"type\" \"key\" \"display_text\" \"key\" \"key_spec_index\" :0}]}}");
    assertThat(told("docs", "set")).contains(
        "{\"name\" \"option\" \"type\" \"oneof\" \"flags\" [optional] \"arguments\" "
            + "[{\"name\" \"nx\" \"type\" \"pure-token\" \"display_text\" \"nx\" \"token\" \"NX\"}",
        "{\"name\" \"comparison-value\" \"type\" \"string\" \"display_text\" \"comparison-value\" \"token\" \"IFEQ\"}",
        "{\"name\" \"seconds\" \"type\" \"integer\" \"display_text\" \"seconds\" \"token\" \"EX\"}");
    assertThat(told("docs", "mset")).contains(
        "{\"name\" \"key_value\" \"type\" \"block\" \"flags\" [multiple] \"arguments\" [{\"name\" \"key\"");
    assertThat(told("docs", "mget")).contains("\"key_spec_index\" :0 \"flags\" [multiple]");
    assertThat(told("docs", "client")).contains("\"subcommands\" {\"client|getname\" {\"summary\"");
    assertThat(told("docs", "info")).contains("\"flags\" [optional multiple]");
  }

  @Test
  void getKeys_findsTheKeys() {
    assertThat(told("getkeys", "mset", "a", "1", "b", "2")).isEqualTo("[\"a\" \"b\"]");
    assertThat(told("getkeys", "GET", "a")).isEqualTo("[\"a\"]");
    assertThat(told("getkeys", "dss.once", "id", "1", "set", "k", "v")).isEqualTo("[\"k\"]");
    assertThat(told("getkeys", "foo")).isEqualTo("-ERR Invalid command specified");
    assertThat(told("getkeys", "get")).isEqualTo("-ERR Invalid number of arguments specified for command");
    assertThat(told("getkeys", "ping")).isEqualTo("-ERR The command has no key arguments");
  }

  @Test
  void list_isFilteredAsAsked() {
    assertThat(told("list", "filterby", "pattern", "GET*"))
        .isEqualTo("[\"get\" \"getset\" \"getdel\" \"getex\"]");
    assertThat(told("list", "filterby", "aclcat", "admin")).contains("\"config|set\"")
        .doesNotContain("\"get\"");
    assertThat(told("list", "filterby", "module", "x")).isEqualTo("[]");
    assertThat(told("list", "filterby", "foo", "x")).isEqualTo("-ERR syntax error");
    assertThat(told("list", "foo")).isEqualTo("-ERR syntax error");
    assertThat(told("list")).contains("\"set\"", "\"client|list\"");
    assertThat(told("help")).startsWith("[COMMAND <subcommand>");
  }

  @Test
  void globs_matchAsInRedis() {
    for (String fits : List.of("*", "get*", "*et*", "g?tset", "g[a-f]tset", "g[^x]tset", "\\getset", "g*t*t",
        "getset*",
        "[g][e]t[z-a]et")) {
      assertThat(Glob.matches(Bytes.utf8(fits), "getset")).as(fits).isTrue();
    }
    for (String other : List.of("", "get", "getsets", "g?set", "g[x]tset", "g[^e]tset", "*x", "g[",
        "getset\\")) {
      assertThat(Glob.matches(Bytes.utf8(other), "getset")).as(other).isFalse();
    }
  }

  private Reply reply(String... words) {
    var all = new String[words.length + 1];
    all[0] = "command";
    System.arraycopy(words, 0, all, 1, words.length);
    return replies.command(Request.of(all));
  }

  private String told(String... words) {
    return told(reply(words));
  }

  private static String told(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return "[" + String.join(" ", array.items().stream().map(CommandRepliesTest::told).toList()) + "]";
    }
    if (reply instanceof Reply.Map map) {
      return "{" + String.join(" ", map.keysAndValues().stream().map(CommandRepliesTest::told).toList())
          + "}";
    }
    if (reply instanceof Reply.Bulk bulk) {
      return "\"" + bulk.bytes().asUtf8() + "\"";
    }
    if (reply instanceof Reply.Simple simple) {
      return simple.text();
    }
    if (reply instanceof Reply.Int number) {
      return ":" + number.value();
    }
    return reply instanceof Reply.Error error ? "-" + error.text() : "nil";
  }
}
