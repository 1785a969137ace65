package dss.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestParserTest {
  private static final int SEEDS = 1_000;
  private static final List<String> PARTS = List.of("*", "$", "1", "2", "3", "-", "0", "\r\n", "\r", "\n",
      "a", " ",
      "\"", "'", "\\", "*1\r\n", "$1\r\n", "$0\r\n", "a\r\n", "$41\r\n");
  private static final RespLimits SMALL = new RespLimits(100, 40, 10, 64, 2);
  private static final String STREAM = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nb\0\r\n" + "PING\r\n"
      + "\r\n" + "*0\r\n"
      + "*-1\r\n" + "*1\r\n$4\r\nQUIT\r\n" + "set \"a b\" '\\'c' \"\\x41\\n\"\n"
      + "*2\r\n$3\r\nGET\r\n$0\r\n\r\n"
      + "*2\r\n$3\r\nGET\r\n$41\r\n" + "x".repeat(41) + "\r\n" + "*1\r\n$4\r\nPING\r\n";
  private static final List<Request> REQUESTS = List.of(Request.of("SET", "k", "a\r\nb\0"),
      Request.of("PING"),
      Request.of("QUIT"), Request.of("set", "a b", "'c", "A\n"), Request.of("GET", ""), Request.of("GET"),
      Request.of("PING"));

  @Test
  void wholeStream_givesEveryRequest() throws ProtocolError {
    assertThat(parse(SMALL, STREAM)).isEqualTo(REQUESTS);
  }

  @Test
  void everySplitInTwo_givesTheSameRequests() throws ProtocolError {
    for (int cut = 0; cut <= STREAM.length(); cut++) {
      assertThat(parse(SMALL, STREAM.substring(0, cut), STREAM.substring(cut))).as("cut at %d", cut)
          .isEqualTo(REQUESTS);
    }
  }

  @Test
  void byteByByte_givesTheSameRequests() throws ProtocolError {
    assertThat(parse(SMALL, STREAM.split(""))).isEqualTo(REQUESTS);
  }

  @Test
  void anyRequestInAnyPieces_comesOutAsItWentIn() throws ProtocolError {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var words = new ArrayList<byte[]>();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        byte[] word = new byte[random.nextInt(random.nextBoolean() ? 4 : 200)];
        random.nextBytes(word);
        words.add(word);
      }
      assertComesOut(words, random);
    }
  }

  private static void assertComesOut(List<byte[]> words, Random random) throws ProtocolError {
    Request request = Request.of(words.stream().map(Bytes::wrap).toList());
    var out = new OutBuffer(16);
    RequestWriter.write(out, request);
    RequestWriter.write(out, request);
    byte[] bytes = out.take();
    var parser = new RequestParser(RespLimits.SERVER);
    var requests = new ArrayList<Request>();
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int size = i < 20 ? 1 + random.nextInt(50) : bytes.length;
      at = feed(parser, bytes, at, Math.min(bytes.length, at + size), requests);
    }
    assertThat(requests).containsExactly(request, request);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"*abc\\r\\n | invalid multibulk length",
      "*\\r\\n | invalid multibulk length",
      "*1\\rx | invalid multibulk length", "*11\\r\\n | invalid multibulk length",
      "*99999999999999999999\\r\\n | invalid multibulk length", "*1\\r\\n:1\\r\\n | expected '$', got ':'",
      "*1\\r\\n\\x00 | expected '$', got '\\x00'", "*1\\r\\n$x\\r\\n | invalid bulk length",
      "*1\\r\\n$-1\\r\\n | invalid bulk length", "*1\\r\\n$536870913\\r\\n | invalid bulk length",
      "*1\\r\\n$1\\r\\nxyz | expected the end of a bulk, got 'y'",
      "*0000000000000000000000000000000001 | too big mbulk count string",
      "*1\\r\\n$000000000000000000000000000000001 | too big bulk count string",
      "get \"abc\\r\\n | unbalanced quotes in request", "get 'abc\\r\\n | unbalanced quotes in request",
      "POST / HTTP/1.1\\r\\n | a web request", "host: localhost\\r\\n | a web request",
      "get \"abc\"d\\r\\n | unbalanced quotes in request"})
  void garbage_isAnErrorInRedisWords(String escaped, String error) {
    String stream = escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\x00", "\0");
    assertThatThrownBy(() -> parse(SMALL, stream)).isInstanceOf(ProtocolError.class)
        .hasMessage("ERR Protocol error: " + error);
    assertThatThrownBy(() -> parse(SMALL, stream.split(""))).isInstanceOf(ProtocolError.class);
  }

  @Test
  void inlineLineAboveTheLimit_isAnError() {
    assertThatThrownBy(() -> parse(SMALL, "x".repeat(65))).hasMessageEndingWith("too big inline request");
    assertThatThrownBy(() -> parse(SMALL, "x".repeat(65).split("")))
        .hasMessageEndingWith("too big inline request");
  }

  @Test
  void argumentAboveTheLimit_isRefusedAndTheNextRequestLives() throws ProtocolError {
    List<Request> requests = parse(SMALL,
        "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$41\r\n" + "x".repeat(41) + "\r\n$2\r\nNX\r\n*1\r\n$4\r\nPING\r\n");
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0).name()).isEqualTo(Bytes.utf8("SET"));
    assertThat(requests.get(0).refusal())
        .isEqualTo("ERR an argument of 41 bytes is longer than the limit of 40 bytes");
    assertThat(requests.get(1).refusal()).isNull();
  }

  @Test
  void nameAboveTheLimit_isRefusedWithoutAName() throws ProtocolError {
    List<Request> requests = parse(SMALL, "*1\r\n$41\r\n" + "x".repeat(41) + "\r\n");
    assertThat(requests.get(0).name()).isEqualTo(Bytes.EMPTY);
    assertThat(requests.get(0).refusal()).contains("41 bytes");
  }

  @Test
  void argumentsAboveTheFrame_areRefusedTogether() throws ProtocolError {
    String word = "$30\r\n" + "x".repeat(30) + "\r\n";
    List<Request> requests = parse(SMALL, "*5\r\n$4\r\nMSET\r\n" + word + word + word + word + "PING\r\n");
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0).refusal())
        .isEqualTo("ERR the arguments of one request are longer than the limit of 100 bytes");
  }

  @Test
  void announcedLengthAlone_costsNoMemory() throws ProtocolError {
    var parser = new RequestParser(RespLimits.SERVER);
    long before = allocated();
    feed(parser, "*1000000\r\n$67108864\r\nabc".getBytes(StandardCharsets.UTF_8), 0, 24, new ArrayList<>());
    assertThat(allocated() - before).isLessThan(100_000);
    assertThat(parser.heldBytes()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, 65536})
  void largeValueInSmallPieces_isReadInLinearTimeAndMemory(int piece) throws ProtocolError {
    int size = 4 << 20;
    var value = new byte[size];
    Arrays.fill(value, (byte) 'v');
    value[size - 1] = 'e';
    var out = new OutBuffer(16);
    RequestWriter.write(out, Request.of(List.of(Bytes.utf8("SET"), Bytes.utf8("k"), Bytes.wrap(value))));
    byte[] bytes = out.take();
    var parser = new RequestParser(RespLimits.SERVER);
    var requests = new ArrayList<Request>();
    long before = allocated();
    for (int at = 0; at < bytes.length; at += piece) {
      feed(parser, bytes, at, Math.min(bytes.length, at + piece), requests);
    }
    assertThat(allocated() - before).isLessThan(6L * size);
    assertThat(requests.get(0).get(2)).isEqualTo(Bytes.wrap(value));
    assertThat(requests.get(0).get(2).array().length).isLessThan(size + size / 4);
  }

  @Test
  void argumentsOfARequest_shareAnArrayOfItsOwn() throws ProtocolError {
    List<Request> requests = parse(SMALL, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n");
    Request first = requests.get(0);
    assertThat(first.get(0).array()).isSameAs(first.get(1).array()).hasSize(4);
    assertThat(requests.get(1).get(1).array()).isNotSameAs(first.get(1).array());
  }

  @Test
  void anyBytes_giveTheSameInOnePieceAndByteByByte() {
    for (int seed = 0; seed < 3 * SEEDS; seed++) {
      var random = new Random(seed);
      String stream = random.ints(random.nextInt(21), 0, PARTS.size()).mapToObj(PARTS::get)
          .collect(Collectors.joining());
      assertThat(outcome(stream)).as("seed %d", seed).isEqualTo(outcome(stream.split("")));
    }
  }

  /** The requests up to the end or the first error, and that error. */
  private static List<String> outcome(String... pieces) {
    var parser = new RequestParser(SMALL);
    var outcome = new ArrayList<String>();
    try {
      for (String piece : pieces) {
        byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < bytes.length) {
          at = parser.feed(bytes, at, bytes.length);
          if (parser.ready()) {
            outcome.add(parser.take().toString());
          }
        }
      }
    } catch (ProtocolError e) {
      outcome.add(e.text());
    }
    return outcome;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static List<Request> parse(RespLimits limits, String... pieces) throws ProtocolError {
    var parser = new RequestParser(limits);
    var requests = new ArrayList<Request>();
    for (String piece : pieces) {
      byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
      feed(parser, bytes, 0, bytes.length, requests);
    }
    return requests;
  }

  private static int feed(RequestParser parser, byte[] bytes, int from, int to, List<Request> requests)
      throws ProtocolError {
    int at = from;
    while (at < to) {
      at = parser.feed(bytes, at, to);
      if (parser.ready()) {
        requests.add(parser.take());
      }
    }
    return at;
  }
}
