package dss.storage;

import dss.storage.LogFiles.LogFile;
import org.jspecify.annotations.Nullable;

/** One segment of the log: a byte array while something in it may be needed in memory, and a file. */
final class Segment {
  private static final byte[] GONE = new byte[0];

  final long number;
  /** Log position of its first byte. */
  final long base;
  final int capacity;
  /** Empty once let go. Only the loop writes; what is behind a block handed over never changes. */
  byte[] memory;
  /** Bytes in blocks; loop only. */
  int used;
  /** Nothing in it is needed: its memory is a cache of what was flushed lately; loop only. */
  boolean recent;
  /** Flushes after which something in it was still needed; loop only. */
  int flushesSurvived;
  /** The end of the log when it was let go from memory; loop only. */
  long goneAt;
  /** Made by the log's thread at the first block; read by background threads after a batch was durable. */
  volatile @Nullable LogFile file;

  Segment(long number, long base, byte[] memory, int capacity) {
    this.number = number;
    this.base = base;
    this.memory = memory;
    this.capacity = capacity;
  }

  static String fileName(long number) {
    return String.format("segment-%016d.log", number);
  }

  String fileName() {
    return fileName(number);
  }

  boolean inMemory() {
    return memory != GONE;
  }

  byte[] letGo() {
    byte[] was = memory;
    memory = GONE;
    recent = false;
    return was;
  }

  long end() {
    return base + used;
  }
}
