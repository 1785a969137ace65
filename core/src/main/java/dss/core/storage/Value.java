package dss.core.storage;

import dss.core.entry.Effect;
import dss.protocol.Bytes;

/**
 * The header of a key (and a string's bytes), or a remembered outcome, as committed or pending.
 *
 * @param type {@link Effect#STRING}; 0 for an outcome, {@link #ABSENT} and {@link #COLD}
 * @param incarnation seq of the write that created it; of an outcome the hybrid time of its entry, microseconds
 * @param modified seq of the last write
 * @param expireAt milliseconds since 1970 or {@link Effect#NEVER}; expiry is judged by the caller
 */
public record Value(int type, long incarnation, long modified, long expireAt, Bytes bytes) {
  /** There is no such key. */
  public static final Value ABSENT = new Value(0, 0, 0, Effect.NEVER, Bytes.EMPTY);
  /** Whether there is such a key is known only on disk: {@link ShardStorage#warm} fetches it. */
  public static final Value COLD = new Value(0, 0, -1, Effect.NEVER, Bytes.EMPTY);

  /** A remembered outcome, of an entry of this hybrid time. */
  public static Value outcome(long time, Bytes reply) {
    return new Value(0, time, 0, Effect.NEVER, reply);
  }

  /** When the request of this outcome was executed: hybrid time, microseconds. */
  public long executedAt() {
    return incarnation;
  }
}
