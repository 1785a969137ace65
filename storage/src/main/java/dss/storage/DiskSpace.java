package dss.storage;

/** Whether the disk's free space is below its reserve. Loop only. */
final class DiskSpace {
  /** A disk that was low is so until this part of the reserve is free beyond it: what is placed should not flap. */
  private static final int LOW_FOR_MORE = 16;

  private long reserve;
  private boolean wasLow;

  DiskSpace(long reserve) {
    this.reserve = reserve;
  }

  long reserve() {
    return reserve;
  }

  void reserve(long bytes) {
    reserve = bytes;
    wasLow = false;
  }

  boolean isLow(long free) {
    wasLow = free < reserve || wasLow && free < reserve + reserve / LOW_FOR_MORE;
    return wasLow;
  }
}
