package dss.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  @TempDir
  Path directory;
  private final CommandRun command = new CommandRun();

  private int run(String... words) {
    return command.run(new BenchCommand(), words);
  }

  private void isUsage(String sentence, String... words) {
    assertThat(run(words)).isEqualTo(Exit.USAGE);
    assertThat(command.said()).contains(sentence);
  }

  @Test
  void whatIsOutOfBounds_isUsage_andSaysTheBounds() {
    isUsage("--keys is 1 to a billion, not 0", "--keys", "0");
    isUsage("--connections is 1 to 10000, not -1", "--connections", "-1");
    isUsage("--clients is 1 to 10000, not 0", "--clients", "0");
    isUsage("--reconnect is for redis", "--protocol", "etcd", "--reconnect");
    isUsage("--size is 0 to 67108864 bytes", "--size", "5g");
    isUsage("give --requests or --seconds, not both", "--requests", "5", "--seconds", "5");
    isUsage("--rate is a number of operations a second, not 0.0", "--rate", "0");
    isUsage("no kind of operation 'put'", "--mix", "put=1");
    isUsage("no protocol 'http'", "--protocol", "http");
    isUsage("--protocol etcd has set and get, no mset", "--protocol", "etcd", "--mix", "mset");
    isUsage("no distribution 'normal'", "--distribution", "normal");
    isUsage("--plot draws FILE.png or FILE.svg", "--plot", directory.resolve("run.pdf").toString());
    isUsage("no file can be written at", "--csv", directory.resolve("none/run.csv").toString());
  }

  @Test
  void whereNobodyListens_nobodyAnswers() throws IOException {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    assertThat(run("--server", "127.0.0.1:" + port, "--quiet")).isEqualTo(Exit.NOBODY);
    assertThat(command.said()).contains("nobody answers at 127.0.0.1:" + port);
  }
}
