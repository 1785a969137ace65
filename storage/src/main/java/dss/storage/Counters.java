package dss.storage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counters that several threads raise. */
final class Counters {
  final LongAdder fsyncs = new LongAdder();
  final AtomicLong longestFsyncNanos = new AtomicLong();
  final LongAdder logBytes = new LongAdder();
  final LongAdder recycled = new LongAdder();
  final LongAdder flushes = new LongAdder();
  final LongAdder reads = new LongAdder();
  volatile long storeBytes;
  volatile long diskFree = Long.MAX_VALUE;

  void fsynced(long nanos) {
    fsyncs.increment();
    longestFsyncNanos.accumulateAndGet(nanos, Math::max);
  }
}
