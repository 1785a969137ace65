package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyScannerTest {
  private static final String MANY = "+OK\r\n:42\r\n$5\r\nab\r\nc\r\n$-1\r\n$0\r\n\r\n"
      + "-MOVED 12 127.0.0.1:7002\r\n*2\r\n$1\r\na\r\n*1\r\n-ERR inside\r\n*0\r\n*-1\r\n*1\r\n$-1\r\n:-7\r\n";
  private static final List<String> WORDS = List.of("ok", "ok", "ok", "absent", "ok",
      "error MOVED 12 127.0.0.1:7002", "ok", "ok", "absent", "ok", "ok");

  private static List<String> scan(ReplyScanner scanner, String text, int from, int to) throws IOException {
    ByteBuffer in = ByteBuffer.allocateDirect(text.length());
    in.put(0, text.getBytes(StandardCharsets.US_ASCII));
    var words = new ArrayList<String>();
    int at = from;
    while (at < to) {
      at = scanner.scan(in, at, to);
      if (scanner.isComplete()) {
        words.add(scanner.isError()
            ? "error " + scanner.errorLine()
            : scanner.isAbsent() ? "absent" : "ok");
      }
    }
    return words;
  }

  @Test
  void replies_areFoundOverAnySplit() throws IOException {
    for (int first = 0; first <= MANY.length(); first++) {
      for (int second = first; second <= MANY.length(); second += 7) {
        var scanner = new ReplyScanner();
        var words = new ArrayList<>(scan(scanner, MANY, 0, first));
        words.addAll(scan(scanner, MANY, first, second));
        words.addAll(scan(scanner, MANY, second, MANY.length()));
        assertThat(words).as("split at %d and %d", first, second).isEqualTo(WORDS);
      }
    }
  }

  @Test
  void afterAReset_theHalfOfAReplyIsForgotten() throws IOException {
    var scanner = new ReplyScanner();
    scan(scanner, "$100\r\nabc", 0, 9);
    scanner.reset();
    assertThat(scan(scanner, "+OK\r\n", 0, 5)).containsExactly("ok");
  }

  @Test
  void aLongErrorIsCut_notRefused() throws IOException {
    String line = "-ERR " + "x".repeat(5000) + "\r\n";
    assertThat(scan(new ReplyScanner(), line, 0, line.length()).get(0)).startsWith("error ERR xxx")
        .hasSizeLessThan(600);
  }

  @Test
  void whatIsNoReply_isRefused() {
    for (String broken : List.of("hello\r\n", "%1\r\n", "$9999999999999\r\n", "*99999999999\r\n", "$x\r\n",
        "+" + "y".repeat(70_000))) {
      assertThatThrownBy(() -> scan(new ReplyScanner(), broken, 0, broken.length())).as(broken)
          .isInstanceOf(IOException.class);
    }
  }
}
