package dss.storage;

import dss.core.entry.Entry;
import dss.core.entry.EntryCheck;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries that were read back from log files for copies that are behind, the last few runs of them. Loop only. */
final class FetchedEntries {
  /** Bytes that one fetch brings, roughly. */
  static final int BYTES = 256 << 10;
  private static final int ENTRIES = 2048;
  private static final int RUNS = 32;
  private static final int FIRST_READ = 4096;

  /** Entries of one shard with rising seqs. */
  private record Run(int shard, long from, List<Entry> entries) {}

  /** Where one entry lies, and what it must be. */
  record Wanted(Segment segment, int offset, long seq, long epoch) {}

  private final ArrayDeque<Run> runs = new ArrayDeque<>();

  @Nullable
  Entry find(int shard, long seq, long epoch) {
    for (Run run : runs) {
      long at = seq - run.from;
      if (run.shard == shard && at >= 0 && at < run.entries.size()) {
        Entry entry = run.entries.get((int) at);
        return entry.epoch() == epoch ? entry : null;
      }
    }
    return null;
  }

  void keep(int shard, long from, List<Entry> entries) {
    if (!entries.isEmpty()) {
      runs.addFirst(new Run(shard, from, entries));
      if (runs.size() > RUNS) {
        runs.removeLast();
      }
    }
  }

  void forget(int shard) {
    runs.removeIf(run -> run.shard == shard);
  }

  /** What a fetch from {@code from} on shall read: for another thread. */
  static List<Wanted> plan(SegmentTable table, SeqIndex index, long from) {
    var wanted = new ArrayList<Wanted>();
    for (long seq = from; seq <= index.lastSeq() && wanted.size() < ENTRIES; seq++) {
      long place = index.placeAt(seq);
      Segment segment = table.of(place);
      if (segment.inMemory()) {
        break;
      }
      wanted.add(new Wanted(segment, Place.offset(place), seq, index.epochAt(seq)));
    }
    return wanted;
  }

  /** Reads them, up to some 256 KiB; fewer where a file has been given to something else meanwhile. */
  static List<Entry> read(int shard, List<Wanted> plan) throws IOException {
    var entries = new ArrayList<Entry>();
    long bytes = 0;
    for (Wanted each : plan) {
      if (bytes >= BYTES) {
        break;
      }
      Entry entry = read(shard, each);
      if (entry == null) {
        break;
      }
      entries.add(entry);
      bytes += entry.length();
    }
    return entries;
  }

  private static @Nullable Entry read(int shard, Wanted wanted) throws IOException {
    LogFiles.LogFile file = wanted.segment.file;
    if (file == null) {
      return null;
    }
    byte[] bytes = new byte[Math.min(FIRST_READ, wanted.segment.capacity - wanted.offset)];
    int read = file.read(wanted.offset, bytes, 0, bytes.length);
    int length = read >= 40 ? Entry.at(bytes, 0).length() : 0;
    if (length < 40 || length > wanted.segment.capacity - wanted.offset) {
      return null;
    }
    if (length > bytes.length) {
      bytes = new byte[length];
      read = file.read(wanted.offset, bytes, 0, length);
    }
    // Reading races with the file's next life: only the very entry will do.
    if (read < length || EntryCheck.fault(bytes, 0, length) != null) {
      return null;
    }
    Entry entry = Entry.at(bytes, 0);
    return entry.shard() == shard && entry.seq() == wanted.seq && entry.epoch() == wanted.epoch
        ? entry
        : null;
  }
}
