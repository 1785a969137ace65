package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.storage.ShardStorage;
import dss.protocol.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process on real files, killed with SIGKILL again and again. What it said is durable must be there. */
class KillTest {
  private static final int KILLS = 50;

  @TempDir
  Path directory;

  private final long[] durable = new long[KillVictim.SHARDS];
  private final EntryWriter writer = new EntryWriter();
  private final Random random = new Random(42);

  @Test
  void killedFiftyTimes_keepsWhatItReportedDurable_andNothingElse() throws Exception {
    long flushed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill();
      flushed = Math.max(flushed, check());
    }
    assertThat(java.util.Arrays.stream(durable)).allMatch(seq -> seq > KILLS);
    assertThat(flushed).as("flushes happened too").isPositive();
  }

  private void runAndKill() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var said = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      int lines = 5 + random.nextInt(60);
      String line = said.readLine();
      for (; line != null; line = said.readLine()) {
        note(line);
        if (--lines == 0) {
          // By its handle: Process.destroyForcibly would close the stream that still has things to say.
          process.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("killed, not failed").isEqualTo(137);
  }

  private void note(String line) {
    String[] words = line.split(" ");
    // The last line may be cut short by the kill: then it is shorter than what was said before it.
    if (words.length == 2 && words[0].length() == 1) {
      int shard = Integer.parseInt(words[0]);
      durable[shard] = Math.max(durable[shard], Long.parseLong(words[1]));
    }
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto", "-Xmx128m", "-Djava.library.path=" + Path.of("target", "native").toAbsolutePath(),
        "-cp", System.getProperty("java.class.path"), KillVictim.class.getName(),
        directory.toString()));
    return command;
  }

  /** Opens what is left; returns the sum of the flushed positions. */
  private long check() {
    long flushed = 0;
    try (var bench = new Bench(directory)) {
      for (int shard = 0; shard < KillVictim.SHARDS; shard++) {
        int number = shard;
        flushed += bench.on(() -> checkLog(bench.storage.shard(number), number));
        if (random.nextInt(5) == 0) {
          bench.applyAll(shard);
          checkValues(bench, shard);
        }
      }
    }
    return flushed;
  }

  private long checkLog(ShardStorage shard, int number) {
    assertThat(shard.lastSeq()).as("shard %d", number).isGreaterThanOrEqualTo(durable[number]);
    assertThat(shard.durableSeq()).isEqualTo(shard.lastSeq());
    for (long seq = shard.baseSeq() + 1; seq <= shard.lastSeq(); seq++) {
      Entry is = java.util.Objects.requireNonNull(shard.entry(seq));
      assertThat(Bytes.wrap(is.copy().array()))
          .isEqualTo(Bytes.wrap(KillVictim.entry(writer, number, seq).copy().array()));
    }
    durable[number] = shard.lastSeq();
    return shard.appliedSeq();
  }

  private static void checkValues(Bench bench, int shard) {
    long applied = bench.on(() -> bench.storage.shard(shard).appliedSeq());
    Map<Bytes, String> values = new HashMap<>();
    for (long seq = 1; seq <= applied; seq++) {
      for (Effect effect : KillVictim.effects(shard, seq)) {
        if (effect.op() == Effect.DELETE) {
          values.remove(effect.key());
        } else {
          values.put(effect.key(), effect.value().asUtf8());
        }
      }
    }
    for (int i = 0; i < 50; i++) {
      Bytes key = KillVictim.key(shard, i);
      assertThat(bench.text(shard, key)).isEqualTo(values.get(key));
    }
    assertThat(bench.count(shard)).isEqualTo(values.size());
  }
}
