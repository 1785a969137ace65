package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.KeyHash;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePoolTest {
  private static final long MOST = 1 << 16;

  private final Viewers viewers = new Viewers();
  private final TablePool pool = new TablePool(viewers, MOST);
  private final SegmentTable segments = new SegmentTable();
  private final Unflushed unflushed = new Unflushed(segments, pool, true);
  private long nextSegment;

  @Test
  void whatWasGivenBack_isTakenAgain_asZeros() {
    long[] array = pool.take(16);
    array[3] = 7;
    pool.give(array);
    assertThat(pool.take(8)).isNotSameAs(array).hasSize(8);
    assertThat(pool.take(16)).isSameAs(array).containsOnly(0);
    assertThat(pool.take(16)).isNotSameAs(array);
    assertThat(pool.freeBytes()).isZero();
  }

  @Test
  void whileSomebodyViews_nothingIsUsedAgain_butAfterwards() {
    long[] array = pool.take(16);
    viewers.begin();
    viewers.begin();
    viewers.end();
    pool.give(array);
    assertThat(pool.take(16)).isNotSameAs(array);
    viewers.end();
    assertThat(pool.take(16)).isSameAs(array);
  }

  @Test
  void whileSomebodyViews_noMoreThanItMayIsHeld() {
    var segments = new SegmentPool(viewers, 64, 2);
    viewers.begin();
    for (int i = 0; i < 10; i++) {
      pool.give(new long[1 << 11]);
      segments.give(new byte[64]);
    }
    assertThat(viewers.waiting()).isEqualTo(4 + 2);
    viewers.end();
    assertThat(viewers.waiting()).isZero();
    assertThat(pool.freeBytes()).isEqualTo(4 * 8 << 11);
    byte[] first = segments.take(64);
    segments.give(first);
    assertThat(segments.take(64)).isSameAs(first);
  }

  @Test
  void itKeepsNoMoreThanItMay() {
    for (int i = 0; i < 10; i++) {
      pool.give(new long[1 << 11]);
    }
    assertThat(pool.freeBytes()).isEqualTo(4 * 8 << 11).isLessThanOrEqualTo(MOST);
  }

  @Test
  void sizesThatNobodyTakesAnyMore_makeRoom() {
    for (int i = 0; i < 4; i++) {
      pool.give(new long[1 << 11]);
    }
    pool.take(1 << 10);
    long[] wanted = new long[1 << 10];
    pool.give(wanted);
    assertThat(pool.take(1 << 10)).isSameAs(wanted);
    assertThat(pool.freeBytes()).isEqualTo(3 * 8 << 11);
  }

  @Test
  void aShardThatIsWrittenAndFlushedAgainAndAgain_needsNoNewArrays() {
    assertNothingIsMade(unflushed, false);
  }

  @Test
  void aShardThatRemembersNothing_needsNoNewArrays() {
    assertNothingIsMade(new Unflushed(segments, pool, false), false);
  }

  @Test
  void aShardThatIsClearedAndGrowsAgain_needsNoNewArrays() {
    assertNothingIsMade(unflushed, true);
  }

  private void assertNothingIsMade(Unflushed shard, boolean cleared) {
    long before = 0;
    for (int flush = 0; flush < 20; flush++) {
      before = flush == 10 ? pool.made() : before;
      if (cleared) {
        shard.clear();
      }
      for (int key = 0; key < 100; key++) {
        put(shard, key);
      }
      shard.seal();
      shard.flushed();
    }
    assertThat(pool.made()).isEqualTo(before).isPositive();
  }

  @Test
  void whatAFlushReads_isNotUsedAgain_whenItsShardBeginsAnew() {
    put(1);
    unflushed.seal();
    MemIndex flushedMeanwhile = unflushed.sealed();
    unflushed.reset();
    put(2);
    assertThat(find(flushedMeanwhile, 1)).isPositive();
    assertThat(find(flushedMeanwhile, 2)).isZero();
  }

  @Test
  void whatASnapshotHas_isNotUsedAgain_whenItIsForgotten() {
    put(1);
    unflushed.seal();
    MemIndex seen = unflushed.sealed();
    viewers.begin();
    unflushed.flushed();
    unflushed.forgetRecent(nextSegment);
    put(2);
    assertThat(find(seen, 1)).isPositive();
    assertThat(find(seen, 2)).isZero();
  }

  @Test
  void afterAClear_andABeginAnew_nothingOfBeforeIsFound() {
    put(1);
    unflushed.clear();
    put(2);
    assertThat(get(1)).isSameAs(Value.ABSENT);
    assertThat(get(2).type()).isEqualTo(Effect.STRING);
    unflushed.reset();
    put(3);
    assertThat(get(2)).isSameAs(Unflushed.NOT_HERE);
  }

  private Value get(int key) {
    Bytes name = name(key);
    return unflushed.get(Effect.HEADER, Slots.of(name), KeyHash.of(name), name);
  }

  private long find(MemIndex index, int key) {
    Bytes name = name(key);
    return index.find(segments, Effect.HEADER, Slots.of(name), KeyHash.of(name), name);
  }

  private static Bytes name(int key) {
    return Bytes.utf8("key:" + key);
  }

  private void put(int key) {
    put(unflushed, key);
  }

  private void put(Unflushed shard, int key) {
    Entry entry = new EntryWriter().write(Entry.COMMAND, 3, 1, 1, 1, null,
        List.of(Bench.put(name(key), "v")));
    byte[] memory = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
    segments.add(new Segment(++nextSegment, 0, memory, memory.length));
    int at = Entry.at(memory, 0).firstEffect();
    shard.put(memory, at, Place.of(nextSegment, at));
  }
}
