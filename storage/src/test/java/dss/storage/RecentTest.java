package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.KeyHash;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was flushed lately is read from the log's memory, while that lasts. */
class RecentTest {
  private static final Bytes A = Bytes.utf8("{t}a");
  private static final Bytes B = Bytes.utf8("{t}b");
  /** Nothing of the store is in memory: what is not COLD was not read there. */
  private static final StorageSettings SETTINGS = Bench.SMALL.withCacheBytes(0, 0)
      .withRecentBytes(Bench.SMALL.memtableBytes());

  @TempDir
  Path directory;

  private static Value look(Bench bench, Bytes key) {
    return bench.on(() -> bench.shardHere(3).get(Effect.HEADER, Slots.of(key), key));
  }

  private static void assertValue(Bench bench, Bytes key, String value) {
    assertThat(look(bench, key).bytes()).isEqualTo(Bytes.utf8(value));
  }

  @Test
  void whatWasFlushed_isReadWithoutTheStore() {
    try (var bench = new Bench(directory, SETTINGS)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"), Bench.put(B, "one"));
      // Segments are kept once they are full.
      fill(bench, 20);
      bench.flush();
      assertValue(bench, A, "one");
      bench.write(3, Bench.put(A, "two"), Bench.delete(B));
      assertValue(bench, A, "two");
      assertThat(look(bench, B)).isSameAs(Value.ABSENT);
      bench.flush();
      assertValue(bench, A, "two");
      assertThat(look(bench, B)).isSameAs(Value.ABSENT);
    }
  }

  @Test
  void whenTheMemoryIsNeeded_theStoreIsAsked() {
    try (var bench = new Bench(directory, SETTINGS)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      fill(bench, 20);
      bench.flush();
      assertValue(bench, A, "one");
      fill(bench, 400);
      bench.flush();
      assertThat(look(bench, A)).isSameAs(Value.COLD);
      assertThat(bench.text(3, A)).isEqualTo("one");
      var stats = bench.on(bench.storage::stats);
      assertThat(stats.memtableBytes() + stats.recentBytes())
          .isLessThanOrEqualTo(SETTINGS.recentBytes() + (64 << 10));
    }
  }

  @Test
  void aCopyThatIsMadeAnew_knowsNothingOfTheOneBefore() {
    try (var bench = new Bench(directory, SETTINGS)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      fill(bench, 20);
      bench.flush();
      bench.done(done -> bench.shardHere(3).wipe(done));
      bench.create(3);
      assertThat(look(bench, A)).isSameAs(Value.ABSENT);
    }
  }

  /** An entry that was moved to the log's end lies behind later ones. */
  @Test
  void whereALaterPartGoes_anEarlierOneIsNotReadInItsPlace() {
    var table = new SegmentTable();
    var unflushed = new Unflushed(table, new TablePool(new Viewers(), 1 << 20), true);
    putAt(unflushed, table, 7, "one");
    unflushed.seal();
    unflushed.flushed();
    putAt(unflushed, table, 5, "two");
    unflushed.seal();
    unflushed.flushed();
    unflushed.forgetRecent(5);
    assertThat(unflushed.get(Effect.HEADER, Slots.of(A), KeyHash.of(A), A)).isSameAs(Unflushed.NOT_HERE);
  }

  private static void putAt(Unflushed unflushed, SegmentTable table, long segment, String value) {
    Entry entry = new EntryWriter().write(Entry.COMMAND, 3, 1, 1, 1, null, List.of(Bench.put(A, value)));
    byte[] memory = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
    table.add(new Segment(segment, 0, memory, memory.length));
    int at = Entry.at(memory, 0).firstEffect();
    unflushed.put(memory, at, Place.of(segment, at));
  }

  private static void fill(Bench bench, int entries) {
    String value = "v".repeat(8_000);
    for (int i = 0; i < entries; i++) {
      bench.write(3, Bench.put(Bench.key(3, i % 20), value + i));
    }
  }
}
