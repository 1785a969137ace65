package dss.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyParserTest {
  private static final int SEEDS = 2_000;
  private static final int DEPTH = 3;
  private static final String TOKENS = "\r\n\r\n\r\n*$:+-_,#!=~%>(|0123";
  private static final RespLimits SMALL = new RespLimits(200, 40, 10, 64, 3);
  private static final String STREAM = "+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n*-1\r\n_\r\n,1.5\r\n#t\r\n"
      + "(123456789012345678901234567890\r\n!6\r\nERR a\n\r\n=7\r\ntxt:abc\r\n~1\r\n:1\r\n>2\r\n+msg\r\n:1\r\n"
      + "|1\r\n+ttl\r\n:3\r\n+after\r\n*2\r\n|1\r\n+x\r\n*0\r\n:1\r\n*0\r\n%1\r\n+k\r\n*1\r\n:2\r\n%0\r\n";
  private static final List<Reply> REPLIES = List.of(Reply.OK, Reply.error("ERR no"), Reply.integer(-7),
      Reply.bulk("a\r\n"), Reply.NULL, Reply.NULL, Reply.NULL, new Reply.Real(1.5), new Reply.Bool(true),
      Reply.bulk("123456789012345678901234567890"), Reply.error("ERR a "), new Reply.Text("abc"),
      Reply.array(Reply.integer(1)), Reply.array(new Reply.Simple("msg"), Reply.integer(1)),
      new Reply.Simple("after"), Reply.array(Reply.integer(1), Reply.EMPTY_ARRAY),
      new Reply.Map(List.of(new Reply.Simple("k"), Reply.array(Reply.integer(2)))), new Reply.Map(List.of()));

  @Test
  void everyType_isRead() throws ProtocolError {
    assertThat(parse(SMALL, STREAM)).isEqualTo(REPLIES);
  }

  @Test
  void everySplitInTwo_givesTheSameReplies() throws ProtocolError {
    for (int cut = 0; cut <= STREAM.length(); cut++) {
      assertThat(parse(SMALL, STREAM.substring(0, cut), STREAM.substring(cut))).as("cut at %d", cut)
          .isEqualTo(REPLIES);
    }
  }

  @Test
  void byteByByte_givesTheSameReplies() throws ProtocolError {
    assertThat(parse(SMALL, STREAM.split(""))).isEqualTo(REPLIES);
  }

  @Test
  void push_isToldFromAReply() throws ProtocolError {
    var parser = new ReplyParser(SMALL);
    byte[] bytes = ">1\r\n*1\r\n:1\r\n*1\r\n>1\r\n:1\r\n".getBytes(StandardCharsets.UTF_8);
    int at = parser.feed(bytes, 0, bytes.length);
    assertThat(parser.isPush()).isTrue();
    parser.take();
    parser.feed(bytes, at, bytes.length);
    assertThat(parser.isPush()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n", "\r\n", "+a\n", ":\r\n", ":1x\r\n", "$x\r\n", "$-2\r\n", "$41\r\n",
      "*11\r\n", "*-2\r\n",
      "$1\r\nabc", "#x\r\n", ",x\r\n", "(x\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n", "$?\r\n", "~-1\r\n", "!-1\r\n"})
  void garbage_isAnError(String stream) {
    assertThatThrownBy(() -> parse(SMALL, stream)).isInstanceOf(ProtocolError.class);
    assertThatThrownBy(() -> parse(SMALL, stream.split(""))).isInstanceOf(ProtocolError.class);
  }

  @Test
  void lineOrReplyAboveTheLimit_isAnError() {
    assertThatThrownBy(() -> parse(SMALL, "+" + "x".repeat(65))).isInstanceOf(ProtocolError.class);
    String bulk = "$40\r\n" + "x".repeat(40) + "\r\n";
    assertThatThrownBy(() -> parse(SMALL, "*6\r\n" + bulk.repeat(6))).isInstanceOf(ProtocolError.class);
  }

  @Test
  void anyReply_comesBackAsItWentOut() throws ProtocolError {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      Reply reply = reply(random, DEPTH);
      String bytes = written(reply, 3);
      assertThat(parse(RespLimits.CLIENT, random.nextBoolean() ? bytes.split("") : new String[]{bytes}))
          .as("seed %d", seed).containsExactly(reply);
    }
  }

  @Test
  void anyReplyInResp2_isRead() throws ProtocolError {
    for (int seed = 0; seed < SEEDS; seed++) {
      Reply reply = reply(new Random(seed), DEPTH);
      assertThat(parse(RespLimits.CLIENT, written(reply, 2))).as("seed %d", seed).hasSize(1);
    }
  }

  @Test
  void anyBytes_areAReplyOrAnErrorButNoException() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        // Half of them mean something.
        bytes[i] = random.nextBoolean() ? (byte) TOKENS.charAt(random.nextInt(TOKENS.length())) : bytes[i];
      }
      parseAnything(bytes, seed);
    }
  }

  private static void parseAnything(byte[] bytes, int seed) {
    var parser = new ReplyParser(SMALL);
    try {
      int at = 0;
      while (at < bytes.length) {
        at = parser.feed(bytes, at, bytes.length);
        if (parser.ready()) {
          parser.take();
        }
      }
    } catch (ProtocolError e) {
      assertThat(e.text()).as("seed %d", seed).startsWith("ERR Protocol error: ");
    }
  }

  private static String written(Reply reply, int protocol) {
    var out = new OutBuffer(16);
    ReplyWriter.write(out, reply, protocol);
    return new String(out.take(), StandardCharsets.ISO_8859_1);
  }

  private static Reply reply(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 8 : 10)) {
      case 0 -> new Reply.Simple(line(random));
      case 1 -> new Reply.Error(line(random));
      case 2 -> new Reply.Int(random.nextBoolean() ? random.nextLong() : random.nextInt(10));
      case 3 -> new Reply.Bulk(Bytes.wrap(bytes(random)));
      case 4 -> Reply.NULL;
      case 5 -> new Reply.Real(random.nextBoolean() ? random.nextGaussian() : Double.POSITIVE_INFINITY);
      case 6 -> new Reply.Bool(random.nextBoolean());
      case 7 -> new Reply.Text(line(random));
      case 8 -> new Reply.Array(replies(random, random.nextInt(5), depth - 1));
      default -> new Reply.Map(replies(random, 2 * random.nextInt(3), depth - 1));
    };
  }

  private static List<Reply> replies(Random random, int count, int depth) {
    return Stream.generate(() -> reply(random, depth)).limit(count).toList();
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Of one to four bytes a character, without an end of line. */
  private static String line(Random random) {
    return random.ints(random.nextInt(20), 0, 0x20000).filter(c -> c != '\r' && c != '\n')
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .map(c -> random.nextBoolean() && c % 128 >= ' ' ? c % 128 : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  private static List<Reply> parse(RespLimits limits, String... pieces) throws ProtocolError {
    var parser = new ReplyParser(limits);
    var replies = new ArrayList<Reply>();
    for (String piece : pieces) {
      byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
      int at = 0;
      while (at < bytes.length) {
        at = parser.feed(bytes, at, bytes.length);
        if (parser.ready()) {
          replies.add(parser.take());
        }
      }
    }
    return replies;
  }
}
