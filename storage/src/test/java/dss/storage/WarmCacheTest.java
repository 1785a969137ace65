package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.KeyHash;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import org.junit.jupiter.api.Test;

class WarmCacheTest {
  private static final int SHARD = 3;
  private final WarmCache cache = new WarmCache(1 << 20);

  private static Bytes key(int i) {
    return Bytes.utf8("key " + i);
  }

  private void offer(Bytes key) {
    cache.offer(SHARD, Effect.HEADER, KeyHash.of(key), key,
        new Value(Effect.STRING, 1, 1, Effect.NEVER, Bytes.utf8("value")));
  }

  private boolean has(Bytes key) {
    return cache.get(SHARD, Effect.HEADER, KeyHash.of(key), key) != null;
  }

  @Test
  void whatIsOfferedOnce_isNotKept_andWhatIsOfferedTwiceIs() {
    offer(key(1));
    assertThat(has(key(1))).isFalse();
    offer(key(1));
    assertThat(has(key(1))).isTrue();
  }

  @Test
  void manyKeysReadOnce_leaveNearlyNothing() {
    for (int i = 0; i < 100_000; i++) {
      offer(key(i));
    }
    int kept = 0;
    for (int i = 0; i < 100_000; i++) {
      kept += has(key(i)) ? 1 : 0;
    }
    assertThat(kept).isLessThan(10);
  }
}
