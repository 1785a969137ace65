package dss.storage;

import org.jspecify.annotations.Nullable;

/**
 * Segments, and their arrays while they are in memory, found from the low bits of a place. Loop only;
 * {@link #copy} freezes it for another thread, which then sees the arrays whatever the loop lets go.
 */
final class SegmentTable {
  private @Nullable Segment[] segments;
  private byte[] @Nullable [] memories;

  SegmentTable() {
    this(new Segment[16], new byte[16][]);
  }

  private SegmentTable(@Nullable Segment[] segments, byte[] @Nullable [] memories) {
    this.segments = segments;
    this.memories = memories;
  }

  SegmentTable copy() {
    return new SegmentTable(segments.clone(), memories.clone());
  }

  /** The segment that a place lies in: it must be there. */
  Segment of(long place) {
    Segment found = segments[(int) Place.segment(place) & (segments.length - 1)];
    if (found == null || found.number != Place.segment(place)) {
      throw new IllegalStateException("no segment " + Place.segment(place));
    }
    return found;
  }

  /** The array behind a place, or behind its low 48 bits: it must be in memory. */
  byte[] memory(long ref) {
    byte[] found = memories[(int) Place.segment(ref) & (memories.length - 1)];
    if (found == null) {
      throw new IllegalStateException("segment " + Place.segment(ref) + " is not in memory");
    }
    return found;
  }

  void add(Segment segment) {
    int at = (int) segment.number & (segments.length - 1);
    while (segments[at] != null) {
      grow();
      at = (int) segment.number & (segments.length - 1);
    }
    segments[at] = segment;
    memories[at] = segment.inMemory() ? segment.memory : null;
  }

  void letGo(Segment segment) {
    memories[(int) segment.number & (memories.length - 1)] = null;
  }

  void remove(Segment segment) {
    int at = (int) segment.number & (segments.length - 1);
    segments[at] = null;
    memories[at] = null;
  }

  private void grow() {
    @Nullable
    Segment[] old = segments;
    segments = new Segment[old.length * 2];
    memories = new byte[old.length * 2][];
    for (Segment segment : old) {
      if (segment != null) {
        add(segment);
      }
    }
  }
}
