package dss.storage;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import dss.core.storage.ServerIdentity;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of the files {@code identity} and {@code cluster-state}: {@code magic:4 | format:4 | length:4 | CRC32C:4 |
 * content}, the CRC of the content. The identity's format is that of the whole data directory. Its content is
 * {@code cluster id:text | shards:varint | server id:text | disk id:8 | boot:varint | unconfirmed nonces: list of 8}.
 */
final class IdentityFile {
  static final int FORMAT = 1;
  private static final byte[] IDENTITY_MAGIC = {'D', 'S', 'S', 'I'};
  private static final byte[] STATE_MAGIC = {'D', 'S', 'S', 'C'};
  private static final int HEADER = 16;

  private IdentityFile() {}

  static byte[] encode(ServerIdentity identity) {
    var out = new BinaryWriter();
    out.text(identity.clusterId()).varint(identity.shards()).text(identity.serverId())
        .fixed64(identity.diskId())
        .varint(identity.boot()).list(identity.unconfirmed(), BinaryWriter::fixed64);
    return wrap(IDENTITY_MAGIC, out.toArray());
  }

  static ServerIdentity decode(String file, byte[] bytes) {
    var in = new BinaryReader(unwrap(file, IDENTITY_MAGIC, bytes));
    try {
      return new ServerIdentity(in.text(), in.integer(), in.text(), in.fixed64(), in.varint(),
          in.list(BinaryReader::fixed64));
    } catch (BinaryReader.MalformedException | IllegalArgumentException e) {
      throw damaged(file, 0, String.valueOf(e.getMessage()));
    }
  }

  static byte[] encodeState(byte[] state) {
    return wrap(STATE_MAGIC, state);
  }

  static byte[] decodeState(String file, byte[] bytes) {
    return unwrap(file, STATE_MAGIC, bytes);
  }

  private static byte[] wrap(byte[] magic, byte[] content) {
    var out = new BinaryWriter();
    out.raw(magic, 0, magic.length);
    fixed32(out, FORMAT);
    fixed32(out, content.length);
    fixed32(out, crc(content));
    return out.raw(content, 0, content.length).toArray();
  }

  private static byte[] unwrap(String file, byte[] magic, byte[] bytes) {
    if (bytes.length < HEADER || !Arrays.equals(bytes, 0, 4, magic, 0, 4)) {
      throw damaged(file, 0, "it does not begin as one of this program");
    }
    int format = dss.core.entry.LittleEndian.getInt(bytes, 4);
    if (format != FORMAT) {
      throw new StorageException(file + " has format " + format + ", this program reads format " + FORMAT
          + ": start a newer program with this directory, or this one with another directory");
    }
    byte[] content = Arrays.copyOfRange(bytes, HEADER, bytes.length);
    if (dss.core.entry.LittleEndian.getInt(bytes, 8) != content.length
        || dss.core.entry.LittleEndian.getInt(bytes, 12) != crc(content)) {
      throw damaged(file, HEADER, "its checksum is wrong");
    }
    return content;
  }

  private static StorageException damaged(String file, int at, String what) {
    return new StorageException(file + " is damaged at offset " + at + ": " + what
        + ". Put the data directory aside and start with an empty one: the other copies fill it");
  }

  private static void fixed32(BinaryWriter out, int value) {
    out.u8(value).u8(value >>> 8).u8(value >>> 16).u8(value >>> 24);
  }

  private static int crc(byte[] content) {
    var crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
