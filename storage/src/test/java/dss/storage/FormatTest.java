package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Golden bytes: a change here makes data written before unreadable, so it needs a new format version. */
class FormatTest {
  private static final HexFormat HEX = HexFormat.of();

  private static Entry entry() {
    return new EntryWriter().write(Entry.COMMAND, 3, 7, 42, 1_700_000_000_000_000L, new RequestId(1, 2, 3),
        List.of(Effect.putString(5, Bytes.utf8("k"), Bytes.utf8("value"), 99)));
  }

  @Test
  void block_withAnEntry() {
    Entry entry = entry();
    byte[] block = new byte[BlockFormat.HEADER + entry.length()];
    System.arraycopy(entry.array(), 0, block, BlockFormat.HEADER, entry.length());
    BlockFormat.seal(block, 0, block.length, 5, 1000, 900);
    assertThat(HEX.formatHex(block)).isEqualTo(GOLDEN_BLOCK);
    assertThat(BlockFormat.isBlock(block, 0, block.length, 5)).isTrue();
    assertThat(BlockFormat.isBlock(block, 0, block.length, 4)).isFalse();
    assertThat(BlockFormat.isBlock(block, 0, block.length - 8, 5)).isFalse();
  }

  @Test
  void block_withAnyByteChanged_isNone() {
    Entry entry = entry();
    byte[] block = new byte[BlockFormat.HEADER + entry.length()];
    System.arraycopy(entry.array(), 0, block, BlockFormat.HEADER, entry.length());
    BlockFormat.seal(block, 0, block.length, 5, 1000, 900);
    for (int i = 0; i < block.length; i++) {
      byte[] changed = block.clone();
      changed[i] ^= 1;
      assertThat(BlockFormat.isBlock(changed, 0, changed.length, 5)).as("byte %d", i).isFalse();
    }
  }

  @Test
  void storeKeys() {
    assertThat(HEX.formatHex(StoreKey.of(Effect.HEADER, 0x1234, Bytes.utf8("user"))))
        .isEqualTo(GOLDEN_HEADER_KEY);
    assertThat(HEX.formatHex(StoreKey.of(Effect.OUTCOMES, 5, new RequestId(1, 2, 3).asKey())))
        .isEqualTo("00050004" + "0000000000000001" + "0000000000000002" + "0000000000000003");
    assertThat(HEX.formatHex(StoreKey.record(0x0400))).isEqualTo("040000ff");
    assertThat(HEX.formatHex(StoreKey.ofSlot(16384))).isEqualTo("4000");
    assertThat(StoreKey.userKey(StoreKey.of(Effect.HEADER, 7, Bytes.utf8("x".repeat(300)))))
        .isEqualTo(Bytes.utf8("x".repeat(300)));
  }

  @Test
  void headerValue() {
    Entry entry = entry();
    byte[] out = new byte[StoreValue.bound(entry.array(), entry.firstEffect())];
    int length = StoreValue.ofEffect(entry.array(), entry.firstEffect(), out);
    assertThat(HEX.formatHex(out, 0, length)).isEqualTo(
        "0100" + "2a00000000000000" + "2a00000000000000" + "6300000000000000" + "00" + "76616c7565");
    var value = StoreValue.read(Effect.HEADER, Arrays.copyOf(out, length));
    assertThat(value).isEqualTo(StoreValue.read(entry.array(), entry.firstEffect()));
    assertThat(value.expireAt()).isEqualTo(99);
    assertThat(value.bytes().asUtf8()).isEqualTo("value");
  }

  @Test
  void incarnationInTheValue() {
    byte[] value = HEX.parseHex("0900000000000000" + "61");
    Entry entry = new EntryWriter().write(Entry.COMMAND, 3, 7, 42, 1, null, List.of(new Effect(Effect.PUT,
        Effect.HEADER, 2, Effect.INCARNATION_IN_VALUE, 5, Bytes.utf8("k"), Bytes.EMPTY, Bytes.wrap(value),
        99)));
    byte[] out = new byte[StoreValue.bound(entry.array(), entry.firstEffect())];
    int length = StoreValue.ofEffect(entry.array(), entry.firstEffect(), out);
    var read = StoreValue.read(Effect.HEADER, Arrays.copyOf(out, length));
    assertThat(read.incarnation()).isEqualTo(9);
    assertThat(read.modified()).isEqualTo(42);
    assertThat(read.bytes().asUtf8()).isEqualTo("a");
    assertThat(read).isEqualTo(StoreValue.read(entry.array(), entry.firstEffect()));
  }

  @Test
  void shardRecord() {
    var record = new ShardRecord(Mark.COMPLETE, 0x0102030405060708L, 7, 300, 1_000_000, 4096, 12);
    assertThat(HEX.formatHex(record.encode()))
        .isEqualTo("0102" + "0807060504030201" + "07" + "ac02" + "c0843d"
            + "8020" + "0c");
    assertThat(ShardRecord.decode(1, record.encode())).isEqualTo(record);
  }

  @Test
  void identity() {
    var identity = new ServerIdentity("ab".repeat(16), 1024, "cd".repeat(20), 0x1122334455667788L, 5,
        List.of(1L, -1L));
    assertThat(HEX.formatHex(IdentityFile.encode(identity))).isEqualTo(GOLDEN_IDENTITY);
    assertThat(IdentityFile.decode("file", IdentityFile.encode(identity))).isEqualTo(identity);
  }

  @Test
  void anyEffects_areSortedAsTheirStoreKeys() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      assertSorted(random.ints(1 + random.nextInt(60), 0, 1 << 20).toArray());
    }
  }

  private static void assertSorted(int[] picks) {
    var effects = new ArrayList<Effect>();
    for (int pick : picks) {
      Bytes key = Bytes.utf8("k" + pick % 50);
      int slot = pick % 3;
      effects.add(pick % 7 == 0
          ? Effect.outcome(slot, new RequestId(pick % 5, 0, pick), Bytes.EMPTY)
          : new Effect(Effect.PUT, pick % 2, 0, 0, slot, key, Bytes.utf8("e" + pick), Bytes.EMPTY,
              Effect.NEVER));
    }
    Entry entry = new EntryWriter().write(Entry.COMMAND, 0, 1, 1, 1, null, effects).copy();
    var segments = new SegmentTable();
    segments.add(new Segment(5, 0, entry.array(), entry.length()));
    long[] refs = new long[effects.size()];
    int at = entry.firstEffect();
    for (int i = 0; i < refs.length; i++) {
      refs[i] = Place.of(5, at);
      at = entry.nextEffect(at);
    }
    List<Bytes> expected = keys(segments, refs);
    Collections.sort(expected);
    RefSort.sort(segments, refs);
    assertThat(keys(segments, refs)).isEqualTo(expected);
  }

  private static List<Bytes> keys(SegmentTable segments, long[] refs) {
    var keys = new ArrayList<Bytes>();
    for (long ref : refs) {
      byte[] array = segments.memory(ref);
      byte[] key = new byte[StoreKey.bound(array, Place.offset(ref))];
      int length = StoreKey.ofEffect(array, Place.offset(ref), key);
      keys.add(Bytes.copyOf(key, 0, length));
    }
    return keys;
  }

  private static final String GOLDEN_BLOCK = "4453534201000000a0000000000000000500000000000000e80300000000000084030000000000002827ad2700000000"
      + "7000000000010000030000000100000007000000000000002a0000000000000000401e18240a06000100000000000000"
      + "020000000000000003000000000000003000000001000101050000001f67d77f01000000000000000500000040000000"
      + "63000000000000006b76616c75650000";
  private static final String GOLDEN_HEADER_KEY = "12340000" + "c5ad7933" + "04" + "75736572";
  private static final String GOLDEN_IDENTITY = "445353490100000066000000d72d92e42061626162616261626162616261626162616261626162616261626162616261"
      + "628008286364636463646364636463646364636463646364636463646364636463646364636463646364636488776655"
      + "4433221105020100000000000000ffffffffffffffff";
}
