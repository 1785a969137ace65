package dss.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.binary.BinaryWriter;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.replication.PeerMessage;
import dss.protocol.Bytes;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of the peer wire. */
class GoldenBytesTest {
  private static final Hello HELLO = new Hello(Kind.MAIN, new PeerIdentity("c", "s", 1, 2, 3), 4,
      Bytes.wrap(new byte[]{5, 6}));

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void hello_isTheseBytes() {
    assertThat(hex(HELLO.encode(Hello.HELLO, new byte[0])))
        .isEqualTo("01c4a6cd82050101000163017301000000000000000200000000000000"
            + "0300040000000000000002050600");
  }

  @Test
  void frame_isTheseBytes() {
    var channel = new EmbeddedChannel();
    var frame = Frames.frame(channel.alloc(), new byte[]{1, 2, 3}, 0, 3, false);
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    frame.release();
    assertThat(hex(bytes)).isEqualTo("08000000a31a33d900010203");
  }

  @Test
  void appendFrame_isTheseBytes_andIsReadBack() {
    Entry entry = new EntryWriter().write(Entry.NO_OP, 3, 5, 9, 77, null, List.of());
    var message = new PeerMessage.AppendFrame(2,
        List.of(new PeerMessage.Append(3, 5, 4, 8, List.of(entry), 8, 0)));
    var out = new BinaryWriter();
    PeerCodec.write(out, 42, message);
    assertThat(hex(out.toArray())).isEqualTo("2a0602010305040808000000000000000000012800000001000000"
        + "0300000000000000050000000000000009000000000000004d00000000000000");
    PeerCodec.Versioned read = PeerCodec.read(out.array(), 0, out.length());
    assertThat(read.version()).isEqualTo(42);
    var again = new BinaryWriter();
    PeerCodec.write(again, 42, read.message());
    assertThat(again.toArray()).isEqualTo(out.toArray());
  }

  @Test
  void busy_isTheseBytes_andIsReadBack() {
    var out = new BinaryWriter();
    PeerCodec.write(out, 42, new PeerMessage.Busy());
    assertThat(hex(out.toArray())).isEqualTo("2a0c");
    assertThat(PeerCodec.read(out.array(), 0, out.length()))
        .isEqualTo(new PeerCodec.Versioned(42, new PeerMessage.Busy()));
  }

  @Test
  void whatIsMalformed_isOnlyEverMalformed() {
    var out = new BinaryWriter();
    PeerCodec.write(out, 42, new PeerMessage.FrameDone(7, List.of(1, 2)));
    for (int length = 0; length < out.length(); length++) {
      byte[] part = Arrays.copyOf(out.array(), length);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> PeerCodec.read(part, 0, part.length))
          .isInstanceOf(dss.core.binary.BinaryReader.MalformedException.class);
    }
  }

  @Test
  void proofs_dependOnTheSecretAndOnWhatWasSaid() {
    Bytes secret = Bytes.utf8("0123456789abcdef");
    Hello other = new Hello(Kind.MAIN, HELLO.identity(), 4, Bytes.wrap(new byte[]{7}));
    byte[] proof = Hello.proof(secret, "dialer", HELLO, other);
    assertThat(Hello.proof(secret, "dialer", HELLO, other)).isEqualTo(proof);
    assertThat(Hello.proof(secret, "listener", HELLO, other)).isNotEqualTo(proof);
    assertThat(Hello.proof(secret, "dialer", HELLO, HELLO)).isNotEqualTo(proof);
    assertThat(Hello.proof(Bytes.utf8("another secret !"), "dialer", HELLO, other)).isNotEqualTo(proof);
    assertThat(Hello.proof(null, "dialer", HELLO, other)).isEmpty();
  }
}
