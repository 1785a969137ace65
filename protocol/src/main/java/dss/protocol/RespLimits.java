package dss.protocol;

/**
 * How much a peer may send before it is told that it is too much.
 *
 * @param frameBytes all words of one request, or all of one reply; a request above it is refused, a reply is an error
 * @param bulkBytes one word of a request or one bulk of a reply
 * @param arrayLength words of a request, items of one array of a reply; more is a protocol error
 * @param inlineBytes a request on one line, and a line of a reply
 * @param nesting arrays within arrays of a reply (requests have none)
 */
public record RespLimits(long frameBytes, int bulkBytes, int arrayLength, int inlineBytes, int nesting) {
  /** The longest value that is stored. */
  public static final int VALUE_BYTES = 64 * 1024 * 1024;
  /** The longest key. */
  public static final int KEY_BYTES = 64 * 1024;

  /**
   * What a server takes: a value, its key and a few words of options in one request, or an MSET of as much in all;
   * a million words and lines of 64 KiB as in Redis.
   */
  public static final RespLimits SERVER = new RespLimits(VALUE_BYTES + (4 << 20), VALUE_BYTES, 1 << 20,
      64 * 1024, 8);

  /** What a client takes: Redis' own bound of a bulk, and replies of many values. */
  public static final RespLimits CLIENT = new RespLimits(1L << 30, 512 << 20, 1 << 24, 64 * 1024, 32);

  public RespLimits {
    if (frameBytes < 1 || bulkBytes < 1 || arrayLength < 1 || inlineBytes < 1 || nesting < 1) {
      throw new IllegalArgumentException("limits are at least 1");
    }
    if (frameBytes > 1L << 30) {
      throw new IllegalArgumentException("a frame is held in one array: at most 1 GiB");
    }
  }
}
