package dss.core.storage;

/** What a copy is worth, as its shard's record says it on disk. */
public enum Mark {
  /** There is no copy. */
  ABSENT,
  /** A copy from a primary has begun and not ended: what is there is worth nothing. */
  COPYING,
  /** Store and log together are a copy. */
  COMPLETE
}
