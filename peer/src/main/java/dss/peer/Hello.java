package dss.peer;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.protocol.Bytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of a peer connection (docs/formats.md, Peer wire): Hello from the dialer, Welcome (or Reject) from the
 * listener with a proof of the secret, Proof from the dialer.
 *
 * @param kind what the connection is for
 * @param mainId random, of the main connection; of a copy connection that of the main one it belongs to
 * @param challenge what the other end must sign
 */
record Hello(Kind kind, PeerIdentity identity, long mainId, Bytes challenge) {
  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REJECT = 3;
  static final int PROOF = 4;
  static final int VERSION = 1;
  static final int CHALLENGE_BYTES = 16;
  private static final int MAGIC = 0x50535344; // "DSSP"

  byte[] encode(int type, byte[] proof) {
    var out = new BinaryWriter();
    out.u8(type).varint(MAGIC).varint(VERSION).varint(VERSION).varint(kind.ordinal());
    identity.write(out);
    out.varint(0).fixed64(mainId).bytes(challenge.toArray()).bytes(proof);
    return out.toArray();
  }

  /** What came in, and the other end's proof. */
  record Received(Hello hello, Bytes proof) {}

  static Received decode(BinaryReader in) {
    if (in.varint() != MAGIC) {
      throw new MalformedException("this is not a DSS peer port's language");
    }
    long least = in.varint();
    long most = in.varint();
    if (least > VERSION || most < VERSION) {
      throw new MalformedException("the other end speaks versions " + least + " to " + most
          + " of the peer protocol, this one " + VERSION);
    }
    int kind = in.integer();
    if (kind >= Kind.values().length) {
      throw new MalformedException("a connection of kind " + kind);
    }
    PeerIdentity identity = PeerIdentity.read(in);
    in.varint();
    long mainId = in.fixed64();
    Bytes challenge = Bytes.wrap(in.bytes());
    return new Received(new Hello(Kind.values()[kind], identity, mainId, challenge), Bytes.wrap(in.bytes()));
  }

  /** What proves to have the secret: over all that both have said; empty without a secret. */
  static byte[] proof(@Nullable Bytes secret, String side, Hello dialer, Hello listener) {
    if (secret == null) {
      return new byte[0];
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.toArray(), "HmacSHA256"));
      var said = new BinaryWriter().text(side);
      for (Hello hello : List.of(dialer, listener)) {
        hello.identity.write(said);
        said.varint(hello.kind.ordinal()).fixed64(hello.mainId).bytes(hello.challenge.toArray());
      }
      return mac.doFinal(said.toArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HmacSHA256", e);
    }
  }

  static boolean proves(byte[] proof, byte[] expected) {
    return MessageDigest.isEqual(proof, expected);
  }
}
