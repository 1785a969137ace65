package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loop's side of the log alone. */
class LogTest {
  private final List<Batch> batches = new ArrayList<>();
  private final EntryWriter writer = new EntryWriter();
  private final Log log = new Log(Bench.SMALL);
  private long seq;

  private long append() {
    return log.append(writer.write(Entry.NO_OP, 0, 1, ++seq, seq, null, List.of()));
  }

  private void begin() {
    log.begin(List.of(), 0, 1, batches::add);
  }

  private Segment oldest() {
    return log.live().iterator().next();
  }

  private void fillTwoSegments() {
    while (log.liveSegments() < 3) {
      append();
    }
  }

  @Test
  void file_staysUntilWhatWasAppendedBeforeItWasLetGo_isDurable() {
    begin();
    fillTwoSegments();
    log.sync();
    log.durable(batches.removeFirst());
    append();
    log.letGo(oldest());
    assertThat(oldest().inMemory()).isFalse();
    assertThat(log.dropOldest(Long.MAX_VALUE)).isEmpty();
    assertThat(log.sync()).isTrue();
    assertThat(log.dropOldest(Long.MAX_VALUE)).isEmpty();
    log.durable(batches.getFirst());
    assertThat(log.dropOldest(Long.MAX_VALUE)).isPresent();
    assertThat(log.dropOldest(Long.MAX_VALUE)).as("the next is in memory").isEmpty();
  }

  /** Cut entries are needed by nobody before they are written: their memory must not be used again meanwhile. */
  @Test
  void memory_staysUntilItsBlocksAreOnDisk() {
    begin();
    fillTwoSegments();
    log.letGo(oldest());
    assertThat(oldest().inMemory()).as("not handed over").isTrue();
    log.sync();
    log.letGo(oldest());
    assertThat(oldest().inMemory()).as("being written").isTrue();
    log.durable(batches.getFirst());
    log.letGo(oldest());
    assertThat(oldest().inMemory()).as("on disk").isFalse();
  }

  @Test
  void positions_areOneRowAcrossSegments() {
    begin();
    fillTwoSegments();
    log.sync();
    long position = 0;
    for (Batch.Block block : batches.getFirst().blocks()) {
      assertThat(block.segment().base + block.from()).isEqualTo(position);
      position += block.to() - block.from();
    }
    assertThat(batches.getFirst().endPosition()).isEqualTo(position);
  }

  @Test
  void currentSegment_isNotLetGo() {
    begin();
    long place = append();
    log.letGo(oldest());
    assertThat(Entry.at(log.table().memory(place), Place.offset(place)).seq()).isEqualTo(1);
  }

  /** Were there no file after a crash, numbers would begin anew, and files that are used again hold blocks of these. */
  @Test
  void lastFile_staysUntilTheNextBeginsOnTheDisk() {
    var recovered = new Segment(7, 4_000, new byte[64 << 10], 64 << 10);
    recovered.used = 800;
    recovered.letGo();
    log.begin(List.of(recovered), recovered.end(), 8, batches::add);
    assertThat(log.dropOldest(Long.MAX_VALUE)).isEmpty();
    append();
    assertThat(log.dropOldest(Long.MAX_VALUE)).as("only in memory").isEmpty();
    log.sync();
    log.durable(batches.getFirst());
    assertThat(log.dropOldest(Long.MAX_VALUE)).contains(recovered);
    assertThat(log.dropOldest(Long.MAX_VALUE)).isEmpty();
  }
}
