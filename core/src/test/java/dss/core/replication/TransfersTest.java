package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.replication.PeerMessage.CopyAck;
import dss.core.replication.PeerMessage.CopyChunk;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How fast copies are sent: by what is set, by whether clients work, by whether the machine is busy. */
class TransfersTest {
  private static final int CHUNK = 16 << 10;

  private final NodeBench bench = new NodeBench();

  private void copyBegins() {
    bench.serving();
    bench.inSync(1, 2);
    bench.push();
    copyBegins(3);
  }

  private void copyBegins(int server) {
    bench.disagrees(server, bench.row().epoch(), 0, true);
    bench.shard.opening.removeFirst().accept(new EndlessCopy(bench.shard.lastSeq(), CHUNK));
    bench.turn();
  }

  /** Bytes that are sent in a second to a learner that answers up to so many chunks in a tick at once. */
  private long bytesInASecond(int commandsInATick, int chunksInATick) {
    long bytes = 0;
    for (int tick = 0; tick < 1_000 / Node.TICK_MS; tick++) {
      for (int i = 0; i < commandsInATick; i++) {
        bench.submit(this, "GET", "a");
      }
      bench.pass(Node.TICK_MS, 2, 3, 4);
      for (int i = 0; i < chunksInATick; i++) {
        bytes += chunksAnswered();
      }
    }
    return bytes;
  }

  private long chunksAnswered() {
    long bytes = 0;
    for (NodeBench.Sent sent : List.copyOf(bench.sent)) {
      if (sent.message() instanceof CopyChunk chunk) {
        bench.sent.remove(sent);
        bytes += CHUNK;
        bench.says(sent.to(), new CopyAck(0, chunk.epoch(), chunk.copyId(), chunk.number()));
      }
    }
    return bytes;
  }

  @Test
  void withoutClients_nothingBoundsIt() {
    bench.busy = true;
    copyBegins();
    bytesInASecond(0, 100);
    assertThat(bytesInASecond(0, 100)).isGreaterThan(5 * (long) Transfers.LEAST);
  }

  @Test
  void whileClientsWorkOnABusyMachine_itIsModest_butGoesOn() {
    bench.busy = true;
    copyBegins();
    bytesInASecond(10, 100);
    assertThat(bytesInASecond(10, 100)).isBetween((long) (0.9 * Transfers.LEAST),
        (long) (1.1 * Transfers.LEAST));
  }

  @Test
  void whileClientsWorkOnAMachineWithRoom_itGrows_andFallsWhenTheRoomIsGone() {
    copyBegins();
    bytesInASecond(10, 100);
    bytesInASecond(10, 100);
    assertThat(bytesInASecond(10, 100)).isGreaterThan(3 * (long) Transfers.LEAST);
    bench.busy = true;
    bytesInASecond(10, 100);
    assertThat(bytesInASecond(10, 100)).isLessThan((long) (1.1 * Transfers.LEAST));
  }

  @Test
  void whatIsSet_isNeverExceeded() {
    bench.settings.transferRate = 1 << 20;
    copyBegins();
    bytesInASecond(0, 100);
    assertThat(bytesInASecond(0, 100)).isBetween((long) (0.9 * (1 << 20)), (long) (1.1 * (1 << 20)));
  }

  /** Two copies at once are sent as fast as one, and neither of them waits for the other's end. */
  @Test
  void whatIsSet_isForAllCopiesTogether() {
    bench.settings.transferRate = 1 << 20;
    bench.serving();
    bench.register(4, 1);
    bench.want(1, 2, 3, 4);
    bench.inSync(1, 2);
    bench.push();
    bench.connect(4);
    bench.turn();
    copyBegins(3);
    copyBegins(4);
    bytesInASecond(0, 100);
    long third = copied(3);
    long fourth = copied(4);
    assertThat(bytesInASecond(0, 100)).isBetween((long) (0.9 * (1 << 20)), (long) (1.1 * (1 << 20)));
    assertThat(copied(3) - third).isBetween(4L * CHUNK, 60L * CHUNK);
    assertThat(copied(4) - fourth).isBetween(4L * CHUNK, 60L * CHUNK);
  }

  private long copied(int server) {
    return Objects.requireNonNull(bench.follower(server).copy).bytesSent();
  }

  /** A chunk that waits here for its turn is no silence of the learner. */
  @Test
  void aSlowRate_doesNotEndACopy() {
    bench.settings.transferRate = 1 << 10;
    copyBegins();
    CopyOut begun = bench.follower(3).copy;
    long bytes = 0;
    for (int second = 0; second < 60; second++) {
      bytes += bytesInASecond(0, 1);
    }
    assertThat(bytes).isGreaterThan(2 * CHUNK);
    assertThat(bench.follower(3).copy).isSameAs(begun);
  }

  @Test
  void aCopyThatHasEnded_isNotAskedToGoOn() {
    bench.settings.transferRate = 1 << 16;
    copyBegins();
    chunksAnswered();
    bench.want(1, 2);
    bench.push();
    bench.sent.clear();
    bench.pass(2_000, 2);
    assertThat(bench.sent).noneMatch(sent -> sent.message() instanceof CopyChunk);
  }
}
