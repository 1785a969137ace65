package dss.storage;

import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.io.IOException;
import java.util.Queue;

/** Log files that are used again: zeros need not be written, nor sizes changed. For one thread at a time. */
final class SpareFiles {
  private static final int AT_MOST = 4;

  private final LogFiles files;
  private final int segmentBytes;
  /** Taken from by another thread. */
  private final Queue<String> spares;
  private final PlantedBugs bugs;
  private long next;

  /** @param first number of the next name: above those of all that are there */
  SpareFiles(LogFiles files, int segmentBytes, Queue<String> spares, long first,
      PlantedBugs bugs) {
    this.files = files;
    this.segmentBytes = segmentBytes;
    this.spares = spares;
    this.next = first;
    this.bugs = bugs;
  }

  /** A file that has left the log: becomes a spare one, or is deleted. */
  void retire(Segment segment) throws IOException {
    LogFiles.LogFile file = segment.file;
    boolean usable = segment.capacity == segmentBytes && file != null && file.size() == segmentBytes
        && spares.size() < AT_MOST;
    if (file != null) {
      file.close();
    }
    if (!usable) {
      files.delete(segment.fileName());
      return;
    }
    String name = name();
    files.rename(segment.fileName(), name);
    // Before it is written to: else a crash could bring it back under its old name.
    if (!bugs.has(PlantedBug.SPARE_FILE_NOT_SYNCED)) {
      files.syncDirectory();
    }
    spares.add(name);
  }

  /** Has one ready, so that whoever writes the log need not fill one with zeros. */
  void prepare() throws IOException {
    if (spares.isEmpty()) {
      String name = name();
      try (LogFiles.LogFile file = files.create(name, segmentBytes)) {
        file.sync();
      }
      files.syncDirectory();
      spares.add(name);
    }
  }

  private String name() {
    return String.format("spare-%d", next++);
  }
}
