package dss.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ReplyWriterTest {
  static Stream<Arguments> goldenBytes() {
    return Stream.of(Arguments.of(Reply.OK, "+OK\r\n", "+OK\r\n"),
        Arguments.of(Reply.error("ERR no"), "-ERR no\r\n", "-ERR no\r\n"),
        Arguments.of(Reply.integer(-42), ":-42\r\n", ":-42\r\n"),
        Arguments.of(Reply.integer(Long.MIN_VALUE), ":-9223372036854775808\r\n", ":-9223372036854775808\r\n"),
        Arguments.of(Reply.integer(Long.MAX_VALUE), ":9223372036854775807\r\n", ":9223372036854775807\r\n"),
        Arguments.of(Reply.bulk("ab\r\n"), "$4\r\nab\r\n\r\n", "$4\r\nab\r\n\r\n"),
        Arguments.of(Reply.bulk(""), "$0\r\n\r\n", "$0\r\n\r\n"),
        Arguments.of(Reply.NULL, "$-1\r\n", "_\r\n"),
        Arguments.of(Reply.EMPTY_ARRAY, "*0\r\n", "*0\r\n"),
        Arguments.of(Reply.array(Reply.integer(1), Reply.array(Reply.NULL)), "*2\r\n:1\r\n*1\r\n$-1\r\n",
            "*2\r\n:1\r\n*1\r\n_\r\n"),
        Arguments.of(new Reply.Map(List.of(Reply.bulk("a"), Reply.integer(1))), "*2\r\n$1\r\na\r\n:1\r\n",
            "%1\r\n$1\r\na\r\n:1\r\n"),
        Arguments.of(new Reply.Real(1.5), "$3\r\n1.5\r\n", ",1.5\r\n"),
        Arguments.of(new Reply.Real(3), "$1\r\n3\r\n", ",3\r\n"),
        Arguments.of(new Reply.Real(-0.0), "$2\r\n-0\r\n", ",-0\r\n"),
        Arguments.of(new Reply.Real(1e300), "$5\r\n1e300\r\n", ",1e300\r\n"),
        Arguments.of(new Reply.Real(Double.POSITIVE_INFINITY), "$3\r\ninf\r\n", ",inf\r\n"),
        Arguments.of(new Reply.Real(Double.NEGATIVE_INFINITY), "$4\r\n-inf\r\n", ",-inf\r\n"),
        Arguments.of(new Reply.Real(Double.NaN), "$3\r\nnan\r\n", ",nan\r\n"),
        Arguments.of(new Reply.Bool(true), ":1\r\n", "#t\r\n"),
        Arguments.of(new Reply.Bool(false), ":0\r\n", "#f\r\n"),
        Arguments.of(new Reply.Text("a:1\n"), "$4\r\na:1\n\r\n", "=8\r\ntxt:a:1\n\r\n"),
        Arguments.of(new Reply.Simple("grün"), "+grün\r\n", "+grün\r\n"));
  }

  @ParameterizedTest
  @MethodSource("goldenBytes")
  void everyType_hasItsGoldenBytes(Reply reply, String resp2, String resp3) {
    assertThat(written(reply, 2)).isEqualTo(resp2);
    assertThat(written(reply, 3)).isEqualTo(resp3);
    assertThat(ReplyCodec.encode(reply).asUtf8()).isEqualTo(resp3);
    assertThat(ReplyCodec.decode(Bytes.utf8(resp3))).isEqualTo(reply);
  }

  @Test
  void request_isAnArrayOfBulks() {
    var out = new OutBuffer(16);
    RequestWriter.write(out, Request.of("SET", "k", ""));
    assertThat(new String(out.take(), StandardCharsets.UTF_8))
        .isEqualTo("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n");
  }

  @Test
  void bufferAtItsLimit_refusesMore() {
    var out = new OutBuffer(16, 100);
    out.put(new byte[100], 0, 100);
    assertThatThrownBy(() -> out.put(1)).isInstanceOf(OutBuffer.Overflow.class);
  }

  @Test
  void bufferGivenALowerLimit_refusesOnlyWhatIsAboveIt() {
    var out = new OutBuffer(512);
    out.put("abc");
    out.limit(600);
    out.put(new byte[500], 0, 500);
    assertThat(out.length()).isEqualTo(503);
    assertThatThrownBy(() -> out.put(new byte[600], 0, 600)).isInstanceOf(OutBuffer.Overflow.class);
  }

  @Test
  void largeBuffer_isNotKept() {
    var out = new OutBuffer(16);
    out.put(new byte[1 << 20], 0, 1 << 20);
    out.clear();
    assertThat(out.array().length).isEqualTo(16);
  }

  @Test
  void decode_refusesWhatIsNotOneReply() {
    for (String bytes : List.of("", "+OK", "+OK\r\n+OK\r\n", "?\r\n", ":x\r\n")) {
      assertThatThrownBy(() -> ReplyCodec.decode(Bytes.utf8(bytes)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String written(Reply reply, int protocol) {
    var out = new OutBuffer(16);
    ReplyWriter.write(out, reply, protocol);
    return new String(out.take(), StandardCharsets.UTF_8);
  }
}
