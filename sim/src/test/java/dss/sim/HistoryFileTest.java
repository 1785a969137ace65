package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  private static final String GOOD = "{\"client\":\"a\",\"op\":\"GET\",\"key\":\"k\",\"invoke\":1,\"return\":2,\"result\":null}";

  @TempDir
  Path directory;

  private List<Operation> read(String... lines) throws IOException {
    return HistoryFile.read(Files.write(directory.resolve("history.jsonl"), List.of(lines)));
  }

  private static String line(String fields) {
    return "{\"client\":\"a\"," + fields + "}";
  }

  private void assertRefused(String line, String why) {
    assertThatThrownBy(() -> read(GOOD, line)).as(line).isInstanceOf(IOException.class)
        .hasMessageContaining("history.jsonl, line 2: ").hasMessageContaining(why);
  }

  @Test
  void whatIsWritten_isReadAgain() throws IOException {
    List<Operation> all = List.of(
        new Operation("jedis-1", "SET", "k1", List.of("v1"), 123_456, 123_999, "OK"),
        new Operation("a \"b\"", "GET", "k\u00e9y", List.of(), -7, -7, "v\n\u20ac"),
        new Operation("c", "GET", "k1", List.of(), 1, 2, null),
        new Operation("c", "INCR", "n", List.of(), 1, Long.MAX_VALUE - 1, 5L),
        new Operation("c", "APPEND", "k1", List.of(""), 1, 2, 0L),
        new Operation("c", "DEL", "k1", List.of(), 1, 2, 1),
        new Operation("c", "SETNX", "k1", List.of("x"), 1, 2, 0L),
        new Operation("c", "SET_IF", "k1", List.of("new", "old"), 1, 2, null),
        new Operation("c", "SET", "k1", List.of("x"), 1, Operation.UNKNOWN, null));
    Path file = directory.resolve("written.jsonl");
    HistoryFile.write(file, all);
    assertThat(HistoryFile.read(file)).isEqualTo(all);
  }

  @Test
  void namesOfAnyCase_fieldsOfOtherNames_andBlankLines_areTaken() throws IOException {
    assertThat(read("",
        line("\"op\":\"set_if\",\"key\":\"k\",\"args\":[\"v\",\"w\"],\"invoke\":1,\"server\":{\"port\":1}"),
        "  ", line("\"op\":\"Get\",\"key\":\"k\",\"args\":[],\"invoke\":1,\"return\":1,\"result\":17"), ""))
        .containsExactly(new Operation("a", "SET_IF", "k", List.of("v", "w"), 1, Operation.UNKNOWN, null),
            new Operation("a", "GET", "k", List.of(), 1, 1, 17));
  }

  @Test
  void unknownFate_hasNeitherReturnNorResult() throws IOException {
    String begin = "\"op\":\"INCR\",\"key\":\"k\",\"invoke\":1";
    assertThat(read(line(begin), line(begin + ",\"return\":null,\"result\":null")))
        .noneMatch(Operation::known);
    assertRefused(line(begin + ",\"result\":4"), "it has a result and no return");
    assertRefused(line(begin + ",\"return\":4"), "it has a return and no result");
  }

  @Test
  void whatIsNoJson_isRefused() {
    assertRefused("hello", "no JSON object");
    assertRefused("[1]", "no JSON object");
    assertRefused("{\"client\":\"a\"", "no JSON object");
    assertRefused(GOOD + GOOD, "something follows");
    assertRefused("{\"op\":\"GET\",\"op\":\"SET\"}", "no JSON object");
  }

  @Test
  void whatIsMissingOrOfAnotherKind_isRefused() {
    assertRefused("{\"op\":\"GET\",\"key\":\"k\",\"invoke\":1}", "it has no client");
    assertRefused(line("\"op\":\"GET\",\"invoke\":1"), "it has no key");
    assertRefused(line("\"op\":\"GET\",\"key\":\"\",\"invoke\":1"), "the key is empty");
    assertRefused(line("\"op\":\"GET\",\"key\":7,\"invoke\":1"), "key is no string");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\""), "it has no invoke");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\",\"invoke\":1.5"), "invoke is no integer");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\",\"invoke\":\"1\""), "invoke is no integer");
    assertRefused(
        line("\"op\":\"GET\",\"key\":\"k\",\"invoke\":1,\"return\":9223372036854775807,\"result\":null"),
        "return is no integer below");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\",\"invoke\":99999999999999999999"),
        "invoke is no integer");
    assertRefused(line("\"op\":\"SET\",\"key\":\"k\",\"args\":\"v\",\"invoke\":1"),
        "args is no list of strings");
    assertRefused(line("\"op\":\"SET\",\"key\":\"k\",\"args\":[1],\"invoke\":1"),
        "args is no list of strings");
  }

  @Test
  void whatNoOperationIs_isRefused() {
    assertRefused(line("\"op\":\"MGET\",\"key\":\"k\",\"invoke\":1"), "unknown op 'MGET'");
    assertRefused(line("\"op\":\"SET\",\"key\":\"k\",\"invoke\":1"), "SET has 0 args where it wants 1");
    assertRefused(line("\"op\":\"SET_IF\",\"key\":\"k\",\"args\":[\"v\"],\"invoke\":1"), "wants 2");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\",\"args\":[\"v\"],\"invoke\":1"), "wants 0");
    assertRefused(line("\"op\":\"GET\",\"key\":\"k\",\"invoke\":5,\"return\":4,\"result\":null"),
        "it returned (4) before it was invoked (5)");
  }

  @Test
  void resultsThatAnOperationDoesNotHave_areRefused() {
    String timed = "\"key\":\"k\",\"invoke\":1,\"return\":2,\"result\":";
    assertRefused(line("\"op\":\"SET\",\"args\":[\"v\"]," + timed + "null"),
        "the result of SET is \"OK\", not null");
    assertRefused(line("\"op\":\"SET_IF\",\"args\":[\"v\",\"w\"]," + timed + "1"), "\"OK\" or null, not 1");
    assertRefused(line("\"op\":\"INCR\"," + timed + "\"1\""), "the result of INCR is an integer, not \"1\"");
    assertRefused(line("\"op\":\"DEL\"," + timed + "true"), "the result of DEL is an integer, not true");
    assertRefused(line("\"op\":\"GET\"," + timed + "1.5"), "a string, an integer or null, not 1.5");
  }

  @Test
  void whatCannotBeRead_isToldInASentence() throws IOException {
    assertThatThrownBy(() -> HistoryFile.read(directory.resolve("none"))).isInstanceOf(IOException.class)
        .hasMessageStartingWith("there is no file ");
    assertThatThrownBy(() -> HistoryFile.read(directory)).isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read");
    Path bytes = Files.write(directory.resolve("bytes"), new byte[]{'{', (byte) 0xff, '}'});
    assertThatThrownBy(() -> HistoryFile.read(bytes)).isInstanceOf(IOException.class)
        .hasMessageContaining("not UTF-8");
  }
}
