package dss.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one thread that writes the store, in the order in which it was asked: flushes, records, wipes, copies coming in.
 * What it knows of each shard, {@link #record}, is what the store holds. Low priority.
 */
final class Flusher implements AutoCloseable {
  /** Something to do with the store; an exception of it ends the process. */
  interface Task {
    void run() throws RocksDBException;
  }

  /** Records that wait together share one synced batch: a new cluster makes a thousand copies at once. */
  private static final int RECORDS_AT_ONCE = 1024;
  /** Nothing but that what waits is finished. */
  private static final Task FINISH = () -> {};

  private final RocksStore store;
  private final KeySets keySets;
  private final Failure failure;
  private final ArrayDeque<Task> queue = new ArrayDeque<>();
  private @Nullable Task atLeisure;
  private final CopiesIn copiesIn;
  private final Thread thread;
  private ShardRange[] ranges = new ShardRange[0];
  private ShardRecord[] records = new ShardRecord[0];
  private KnownKeys[] known = new KnownKeys[0];
  private boolean closed;

  /** @param keySetBytes memory for what the store has of keys */
  Flusher(RocksStore store, long keySetBytes, Failure failure) {
    this.store = store;
    this.copiesIn = new CopiesIn(this, store);
    this.keySets = new KeySets(keySetBytes);
    this.failure = failure;
    this.thread = Thread.ofPlatform().name("dss-flusher").daemon().unstarted(this::run);
  }

  /** Before any task: the shards and what the store holds of them. */
  void begin(ShardRange[] shards, ShardRecord[] recovered) {
    execute(() -> {
      ranges = shards;
      records = recovered;
      keySets.begin(shards.length);
      known = new KnownKeys[shards.length];
      java.util.Arrays.fill(known, KnownKeys.NONE);
    });
  }

  void start() {
    thread.start();
  }

  synchronized void execute(Task task) {
    if (!closed) {
      queue.addLast(task);
      notifyAll();
    }
  }

  /** To be done when nothing else is; left out while another such task waits. A flush does not hurry for it. */
  synchronized void executeAtLeisure(Task task) {
    if (!closed && atLeisure == null) {
      atLeisure = task;
      notifyAll();
    }
  }

  /** Ends the thread after what is under way; what still waits is lost, as in a crash. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      queue.clear();
      atLeisure = null;
      notifyAll();
    }
    Threads.join(thread);
    copiesIn.dropAll();
  }

  /** Where copies that have ended wait for others, what finishes them comes after a moment. */
  private synchronized @Nullable Task take() {
    while (queue.isEmpty() && !closed) {
      long nanos = copiesIn.mayWait();
      if (nanos <= 0) {
        return FINISH;
      }
      if (atLeisure != null && nanos == Long.MAX_VALUE) {
        break;
      }
      try {
        if (nanos == Long.MAX_VALUE) {
          wait();
        } else {
          wait(nanos / 1_000_000 + 1);
        }
      } catch (InterruptedException e) {
        // Nobody but close() ends this thread.
        continue;
      }
    }
    if (closed || !queue.isEmpty()) {
      return closed ? null : queue.removeFirst();
    }
    Task task = atLeisure;
    atLeisure = null;
    return task;
  }

  /** Rests so long, on its thread; no longer than until something else is to be done. */
  synchronized void rest(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && queue.isEmpty() && !closed; left = end - System.nanoTime()) {
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        // Nobody but close() ends this thread.
        continue;
      }
    }
  }

  private synchronized List<RecordWrite> more(RecordWrite first) {
    var group = new ArrayList<RecordWrite>();
    group.add(first);
    while (queue.peekFirst() instanceof RecordWrite && group.size() < RECORDS_AT_ONCE) {
      group.add((RecordWrite) queue.removeFirst());
    }
    return group;
  }

  private void run(Task task) throws RocksDBException {
    switch (task) {
      case CopiesIn.Chunk chunk -> copiesIn.take(chunk);
      case CopiesIn.End end -> copiesIn.end(end);
      case RecordWrite first -> writeRecords(more(first));
      default -> {
        copiesIn.finish();
        task.run();
      }
    }
    if (copiesIn.mayWait() == 0) {
      copiesIn.finish();
    }
  }

  private void run() {
    ThreadPriority.lowerOwn();
    for (Task task = take(); task != null; task = take()) {
      if (failure.failed()) {
        continue;
      }
      try {
        run(task);
      } catch (RocksDBException e) {
        failure.fail("the store could not be written", e);
      } catch (RuntimeException | Error e) {
        failure.fail("the flusher is broken", e);
        throw e;
      }
    }
  }

  // ---- on its thread

  RocksStore store() {
    return store;
  }

  ShardRange range(int shard) {
    return ranges[shard];
  }

  ShardRecord record(int shard) {
    return records[shard];
  }

  void record(int shard, ShardRecord record) {
    records[shard] = record;
    known[shard] = KnownKeys.NONE;
  }

  KeySets keySets() {
    return keySets;
  }

  /** What the last count learned since the record last changed. */
  KnownKeys known(int shard) {
    return known[shard];
  }

  void known(int shard, KnownKeys learned) {
    known[shard] = learned;
  }

  int shards() {
    return ranges.length;
  }

  private void writeRecords(List<RecordWrite> group) throws RocksDBException {
    var wiped = new ArrayList<ShardRange>();
    try (var batch = new WriteBatch()) {
      for (RecordWrite write : group) {
        ShardRange range = ranges[write.shard()];
        copiesIn.drop(write.shard());
        if (records[write.shard()].mark() != dss.core.storage.Mark.ABSENT) {
          batch.deleteRange(range.from(), range.to());
          wiped.add(range);
        }
        batch.put(range.recordKey(), write.record().encode());
        keySets.forget(write.shard());
        record(write.shard(), write.record());
      }
      store.write(batch);
    }
    for (ShardRange range : wiped) {
      // At once: later the range may hold something new.
      store.deleteFiles(range);
    }
    for (RecordWrite write : group) {
      write.done().run();
    }
  }
}
