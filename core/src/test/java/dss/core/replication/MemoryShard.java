package dss.core.replication;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A copy in plain maps: what is appended is durable when the test says so, all else at once. */
final class MemoryShard implements ShardStorage {
  private final List<Entry> log = new ArrayList<>();
  final Map<Bytes, Value> values = new HashMap<>();
  Mark mark = Mark.ABSENT;
  long copyId;
  long base;
  long durable;
  long retained = Long.MAX_VALUE;
  /** Copies that were opened and have not been given out. */
  final List<Consumer<CopyReader>> opening = new ArrayList<>();
  private long applied;
  private long baseEpoch;
  private long time;

  @Override
  public int shard() {
    return 0;
  }

  @Override
  public Mark mark() {
    return mark;
  }

  @Override
  public long copyId() {
    return copyId;
  }

  @Override
  public long lastSeq() {
    return base + log.size();
  }

  @Override
  public long lastEpoch() {
    return epochAt(lastSeq());
  }

  @Override
  public long lastTime() {
    return log.isEmpty() ? 0 : log.getLast().time();
  }

  @Override
  public long baseSeq() {
    return base;
  }

  @Override
  public long epochAt(long seq) {
    return seq == base ? baseEpoch : entry(seq).epoch();
  }

  @Override
  public Entry entry(long seq) {
    return log.get((int) (seq - base - 1));
  }

  @Override
  public void fetch(long fromSeq, Runnable done) {
    throw new IllegalStateException("all of it is in memory");
  }

  @Override
  public void append(Entry entry) {
    log.add(entry.copy());
  }

  @Override
  public void cutAfter(long seq) {
    log.subList((int) (seq - base), log.size()).clear();
    durable = Math.min(durable, seq);
  }

  @Override
  public long durableSeq() {
    return durable;
  }

  @Override
  public void retainAfter(long seq) {
    retained = seq;
  }

  @Override
  public long appliedSeq() {
    return applied;
  }

  @Override
  public void applyNext() {
    Entry entry = entry(++applied);
    time = entry.time();
    int at = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      Effect effect = Entry.effect(entry.array(), at);
      if (effect.op() == Effect.PUT) {
        values.put(effect.key(), new Value(effect.type(), entry.seq(), entry.seq(), effect.expireAt(),
            Bytes.utf8(effect.value().asUtf8())));
      } else if (effect.op() == Effect.OUTCOME) {
        values.put(effect.key(), Value.outcome(entry.time(), effect.value()));
      }
      at = entry.nextEffect(at);
    }
  }

  @Override
  public long appliedTime() {
    return time;
  }

  @Override
  public Value get(int kind, int slot, Bytes key) {
    return values.getOrDefault(key, Value.ABSENT);
  }

  @Override
  public void warm(int kind, int slot, Bytes key, Runnable done) {
    throw new IllegalStateException("nothing is cold");
  }

  @Override
  public void countKeys(LongConsumer done) {
    done.accept(values.size());
  }

  @Override
  public void keysInSlot(int slot, int limit, Consumer<List<Bytes>> done) {
    done.accept(List.of());
  }

  @Override
  public long bytes() {
    return 0;
  }

  private void reset(Mark to, long id) {
    log.clear();
    values.clear();
    mark = to;
    copyId = id;
    base = 0;
    baseEpoch = 0;
    durable = 0;
    applied = 0;
    time = 0;
  }

  @Override
  public void createEmpty(Runnable done) {
    reset(Mark.COMPLETE, 0);
    done.run();
  }

  @Override
  public void beginCopy(long id) {
    reset(Mark.COPYING, id);
  }

  @Override
  public void copyChunk(byte[] chunk, Runnable done) {
    done.run();
  }

  /** Set to keep the last step of a copy back; run by the test. */
  @Nullable
  Runnable finishing;
  boolean finishesLater;

  @Override
  public void finishCopy(long epoch, long seq, long endTime, Runnable done) {
    Runnable finish = () -> {
      base = seq;
      baseEpoch = epoch;
      applied = seq;
      durable = seq;
      time = endTime;
      mark = Mark.COMPLETE;
      done.run();
    };
    if (finishesLater) {
      finishing = finish;
    } else {
      finish.run();
    }
  }

  @Override
  public void wipe(Runnable done) {
    reset(Mark.ABSENT, 0);
    done.run();
  }

  @Override
  public void openCopy(Consumer<CopyReader> opened) {
    opening.add(opened);
  }
}
