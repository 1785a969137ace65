package dss.core.replication;

import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import java.util.List;

/** A disk of one shard, in memory; the shard says what is durable. */
final class MemoryStorage implements Storage {
  final MemoryShard shard = new MemoryShard();
  boolean full;
  private ServerIdentity identity = new ServerIdentity("", 0, "a".repeat(40), 7, 0, List.of());

  @Override
  public ServerIdentity identity() {
    return identity;
  }

  @Override
  public void saveIdentity(ServerIdentity next) {
    identity = next;
  }

  @Override
  public void saveClusterState(byte[] state) {}

  @Override
  public ShardStorage shard(int number) {
    return shard;
  }

  @Override
  public void sync() {}

  @Override
  public int syncsInFlight() {
    return 0;
  }

  @Override
  public boolean acceptsWrites() {
    return true;
  }

  @Override
  public boolean acceptsEntries() {
    return !full;
  }

  @Override
  public boolean diskLow() {
    return false;
  }
}
