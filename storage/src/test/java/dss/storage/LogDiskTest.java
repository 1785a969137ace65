package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.storage.Batch.Block;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks as they come to files. */
class LogDiskTest {
  private static final int BLOCK = 64;

  /** What a start judges by: a block that is broken before such a position was not torn, it is damaged. */
  @Test
  void aBlock_saysWhatWasOnDiskBeforeIt() throws LogFault {
    var files = new SimulatedLogFiles();
    var disk = new LogDisk(files, 8192, 0, new Counters());
    var segment = new Segment(1, 0, new byte[8192], 8192);
    for (int i = 0; i < 2; i++) {
      int from = i * BLOCK;
      disk.write(new Batch(List.of(new Block(segment, segment.memory, from, from + BLOCK)),
          Place.of(1, from + BLOCK), from + BLOCK));
      assertThat(disk.synced()).as("written, not synced").isEqualTo(from);
      disk.sync();
      assertThat(disk.synced()).isEqualTo(from + BLOCK);
    }
    byte[] content = files.content(segment.fileName());
    assertThat(BlockFormat.synced(content, 0)).isZero();
    assertThat(BlockFormat.synced(content, BLOCK)).isEqualTo(BLOCK);
  }
}
