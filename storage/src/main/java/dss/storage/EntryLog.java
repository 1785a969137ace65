package dss.storage;

import dss.core.entry.Entry;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The log of one server for all its shards, over files of any kind and without a store or threads: for whoever brings
 * his own, as the simulator does. It is made of what {@link DiskStorage} is made of, and does as that does. For one thread.
 * Source: docs/formats.md (Log, Recovery).
 */
public final class EntryLog {
  /**
   * What the store has of a shard when the log is read.
   *
   * @param complete whether its copy is worth anything: else entries are passed over
   * @param epoch of the entry at {@code seq}
   * @param seq up to which the store has its effects
   * @param time of that entry, microseconds
   * @param voidBefore log position; entries before it count no more
   */
  public record Stored(boolean complete, long epoch, long seq, long time, long voidBefore) {}

  /** A shard in it. */
  public interface Shard {
    /** Up to here its effects are in the store. */
    long flushedSeq();

    long appliedSeq();
  }

  private record Kept(ShardLog entries, Shard shard, PlantedBugs bugs) implements LogSpace.Keeper {
    @Override
    public long flushedSeq() {
      return bugs.has(PlantedBug.LOG_TRUNCATED_TOO_EARLY) ? entries.lastSeq() : shard.flushedSeq();
    }

    @Override
    public long appliedSeq() {
      return shard.appliedSeq();
    }
  }

  private final PlantedBugs bugs;
  private final Log log;
  private final LogDisk disk;
  private final SpareFiles spares;
  private final LogSpace space;
  private final FetchedEntries fetched = new FetchedEntries();
  private final List<ShardLog> shards = new ArrayList<>();
  private final List<Kept> keepers = new ArrayList<>();
  private final List<Batch> written = new ArrayList<>();
  private final List<Segment> gone = new ArrayList<>();
  private final long end;

  /**
   * Reads the log in these files, and cuts its torn tail off.
   *
   * @param firstSpare above the numbers in the names of all spare files that are there
   * @throws StorageException if it is damaged where it once was on the disk: says where
   */
  public EntryLog(LogFiles files, StorageSettings settings, List<Stored> stored, long firstSpare,
      PlantedBugs bugs) {
    this.bugs = bugs;
    log = new Log(settings);
    for (int i = 0; i < stored.size(); i++) {
      var shard = new ShardLog(log, fetched, i);
      shard.settle(stored.get(i).epoch(), stored.get(i).seq(), stored.get(i).time());
      shards.add(shard);
    }
    LogRecovery.Result recovered = LogRecovery.run(files, settings.segmentBytes(),
        (entry, place, position) -> recover(stored, entry, place, position));
    for (int i = 0; i < stored.size(); i++) {
      Stored s = stored.get(i);
      shards.get(i).recovered(
          new ShardRecord(dss.core.storage.Mark.COMPLETE, 0, s.epoch(), s.seq(), s.time(), s.voidBefore(),
              0));
    }
    end = recovered.end();
    disk = new LogDisk(files, settings.segmentBytes(), end, new Counters());
    disk.spares().addAll(recovered.spares());
    log.begin(recovered.segments(), end, recovered.nextNumber(), written::add);
    spares = new SpareFiles(files, settings.segmentBytes(), disk.spares(), firstSpare, bugs);
    space = new LogSpace(log, settings.segmentBytes() / 4, settings.recentBytes(), gone::add);
  }

  private boolean recover(List<Stored> stored, Entry entry, long place, long position) {
    if (entry.shard() < 0 || entry.shard() >= stored.size()) {
      throw new StorageException("the log holds " + entry + ", but there are " + stored.size() + " shards");
    }
    Stored s = stored.get(entry.shard());
    return s.complete() && position >= s.voidBefore() && shards.get(entry.shard()).recover(entry, place);
  }

  /** Where the log went on when it was opened: positions from there on are given out again. */
  public long recoveredEnd() {
    return end;
  }

  /** The entries of a shard; {@code shard} tells from now on what of them may go. */
  public ShardLog shard(int number, Shard shard) {
    keepers.add(new Kept(shards.get(number), shard, bugs));
    return shards.get(number);
  }

  /** Entries appended so far lie before this position, later ones not. */
  public long position() {
    return log.position();
  }

  /** Whether something was appended that is not written. */
  public boolean hasUnwritten() {
    return log.hasUnwritten();
  }

  /** Writes what was appended to the files; not yet on the disk. Whether there was anything. */
  public boolean write() throws LogFault {
    if (!log.sync()) {
      return false;
    }
    disk.write(written.getLast());
    return true;
  }

  /** Brings what was written to the disk: {@link ShardLog#durableSeq} of its shards has moved when this returns. */
  public void sync() throws LogFault {
    disk.sync();
    written.forEach(log::durable);
    written.clear();
  }

  /** Batches written and not synced. */
  public int syncsInFlight() {
    return log.syncsInFlight();
  }

  /** The segment that entries go into at present: to be kept from the beginning of a flush to its end. */
  public long currentSegment() {
    return log.currentSegment();
  }

  /** A flush is over that began when {@code through} was the current segment: lets go of what nobody needs. */
  public void flushed(long through) throws IOException {
    space.letMemoryGo(keepers, through);
    letFilesGo();
  }

  /** Lets go of files that nobody needs: to be called now and then. */
  public void letFilesGo() throws IOException {
    space.letFilesGo(bugs.has(PlantedBug.RECYCLED_SEGMENT_READ) ? List.of() : keepers);
    for (Segment segment : gone) {
      spares.retire(segment);
    }
    gone.clear();
  }

  /** What brings entries of a shard from {@code fromSeq} on back into memory: reads files when it is called. */
  public Supplier<List<Entry>> fetch(int shard, long fromSeq) {
    var plan = shards.get(shard).planFetch(fromSeq);
    return () -> {
      try {
        return FetchedEntries.read(shard, plan);
      } catch (IOException e) {
        throw new StorageException("reading the log failed: " + e.getMessage(), e);
      }
    };
  }

  /** What a fetch has read is in memory. */
  public void fetched(int shard, List<Entry> entries) {
    shards.get(shard).fetched(entries);
  }

  /** The position up to which all is on the disk, as the next block will say. */
  public long synced() {
    return disk.synced();
  }

  /** What it holds in memory of entries. */
  public long memoryBytes() {
    return log.memoryBytes();
  }
}
