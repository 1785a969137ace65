package dss.sim;

/** Kinds of fault that come by themselves; a {@link Profile} says how often each does. */
enum Fault {
  /** A process ends, and is there again up to seconds later. */
  CRASH,
  /** A process ends, and is there again within milliseconds. */
  BOUNCE,
  /** A process stands still. */
  PAUSE,
  /** A connection breaks. */
  DISCONNECT,
  /** Nothing passes between a server and another, or all others, one way or both. */
  PARTITION,
  /** All that passes one way between two takes long. */
  SLOW_LINK,
  /** The ECS is away. */
  ECS_OUTAGE,
  /** Another node of the ECS leads. */
  ECS_ELECTION,
  /** A server is added or removed. */
  MEMBERSHIP,
  /** A server comes back with an empty disk, or an old one. */
  DISK,
  /** A server's memory is full: its flush hangs. */
  FULL,
  /** What is applied goes to the store, and perhaps the log of it goes. */
  FLUSH,
  /** An fsync hangs. */
  STALL,
  /** The wall clock of a server is set. */
  CLOCK_JUMP,
  /** A disk takes nothing any more: its process ends. */
  DISK_FAILS,
  /** A byte of a log changes. */
  ROT,
  /** A disk is below its reserve. */
  LOW_DISK,
  /** All processes end at once. */
  POWER,
  /** A primary loses the ECS, and when it is about to be replaced one of its backups bounces. */
  STRANDED_PRIMARY,
  /** A primary hears late, and then nothing. */
  MUFFLED_PRIMARY
}
