package dss.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** A file being written for the store: keys in strictly rising order. The flusher only. */
final class SstFile {
  private static final int BUFFER = 64 << 10;

  private final Path path;
  private final EnvOptions env = new EnvOptions();
  private final SstFileWriter writer;
  private final ByteBuffer key = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer value = ByteBuffer.allocateDirect(BUFFER);
  private long bytes;
  private boolean closed;

  SstFile(Path path, Options options) throws RocksDBException {
    this.path = path;
    this.writer = new SstFileWriter(env, options);
    writer.open(path.toString());
  }

  Path path() {
    return path;
  }

  /** Bytes put so far. */
  long bytes() {
    return bytes;
  }

  void put(byte[] k, int keyLength, byte[] v, int valueLength) throws RocksDBException {
    bytes += keyLength + valueLength;
    if (keyLength <= BUFFER && valueLength <= BUFFER) {
      writer.put(fill(key, k, keyLength), fill(value, v, valueLength));
    } else {
      writer.put(Arrays.copyOf(k, keyLength), Arrays.copyOf(v, valueLength));
    }
  }

  private static ByteBuffer fill(ByteBuffer buffer, byte[] from, int length) {
    return buffer.clear().put(from, 0, length).flip();
  }

  void delete(byte[] k, int keyLength) throws RocksDBException {
    bytes += keyLength;
    writer.delete(Arrays.copyOf(k, keyLength));
  }

  /** Whole and on disk, to be ingested. */
  void finish() throws RocksDBException {
    writer.finish();
    close();
  }

  private void close() {
    if (!closed) {
      closed = true;
      writer.close();
      env.close();
    }
  }

  /** Gives back everything; the file too, where it was not ingested. */
  void discard() {
    close();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next start deletes it.
      org.slf4j.LoggerFactory.getLogger(SstFile.class).warn("{} could not be deleted: {}", path,
          e.toString());
    }
  }
}
