package dss.app;

import static org.assertj.core.api.Assertions.assertThat;

import dss.client.Endpoint;
import dss.client.RetryListener;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClientSessionTest {
  private final Fake fake = new Fake();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final ClientSession session = new ClientSession(fake::open, List.of(new Endpoint("h", 7001)),
      new PrintStream(log, true, StandardCharsets.UTF_8), "info");

  /** A store in a map; commands it does not know are answered with their words. */
  private static final class Fake implements ClientLink {
    final Map<Bytes, Bytes> values = new HashMap<>();
    final List<String> opened = new ArrayList<>();
    final List<Request> unkeyed = new ArrayList<>();
    Reply answer = Reply.NULL;
    RetryListener retries = (where, why) -> {};

    ClientLink open(List<Endpoint> servers, Duration patience, RetryListener listener) {
      opened.add(servers.toString());
      retries = listener;
      return this;
    }

    @Override
    public Reply keyed(Bytes key, Request request) {
      return switch (request.name().asUtf8()) {
        case "PUT" ->
          new Reply.Simple(values.put(key, request.get(2)) == null ? "PUT_SUCCESS" : "PUT_UPDATE");
        case "GET" -> values.containsKey(key) ? Reply.bulk(values.get(key)) : Reply.NULL;
        case "DELETE" -> new Reply.Simple(values.remove(key) == null ? "DELETE_ERROR" : "DELETE_SUCCESS");
        default -> answer;
      };
    }

    @Override
    public Reply any(Request request) {
      unkeyed.add(request);
      return answer;
    }

    @Override
    public void close() {}
  }

  private String line(String line) {
    ClientSession.Outcome outcome = session.line(line.getBytes(StandardCharsets.ISO_8859_1));
    return outcome == null
        ? "nothing"
        : new String(outcome.line().toArray(), StandardCharsets.ISO_8859_1);
  }

  private int status(String... words) {
    return session.words(java.util.Arrays.stream(words).map(Bytes::utf8).toList()).status();
  }

  @Test
  void putGetDelete_areAnsweredInTheSeedsWords() {
    assertThat(line("put k v")).isEqualTo("PUT_SUCCESS k v");
    assertThat(line("PUT k w")).isEqualTo("PUT_UPDATE k w");
    assertThat(line("get k")).isEqualTo("GET_SUCCESS k w");
    assertThat(line("delete k")).isEqualTo("DELETE_SUCCESS k");
    assertThat(line("delete k")).isEqualTo("DELETE_ERROR k");
    assertThat(line("get k")).isEqualTo("GET_ERROR k");
  }

  @Test
  void unquoted_everythingAfterTheKeyIsTheValue() {
    assertThat(line("  put  k   a  b \"c\"  ")).isEqualTo("PUT_SUCCESS k a  b \"c\"");
    assertThat(fake.values).containsEntry(Bytes.utf8("k"), Bytes.utf8("a  b \"c\""));
  }

  @Test
  void quoted_aValueIsWhatTheQuotesHold() {
    assertThat(line("put \"a key\" \"x\\x41\\n\"")).isEqualTo("PUT_SUCCESS a key \"xA\\n\"");
    assertThat(fake.values).containsEntry(Bytes.utf8("a key"), Bytes.utf8("xA\n"));
    assertThat(line("put k \"\"")).isEqualTo("PUT_SUCCESS k ");
    assertThat(line("put k \"a\" b")).startsWith("(error) ERR usage: put");
    assertThat(line("put k \"a")).isEqualTo("(error) ERR unbalanced quotes in request");
  }

  @Test
  void putOfNullOrOfNothing_deletes_quotedNullIsAValue() {
    line("put k v");
    assertThat(line("put k null")).isEqualTo("DELETE_SUCCESS k");
    assertThat(line("put k")).isEqualTo("DELETE_ERROR k");
    assertThat(line("put k \"null\"")).isEqualTo("PUT_SUCCESS k null");
    assertThat(line("put k nullify")).isEqualTo("PUT_UPDATE k nullify");
  }

  @Test
  void bytes_areKeptAsTheyCame() {
    assertThat(line("put \u00ff\u0001 \u00e4\u0080")).isEqualTo("PUT_SUCCESS \u00ff\u0001 \u00e4\u0080");
    assertThat(fake.values).containsEntry(Bytes.wrap(new byte[]{-1, 1}),
        Bytes.wrap(new byte[]{(byte) 0xe4, (byte) 0x80}));
  }

  @Test
  void wordsOfAShell_needNoQuotes() {
    assertThat(status("put", "a key", "-1", "\"x")).isEqualTo(Exit.DONE);
    assertThat(fake.values).containsEntry(Bytes.utf8("a key"), Bytes.utf8("-1 \"x"));
    assertThat(status("put", "k", "")).isEqualTo(Exit.DONE);
    assertThat(fake.values).containsEntry(Bytes.utf8("k"), Bytes.EMPTY);
    assertThat(status("put", "k", "null")).isEqualTo(Exit.DONE);
    assertThat(fake.values).doesNotContainKey(Bytes.utf8("k"));
    assertThat(status("put")).isEqualTo(Exit.REFUSED);
    assertThat(status("get", "k")).isEqualTo(Exit.REFUSED);
    assertThat(status("get", "a", "b")).isEqualTo(Exit.REFUSED);
  }

  @Test
  void anEmptyLine_isNothing() {
    assertThat(line("   ")).isEqualTo("nothing");
  }

  @Test
  void keyrange_isPrintedAsItComes() {
    fake.answer = Reply.bulk("KEYRANGE_SUCCESS 0,16383,h:7001;");
    assertThat(line("keyrange")).isEqualTo("KEYRANGE_SUCCESS 0,16383,h:7001;");
    assertThat(line("keyrange_read")).isEqualTo("KEYRANGE_SUCCESS 0,16383,h:7001;");
    assertThat(fake.unkeyed).containsExactly(Request.of("keyrange"), Request.of("keyrange_read"));
  }

  @Test
  void otherCommands_areThoseOfRedis() {
    fake.answer = Reply.array(Reply.integer(1), Reply.NULL, Reply.bulk("a\"b"), Reply.array(Reply.OK));
    assertThat(line("mget k l")).isEqualTo("1) (integer) 1 2) (nil) 3) \"a\\\"b\" 4) [1) OK]");
    fake.answer = Reply.error("WRONGTYPE no");
    assertThat(line("incr k")).isEqualTo("(error) WRONGTYPE no");
    assertThat(status("incr", "k")).isEqualTo(Exit.REFUSED);
    assertThat(line("multi")).startsWith("(error) ERR 'multi' is about a connection");
  }

  @Test
  void connectAndDisconnect_changeTheCluster() {
    assertThat(line("connect h2 7002")).isEqualTo("CONNECTED h2:7002");
    assertThat(fake.opened).containsExactly("[h:7001]", "[h2:7002]", "[h2:7002]");
    assertThat(line("disconnect")).isEqualTo("DISCONNECTED");
    assertThat(line("get k")).isEqualTo("(error) ERR not connected: connect HOST PORT");
    assertThat(line("connect h2")).startsWith("(error) ERR usage");
    assertThat(line("connect h2:7003")).isEqualTo("CONNECTED h2:7003");
    assertThat(line("get k")).isEqualTo("GET_ERROR k");
  }

  @Test
  void theSeedsWords_areShownAtLogLevelDebug() {
    fake.retries.again("h:7001", "MOVED 1 h:7002");
    assertThat(log.size()).isZero();
    assertThat(line("logLevel debug")).isEqualTo("LOG_LEVEL debug");
    fake.retries.again("h:7001", "MOVED 1 h:7002");
    fake.retries.again("h:7001", "CLUSTERDOWN SERVER_STOPPED no member");
    fake.retries.again("h:7001", "TRYAGAIN SERVER_WRITE_LOCK handed over");
    assertThat(log.toString(StandardCharsets.UTF_8)).containsSubsequence("SERVER_NOT_RESPONSIBLE h:7001",
        "SERVER_STOPPED h:7001", "SERVER_WRITE_LOCK h:7001");
    assertThat(line("logLevel loud")).startsWith("(error) ERR usage");
    assertThat(line("logLevel")).isEqualTo("LOG_LEVEL debug");
  }

  @Test
  void quit_ends() {
    assertThat(line("help")).contains("put KEY VALUE");
    assertThat(session.hasEnded()).isFalse();
    line("quit");
    assertThat(session.hasEnded()).isTrue();
  }
}
