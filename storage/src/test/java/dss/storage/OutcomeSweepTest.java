package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeSweepTest {
  private static final int SHARD = 3;
  private static final int FIRST_SLOT = SHARD * (Slots.COUNT / Bench.SHARDS);
  private static final int SLOT = FIRST_SLOT + 700;

  /** Each slot once, and a little more. */
  private static final int RUNS = Slots.COUNT / OutcomeSweep.SLOTS_AT_ONCE + 2;

  /** What was flushed is still in memory: outcomes must not be found there, which the sweep does not know of. */
  private static final StorageSettings RECENT = Bench.SMALL.withRecentBytes(Bench.SMALL.memtableBytes());

  @TempDir
  Path directory;

  private static RequestId id(long client, long seq) {
    return new RequestId(client, 0, seq);
  }

  private static Effect outcome(RequestId id) {
    return Effect.outcome(SLOT, id, Bytes.utf8("+OK"));
  }

  private static void write(Bench bench, long time, List<Effect> effects) {
    bench.run(() -> bench.appendHere(SHARD, 1, time, null, effects));
    bench.sync();
    bench.applyAll(SHARD);
  }

  private static void sweepAll(Bench bench) {
    bench.flush();
    var done = new CompletableFuture<Boolean>();
    var sweep = new OutcomeSweep(bench.storage.flusher());
    bench.storage.flusher().execute(() -> {
      for (int run = 0; run < RUNS; run++) {
        sweep.run();
      }
      done.complete(true);
    });
    Bench.await(done);
  }

  private static boolean known(Bench bench, RequestId id) {
    return bench.get(SHARD, Effect.OUTCOMES, SLOT, id.asKey()) != Value.ABSENT;
  }

  @Test
  void outcomesBelowTheirClientsFloor_andNoOthers_areDeleted() {
    try (var bench = new Bench(directory, RECENT)) {
      bench.create(SHARD);
      var effects = new ArrayList<Effect>();
      for (long seq : List.of(0L, 9L, 10L, 11L, Long.MAX_VALUE)) {
        effects.add(outcome(id(1, seq)));
        effects.add(outcome(id(2, seq)));
      }
      effects.add(Effect.requestWindow(FIRST_SLOT, id(1, 0), new RequestWindow(10, 11)));
      write(bench, 1_000_000, effects);
      sweepAll(bench);
      assertThat(List.of(0L, 9L, 10L)).noneMatch(seq -> known(bench, id(1, seq)));
      assertThat(List.of(11L, Long.MAX_VALUE)).allMatch(seq -> known(bench, id(1, seq)));
      assertThat(List.of(0L, 9L, 10L, 11L)).allMatch(seq -> known(bench, id(2, seq)));
      assertThat(bench.get(SHARD, Effect.OUTCOMES, FIRST_SLOT, id(1, 0).windowKey()).bytes())
          .isEqualTo(new RequestWindow(10, 11).encode());
    }
  }

  @Test
  void aSlotWithMoreThanIsDeletedAtOnce_isGoneOnWith() {
    int many = OutcomeSweep.DELETED_AT_ONCE + 10;
    try (var bench = new Bench(directory, RECENT)) {
      bench.create(SHARD);
      for (int from = 0; from < many; from += 500) {
        var effects = new ArrayList<Effect>();
        for (long seq = from; seq < Math.min(many, from + 500); seq++) {
          effects.add(outcome(id(1, seq)));
        }
        write(bench, 1_000_000 + from, effects);
      }
      write(bench, 3_000_000,
          List.of(Effect.requestWindow(FIRST_SLOT, id(1, 0), new RequestWindow(many, many))));
      sweepAll(bench);
      assertThat(List.of(0L, many - 20L, many - 1L)).noneMatch(seq -> known(bench, id(1, seq)));
    }
  }

  @Test
  void outcomesAndWindows_areKeptForTheirTime() {
    try (var bench = new Bench(directory, RECENT)) {
      bench.create(SHARD);
      write(bench, 1_000_000, List.of(outcome(id(1, 1)),
          Effect.requestWindow(FIRST_SLOT, id(1, 1), new RequestWindow(-1, 5))));
      write(bench, 1_000_001, List.of(outcome(id(2, 1))));
      write(bench, 1_000_001 + RequestId.KEPT_MICROS, List.of(outcome(id(3, 1))));
      sweepAll(bench);
      assertThat(known(bench, id(1, 1))).isFalse();
      assertThat(bench.get(SHARD, Effect.OUTCOMES, FIRST_SLOT, id(1, 1).windowKey())).isSameAs(Value.ABSENT);
      assertThat(known(bench, id(2, 1))).isTrue();
      assertThat(known(bench, id(3, 1))).isTrue();
    }
  }
}
