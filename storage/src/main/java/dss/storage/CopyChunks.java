package dss.storage;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import org.rocksdb.RocksDBException;

/**
 * What travels when a shard is copied: {@code version:1}, then {@code keyLen:varint | key | valueLen:varint | value} as
 * the store holds them, in its order, the shard's record left out.
 */
final class CopyChunks {
  static final int VERSION = 1;
  /** A frame carries 256 KiB. */
  static final int BYTES = 192 << 10;

  /** Takes one record. */
  interface Records {
    void take(byte[] key, byte[] value) throws RocksDBException;
  }

  private CopyChunks() {}

  /** The next chunk of the view; empty at its end. */
  static byte[] read(StoreView view) throws RocksDBException {
    var out = new BinaryWriter().u8(VERSION);
    boolean any = false;
    while (view.isValid()) {
      byte[] key = view.key();
      if (StoreKey.kind(key) != StoreKey.RECORD) {
        byte[] value = view.value();
        if (any && out.length() + key.length + value.length + 10 > BYTES) {
          break;
        }
        out.bytes(key).bytes(value);
        any = true;
      }
      view.next();
    }
    return any ? out.toArray() : new byte[0];
  }

  static void write(byte[] chunk, Records to) throws RocksDBException {
    var in = new BinaryReader(chunk);
    int version = in.u8();
    if (version != VERSION) {
      throw new BinaryReader.MalformedException(
          "a copy of format " + version + ", this program reads " + VERSION);
    }
    while (in.remaining() > 0) {
      to.take(in.bytes(), in.bytes());
    }
  }
}
