package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.storage.LogFiles.LogFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log alone, on simulated files. */
class RecoveryTest {
  private static final int SEGMENT = 64 << 10;

  private final SimulatedLogFiles files = new SimulatedLogFiles();
  private final EntryWriter writer = new EntryWriter();
  private long position;
  private long seq;

  /** Writes a segment of blocks of two entries each; {@code synced} is the position before the last but one. */
  private void segment(long number, int blocks, int spaceBehind) throws IOException {
    byte[] memory = new byte[SEGMENT];
    int at = 0;
    for (int i = 0; i < blocks; i++) {
      int from = at;
      at += BlockFormat.HEADER;
      for (int e = 0; e < 2; e++) {
        Entry entry = writer.write(Entry.NO_OP, 0, 1, ++seq, seq, null, List.of());
        System.arraycopy(entry.array(), 0, memory, at, entry.length());
        at += entry.length();
      }
      BlockFormat.seal(memory, from, at - from, number, position + from, position + from);
    }
    try (LogFile file = files.create(Segment.fileName(number), 0)) {
      file.write(0, memory, 0, at + spaceBehind);
      file.sync();
    }
    files.syncDirectory();
    position += at;
  }

  private List<Long> recover() {
    var seqs = new ArrayList<Long>();
    LogRecovery.run(files, SEGMENT, (entry, place, at) -> seqs.add(entry.seq()));
    return seqs;
  }

  private static List<Long> seqs(int to) {
    var seqs = new ArrayList<Long>();
    for (long i = 1; i <= to; i++) {
      seqs.add(i);
    }
    return seqs;
  }

  @Test
  void segmentsFollowEachOther() throws IOException {
    segment(3, 4, 500 & ~7);
    segment(7, 2, 0);
    assertThat(recover()).isEqualTo(seqs(12));
  }

  @Test
  void tornTail_atEveryByteOfTheLastBlock_isCut_andStaysCut() throws IOException {
    segment(1, 3, 0);
    byte[] whole = files.content(Segment.fileName(1));
    int last = whole.length / 3 * 2;
    for (int cut = last; cut < whole.length; cut++) {
      files.replace(Segment.fileName(1), Arrays.copyOf(whole, cut));
      assertThat(recover()).as("cut at %d", cut).isEqualTo(seqs(4));
      byte[] zeros = whole.clone();
      Arrays.fill(zeros, cut, whole.length, (byte) 0);
      files.replace(Segment.fileName(1), zeros);
      assertThat(recover()).as("zeros from %d", cut).isEqualTo(seqs(zeros[whole.length - 1] == 0
          && Arrays.equals(zeros, whole) ? 6 : 4));
      byte[] flipped = whole.clone();
      flipped[cut] ^= 0x40;
      files.replace(Segment.fileName(1), flipped);
      assertThat(recover()).as("flipped %d", cut).isEqualTo(seqs(4));
      // The broken block is gone for good: whole again, it would not count.
      assertThat(files.content(Segment.fileName(1))[last]).isZero();
    }
  }

  @Test
  void segmentsBehindTheTornTail_areDeleted() throws IOException {
    segment(1, 3, 0);
    segment(2, 1, 0);
    byte[] content = files.content(Segment.fileName(1));
    content[content.length - 1] ^= 1;
    // What the last segment says of the disk is only what lay before the broken block.
    byte[] second = files.content(Segment.fileName(2));
    BlockFormat.seal(second, 0, second.length, 2, BlockFormat.position(second, 0), 0);
    files.replace(Segment.fileName(2), second);
    files.replace(Segment.fileName(1), content);
    assertThat(recover()).isEqualTo(seqs(4));
    assertThat(files.list()).containsExactly(Segment.fileName(1));
    assertThat(recover()).isEqualTo(seqs(4));
  }

  @Test
  void corruptionBelowSynced_namesFileAndOffset_andChangesNothing() throws IOException {
    segment(1, 3, 64);
    segment(2, 3, 64);
    byte[] whole = files.content(Segment.fileName(1));
    int block = (whole.length - 64) / 3;
    byte[] bad = whole.clone();
    bad[block + 70] ^= 1;
    files.replace(Segment.fileName(1), bad);
    assertThatThrownBy(this::recover).isInstanceOf(StorageException.class)
        .hasMessageContaining(Segment.fileName(1) + " is damaged at offset " + block)
        .hasMessageContaining("other copies fill it");
    assertThat(files.content(Segment.fileName(1))).isEqualTo(bad);
    assertThat(files.list()).hasSize(2);
  }

  @Test
  void corruptionInTheFirstBlockOfALaterSegment_namesIt() throws IOException {
    segment(1, 3, 64);
    segment(2, 3, 64);
    byte[] bad = files.content(Segment.fileName(2));
    bad[50] ^= 1;
    files.replace(Segment.fileName(2), bad);
    assertThatThrownBy(this::recover).isInstanceOf(StorageException.class)
        .hasMessageContaining(Segment.fileName(2) + " is damaged at offset 0");
  }

  @Test
  void missingSegment_isCorruption() throws IOException {
    segment(1, 3, 64);
    segment(2, 3, 64);
    segment(3, 3, 64);
    files.delete(Segment.fileName(2));
    assertThatThrownBy(this::recover).isInstanceOf(StorageException.class).hasMessageContaining("is damaged");
  }

  @Test
  void newerFormat_namesBothVersions() throws IOException {
    segment(1, 3, 0);
    byte[] newer = files.content(Segment.fileName(1));
    newer[4] = 9;
    files.replace(Segment.fileName(1), newer);
    assertThatThrownBy(this::recover).isInstanceOf(StorageException.class).hasMessageContaining("format 9")
        .hasMessageContaining("format 1");
  }

  @Test
  void oldBlocksOfAReusedFile_areNotTaken() throws IOException {
    segment(1, 5, 0);
    byte[] old = files.content(Segment.fileName(1));
    files.delete(Segment.fileName(1));
    position = 0;
    seq = 0;
    segment(2, 2, 0);
    byte[] reused = old.clone();
    byte[] fresh = files.content(Segment.fileName(2));
    System.arraycopy(fresh, 0, reused, 0, fresh.length);
    files.replace(Segment.fileName(2), reused);
    assertThat(recover()).isEqualTo(seqs(4));
  }
}
