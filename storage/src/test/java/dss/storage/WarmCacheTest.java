package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.KeyHash;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarmCacheTest {
  private static final int SHARD = 3;
  private static final int MAX = 1 << 20;
  /** Keys with their values that fill the cache about five times. */
  private static final int MANY = 50_000;

  private final WarmCache cache = new WarmCache(MAX);

  private static Bytes key(int i) {
    return Bytes.utf8("key " + i);
  }

  private static Value value(int i, int length) {
    return new Value(Effect.STRING, i, 2L * i, i % 3 == 0 ? Effect.NEVER : i, Bytes.wrap(new byte[length]));
  }

  private void offer(int i) {
    cache.offer(SHARD, Effect.HEADER, KeyHash.of(key(i)), key(i), value(i, 20));
  }

  private void put(int shard, Bytes key, Value value) {
    cache.put(shard, Effect.HEADER, KeyHash.of(key), key, value);
  }

  private boolean has(int i) {
    return cache.get(SHARD, Effect.HEADER, KeyHash.of(key(i)), key(i)) != null;
  }

  private long kept(int from, int to) {
    return IntStream.range(from, to).filter(this::has).count();
  }

  private void applied(int shard, Bytes key) {
    Entry entry = new EntryWriter().write(Entry.COMMAND, shard, 1, 1, 1, null,
        List.of(Effect.deleteKey(0, key)));
    cache.remove(shard, entry.array(), entry.firstEffect());
  }

  @Test
  void whileThereIsRoom_whatIsOfferedOnceIsKept() {
    for (int i = 0; i < 1_000; i++) {
      offer(i);
    }
    assertThat(kept(0, 1_000)).isEqualTo(1_000);
  }

  @Test
  void whereThereIsNoRoom_whatIsOfferedOnceIsNotKept_andWhatIsOfferedTwiceIs() {
    for (int i = 0; i < MANY; i++) {
      offer(i);
    }
    long full = cache.bytes();
    assertThat(full).isBetween(MAX / 2L, (long) MAX);
    assertThat(kept(MANY / 2, MANY)).isLessThan(10);
    offer(MANY);
    assertThat(has(MANY)).isFalse();
    offer(MANY);
    assertThat(has(MANY)).isTrue();
  }

  private void putAndTrim(int from, int to) {
    for (int i = from; i < to; i++) {
      put(SHARD, key(i), value(i, 20));
      cache.trim();
    }
    assertThat(cache.bytes()).isLessThanOrEqualTo(MAX);
  }

  @Test
  void whatWasAskedFor_staysLonger() {
    putAndTrim(0, 2_000);
    assertThat(kept(0, 200)).isEqualTo(200);
    putAndTrim(2_000, 20_000);
    assertThat(kept(0, 200)).isEqualTo(200);
    assertThat(kept(200, 2_000)).isZero();
  }

  @Test
  void whatWasAskedForOnce_staysOnceLonger() {
    putAndTrim(0, 2_000);
    assertThat(kept(0, 200)).isEqualTo(200);
    putAndTrim(2_000, MANY);
    assertThat(kept(0, 200)).isZero();
  }

  @Test
  void whatOneCommandNeeds_fitsTillTheNextTrim() {
    for (int i = 0; i < 30; i++) {
      put(SHARD, key(i), value(i, MAX));
    }
    assertThat(kept(0, 30)).isEqualTo(30);
    cache.trim();
    assertThat(cache.bytes()).isLessThanOrEqualTo(MAX);
    assertThat(kept(0, 30)).isZero();
  }

  @Test
  void aShardThatIsWiped_isForgotten_theOthersAreNot() {
    put(1, key(1), value(1, 1));
    put(2, key(1), value(2, 1));
    cache.removeShard(1);
    assertThat(cache.get(1, Effect.HEADER, KeyHash.of(key(1)), key(1))).isNull();
    assertThat(cache.get(2, Effect.HEADER, KeyHash.of(key(1)), key(1))).isEqualTo(value(2, 1));
    put(1, key(1), value(3, 1));
    assertThat(cache.get(1, Effect.HEADER, KeyHash.of(key(1)), key(1))).isEqualTo(value(3, 1));
  }

  /** Against a map: what it knows is the newest, whatever was put, applied, wiped and trimmed in which order. */
  @Test
  void whatItKnows_isWhatWasPutLast() {
    var random = new Random(7);
    Map<String, Value> model = new HashMap<>();
    int hits = 0;
    for (int step = 0; step < 400_000; step++) {
      int shard = random.nextInt(3) * 40;
      Bytes key = key(random.nextInt(3_000));
      String name = shard + "/" + key;
      int what = random.nextInt(1_000);
      if (what < 450) {
        Value known = cache.get(shard, Effect.HEADER, KeyHash.of(key), key);
        if (known != null) {
          hits++;
          assertThat(known).isEqualTo(model.get(name));
        }
      } else if (what < 800) {
        if (cache.get(shard, Effect.HEADER, KeyHash.of(key), key) == null) {
          Value value = random.nextInt(5) == 0 ? Value.ABSENT : value(step, random.nextInt(300));
          put(shard, key, value);
          model.put(name, value);
        }
      } else if (what < 995) {
        applied(shard, key);
        model.remove(name);
        assertThat(cache.get(shard, Effect.HEADER, KeyHash.of(key), key)).isNull();
      } else if (what < 999) {
        cache.trim();
        assertThat(cache.bytes()).isLessThanOrEqualTo(MAX);
      } else {
        cache.removeShard(shard);
        model.keySet().removeIf(k -> k.startsWith(shard + "/"));
      }
    }
    assertThat(hits).isGreaterThan(5_000);
  }
}
