package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestFormTest {
  private final ValuePool values = new ValuePool(3, 1);

  private static KeySpace keys(String prefix) {
    return new KeySpace(1, Distribution.UNIFORM, 1, 3, prefix);
  }

  private String written(Kind kind, long key) {
    return written(kind, key, keys(""));
  }

  private String written(Kind kind, long key, KeySpace keys) {
    int most = (int) RequestForm.bytes(Protocol.REDIS, kind, keys);
    ByteBuffer out = ByteBuffer.allocateDirect(most);
    int end = new RequestForm(Protocol.REDIS, kind, keys, values).write(out, 0, key);
    assertThat(end).isEqualTo(most);
    return StandardCharsets.US_ASCII.decode(out).toString();
  }

  @Test
  void set_hasTheKeyInTwelveDigits_andAValue() {
    assertThat(written(Kind.SET, 12345))
        .matches("\\*3\r\n\\$3\r\nSET\r\n\\$16\r\nkey:000000012345\r\n\\$3\r\n[\\w-]{3}\r\n");
  }

  @Test
  void keyAlone_isEnoughForOthers() {
    assertThat(written(Kind.GET, 999_999_999)).isEqualTo("*2\r\n$3\r\nGET\r\n$16\r\nkey:000999999999\r\n");
    assertThat(written(Kind.INCR, 0)).isEqualTo("*2\r\n$4\r\nINCR\r\n$20\r\ncounter:000000000000\r\n");
    assertThat(written(Kind.DEL, 1_000_000)).isEqualTo("*2\r\n$3\r\nDEL\r\n$16\r\nkey:000001000000\r\n");
  }

  @Test
  void mset_hasTenKeysOfOneSlot() {
    String text = written(Kind.MSET, 77);
    assertThat(text).startsWith("*21\r\n$4\r\nMSET\r\n$20\r\n{key:000000000077}:0\r\n$3\r\n")
        .contains("{key:000000000077}:9");
    int slot = new RequestForm(Protocol.REDIS, Kind.MSET, keys(""), values).slot(77);
    assertThat(Slots.of(Bytes.utf8("{key:000000000077}:3"))).isEqualTo(slot);
  }

  @Test
  void aPrefix_begins_theNamesOfAllKeys_andItsTagIsTheirSlot() {
    assertThat(written(Kind.GET, 5, keys("big:"))).endsWith("\r\nbig:key:000000000005\r\n");
    assertThat(written(Kind.MSET, 5, keys("big:"))).contains("\r\n{big:key:000000000005}:9\r\n");
    assertThat(written(Kind.MSET, 5, keys("{t}"))).contains("\r\n{t}key:000000000005:9\r\n");
    assertThat(new RequestForm(Protocol.REDIS, Kind.SET, keys("{t}"), values).slot(5))
        .isEqualTo(Slots.of(Bytes.utf8("t")));
  }

  @Test
  void slot_isThatOfTheKey_whateverCameBefore() {
    var form = new RequestForm(Protocol.REDIS, Kind.SET, keys(""), values);
    for (long key : new long[]{0, 5, 5, 999_999, 1_000_000, 0}) {
      assertThat(form.slot(key)).isEqualTo(Slots.of(Bytes.utf8(String.format("key:%012d", key))));
    }
  }
}
