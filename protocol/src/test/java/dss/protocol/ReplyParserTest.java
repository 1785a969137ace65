package dss.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyParserTest {
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

  @Property
  void anyReply_comesBackAsItWentOut(@ForAll("replies") Reply reply, @ForAll boolean byByte)
      throws ProtocolError {
    var out = new OutBuffer(16);
    ReplyWriter.write(out, reply, 3);
    String bytes = new String(out.take(), StandardCharsets.ISO_8859_1);
    assertThat(parse(RespLimits.CLIENT, byByte ? bytes.split("") : new String[]{bytes}))
        .containsExactly(reply);
  }

  @Property
  void anyReplyInResp2_isRead(@ForAll("replies") Reply reply) throws ProtocolError {
    var out = new OutBuffer(16);
    ReplyWriter.write(out, reply, 2);
    assertThat(parse(RespLimits.CLIENT, new String(out.take(), StandardCharsets.ISO_8859_1))).hasSize(1);
  }

  @Property
  void anyBytes_areAReplyOrAnErrorButNoException(@ForAll byte[] bytes) {
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
      assertThat(e.text()).startsWith("ERR Protocol error: ");
    }
  }

  @Provide
  Arbitrary<Reply> replies() {
    Arbitrary<String> lines = Arbitraries.strings().excludeChars('\r', '\n').ofMaxLength(20)
        .filter(text -> Bytes.utf8(text).asUtf8().equals(text));
    Arbitrary<Reply> leaves = Arbitraries.oneOf(lines.map(Reply.Simple::new), lines.map(Reply.Error::new),
        Arbitraries.longs().map(Reply.Int::new),
        Arbitraries.bytes().array(byte[].class).map(bytes -> new Reply.Bulk(Bytes.wrap(bytes))),
        Arbitraries.just(Reply.NULL), Arbitraries.doubles().map(Reply.Real::new), Arbitraries.of(true, false)
            .map(Reply.Bool::new),
        lines.map(Reply.Text::new));
    Arbitrary<Reply> replies = leaves;
    for (int depth = 0; depth < 3; depth++) {
      Arbitrary<Reply> inner = replies;
      replies = Arbitraries.oneOf(leaves, inner.list().ofMaxSize(4).map(Reply.Array::new),
          inner.list().ofMaxSize(4).filter(items -> items.size() % 2 == 0).map(Reply.Map::new));
    }
    return replies;
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
