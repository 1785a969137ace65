package dss.storage;

import java.util.Arrays;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Which of many keys the store has, asked in rising order. Where many of a shard's keys are asked it walks along,
 * which costs a third of looking each up; where few are, the filters spare the disk those that are not there.
 * For one thread, while nothing is written.
 */
final class StoredKeys implements AutoCloseable {
  /** Walks where at least one in so many is asked. */
  private static final int DENSE = 8;
  /** So many steps cost as much as seeking. */
  private static final int STEPS = 4 * DENSE;

  private final RocksStore store;
  private final RocksIterator walk;
  private byte[] at = new byte[256];
  private int atLength;
  private boolean begun;
  private boolean ended;
  private boolean dense;

  StoredKeys(RocksStore store, RocksIterator walk) {
    this.store = store;
    this.walk = walk;
  }

  /** Whether it would walk. */
  static boolean isDense(long asked, long stored) {
    return asked * DENSE >= stored;
  }

  /** Another shard, behind the one before. */
  void begin(long asked, long stored) {
    dense = isDense(asked, stored);
  }

  boolean has(byte[] key, int length) throws RocksDBException {
    if (!dense) {
      return store.has(key, length);
    }
    if (!begun) {
      begun = true;
      seek(key, length);
    }
    for (int steps = 0; !ended; steps++) {
      int order = Arrays.compareUnsigned(at, 0, atLength, key, 0, length);
      if (order >= 0) {
        return order == 0;
      }
      if (steps < STEPS) {
        walk.next();
        load();
      } else {
        seek(key, length);
      }
    }
    return false;
  }

  private void seek(byte[] key, int length) throws RocksDBException {
    walk.seek(Arrays.copyOf(key, length));
    load();
  }

  private void load() throws RocksDBException {
    ended = !walk.isValid();
    if (ended) {
      walk.status();
      return;
    }
    atLength = walk.key(at);
    if (atLength > at.length) {
      at = new byte[2 * atLength];
      atLength = walk.key(at);
    }
  }

  @Override
  public void close() {
    walk.close();
  }
}
