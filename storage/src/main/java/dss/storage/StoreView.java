package dss.storage;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A range of the store as it was at one moment, read from front to back. For one thread at a time. */
final class StoreView implements AutoCloseable {
  private final Slice upper;
  private final ReadOptions options;
  private final RocksIterator iterator;

  StoreView(RocksDB db, byte[] from, byte[] to) {
    upper = new Slice(to);
    options = new ReadOptions().setIterateUpperBound(upper).setFillCache(false);
    // An iterator is a snapshot of its own, taken here.
    iterator = db.newIterator(options);
    iterator.seek(from);
  }

  boolean isValid() throws RocksDBException {
    if (iterator.isValid()) {
      return true;
    }
    iterator.status();
    return false;
  }

  byte[] key() {
    return iterator.key();
  }

  byte[] value() {
    return iterator.value();
  }

  void next() {
    iterator.next();
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    upper.close();
  }
}
