package dss.core.ecs;

/**
 * A complete copy as it lies on a server's disk.
 *
 * @param epoch of the last entry of its log
 * @param seq of the last entry of its log
 */
public record HeldCopy(int shard, long epoch, long seq) {
  boolean isNewerThan(HeldCopy other) {
    return epoch != other.epoch ? epoch > other.epoch : seq > other.seq;
  }
}
