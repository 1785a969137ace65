package dss.storage;

import java.util.List;

/**
 * Blocks on their way to the disk together.
 *
 * @param endPlace everything before this place is durable once the batch is
 * @param endPosition the same as a log position
 */
record Batch(List<Block> blocks, long endPlace, long endPosition) {
  /** The part of a segment's memory that is one block; its header is written by the log's thread. */
  record Block(Segment segment, byte[] memory, int from, int to) {}
}
