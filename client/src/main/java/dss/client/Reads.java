package dss.client;

import dss.protocol.Bytes;
import java.util.Locale;
import java.util.Set;

/**
 * Commands known to change nothing: they are sent as they are. Every other keyed command counts as a write and is sent
 * under a request id, which is right for reads too, only dearer.
 */
final class Reads {
  private static final Set<String> NAMES = Set.of("GET", "MGET", "STRLEN", "EXISTS", "TYPE", "TTL", "PTTL",
      "EXPIRETIME", "PEXPIRETIME", "GETRANGE", "SUBSTR", "GETBIT", "BITCOUNT", "BITPOS", "DUMP", "OBJECT",
      "HGET", "HMGET", "HGETALL", "HKEYS", "HVALS", "HLEN", "HEXISTS", "HSTRLEN", "HSCAN", "HRANDFIELD",
      "LRANGE", "LINDEX", "LLEN", "LPOS", "SMEMBERS", "SISMEMBER", "SMISMEMBER", "SCARD", "SRANDMEMBER",
      "SSCAN", "SINTER", "SUNION", "SDIFF", "SINTERCARD", "ZRANGE", "ZRANGEBYSCORE", "ZRANGEBYLEX",
      "ZREVRANGE", "ZREVRANGEBYSCORE", "ZREVRANGEBYLEX", "ZSCORE", "ZMSCORE", "ZCARD", "ZCOUNT", "ZLEXCOUNT",
      "ZRANK", "ZREVRANK", "ZSCAN", "ZRANDMEMBER");

  private Reads() {}

  static boolean contains(Bytes name) {
    return NAMES.contains(name.asUtf8().toUpperCase(Locale.ROOT));
  }
}
