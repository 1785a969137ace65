package dss.sim;

import java.util.Locale;

/** What faults and ambushes did: a run says how often each came. */
enum Effect {
  /** A person let lost shards go on with what was left of them. */
  ABANDON,
  /** A server was made a member. */
  ADD,
  /** A person cancelled all moves for a while. */
  CANCEL,
  BOUNCE,
  CLOCK_JUMP,
  CRASH,
  /** A connection broke in the middle of a message. */
  CUT_FRAME,
  /** A primary heard nobody and was heard. */
  DEAF,
  DISCONNECT,
  DISK_REPLACED,
  DISK_ROLLED_BACK,
  ECS_ELECTION,
  ECS_OUTAGE,
  EMPTY_ECS,
  FAILING_DISK,
  FLUSH,
  FULL,
  /** An image of a disk was taken. */
  IMAGE_TAKEN,
  /** A message took more than a millisecond by itself. */
  LATE_MESSAGE,
  /** A crash undid a change of the directory that had not been synced. */
  LOST_NAME,
  /** A crash left nothing of what had been written to a file and not synced. */
  LOST_WRITE,
  LOW_DISK,
  /** A primary heard late, and then nothing. */
  MUFFLED,
  /** A node of the ECS that lags behind answered with an old state. */
  OLD_STATE,
  ONE_WAY_PARTITION,
  /** A message came before one that was sent earlier. */
  OVERTAKING,
  PARTITION,
  PAUSE,
  POWER,
  /** Another one was to lead beside a primary that the ECS hears. */
  PROMOTED_BESIDE,
  /** A server was made no member any more. */
  REMOVE,
  ROT,
  SLOW_LINK,
  STALL,
  /** A server was cut off from the ECS and from some others. */
  STRANDED,
  /** A crash left a part of what had been written and not synced. */
  TORN_WRITE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
