package dss.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A disk that loses what was not synced: of each file any of its unsynced sectors, of the directory the last changes.
 * Can fail on demand.
 */
final class SimulatedLogFiles implements LogFiles {
  private static final int SECTOR = 512;

  private record Sector(long at, byte[] bytes) {}

  private final class Inode {
    byte[] content = new byte[0];
    byte[] durable = new byte[0];
    final List<Sector> unsynced = new ArrayList<>();
  }

  private Map<String, Inode> names = new LinkedHashMap<>();
  /** The directory after each change since it was synced, the synced one first. */
  private final List<Map<String, Inode>> directories = new ArrayList<>(List.of(names));
  private int life;
  /** Syncs of files whose names match fail. */
  Predicate<String> failSync = name -> false;
  Predicate<String> failWrite = name -> false;
  int recycled;

  /** Everything under way is lost, or half of it; old handles write nowhere from now on. */
  synchronized void crash(Random random) {
    life++;
    names = new LinkedHashMap<>(directories.get(random.nextInt(directories.size())));
    directories.clear();
    directories.add(new LinkedHashMap<>(names));
    for (Inode inode : names.values()) {
      int fate = random.nextInt(3);
      for (Sector sector : inode.unsynced) {
        if (fate == 0 || fate == 1 && random.nextBoolean()) {
          inode.durable = written(inode.durable, sector.at, sector.bytes);
        }
      }
      inode.unsynced.clear();
      inode.content = inode.durable;
    }
  }

  private static byte[] written(byte[] content, long at, byte[] bytes) {
    byte[] result = Arrays.copyOf(content, Math.max(content.length, (int) at + bytes.length));
    System.arraycopy(bytes, 0, result, (int) at, bytes.length);
    return result;
  }

  private void changed() {
    directories.add(new LinkedHashMap<>(names));
  }

  /** The disk as one process sees it; what it does after a crash does not reach the disk. */
  synchronized LogFiles process() {
    int ofLife = life;
    return (LogFiles) java.lang.reflect.Proxy.newProxyInstance(LogFiles.class.getClassLoader(),
        new Class<?>[]{LogFiles.class}, (proxy, method, args) -> {
          synchronized (this) {
            if (ofLife != life && method.getReturnType() == LogFile.class) {
              return new Handle("lost", new Inode(), ofLife);
            }
            return ofLife == life ? method.invoke(this, args) : null;
          }
        });
  }

  @Override
  public synchronized List<String> list() {
    return names.keySet().stream().sorted().toList();
  }

  @Override
  public synchronized LogFile open(String name) throws IOException {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IOException("no file " + name);
    }
    return new Handle(name, inode, life);
  }

  @Override
  public synchronized LogFile create(String name, long size) {
    var inode = new Inode();
    names.put(name, inode);
    changed();
    var handle = new Handle(name, inode, life);
    handle.put(0, new byte[(int) size]);
    return handle;
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    Inode inode = names.remove(from);
    if (inode == null) {
      throw new IOException("no file " + from);
    }
    recycled++;
    names.put(to, inode);
    changed();
  }

  @Override
  public synchronized void delete(String name) {
    names.remove(name);
    changed();
  }

  @Override
  public synchronized void syncDirectory() {
    directories.clear();
    directories.add(new LinkedHashMap<>(names));
  }

  synchronized byte[] content(String name) {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new AssertionError("no file " + name);
    }
    return inode.content.clone();
  }

  synchronized void replace(String name, byte[] content) {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new AssertionError("no file " + name);
    }
    inode.content = content.clone();
    inode.durable = content.clone();
    inode.unsynced.clear();
  }

  private final class Handle implements LogFile {
    private final String name;
    private final Inode inode;
    private final int ofLife;

    Handle(String name, Inode inode, int ofLife) {
      this.name = name;
      this.inode = inode;
      this.ofLife = ofLife;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      synchronized (SimulatedLogFiles.this) {
        return inode.content.length;
      }
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      synchronized (SimulatedLogFiles.this) {
        if (failWrite.test(name)) {
          throw new IOException("no space left");
        }
        put(at, Arrays.copyOfRange(from, offset, offset + length));
      }
    }

    private void put(long at, byte[] bytes) {
      if (ofLife != life) {
        return;
      }
      inode.content = written(inode.content, at, bytes);
      for (int i = 0; i < bytes.length;) {
        int end = (int) Math.min(bytes.length, i + SECTOR - (at + i) % SECTOR);
        inode.unsynced.add(new Sector(at + i, Arrays.copyOfRange(bytes, i, end)));
        i = end;
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (SimulatedLogFiles.this) {
        if (failSync.test(name)) {
          throw new IOException("the disk says no");
        }
        if (ofLife == life) {
          inode.durable = inode.content;
          inode.unsynced.clear();
        }
      }
    }

    @Override
    public int read(long at, byte[] to, int offset, int length) {
      synchronized (SimulatedLogFiles.this) {
        int count = (int) Math.max(0, Math.min(length, inode.content.length - at));
        System.arraycopy(inode.content, (int) at, to, offset, count);
        return count;
      }
    }

    @Override
    public void close() {}
  }
}
