package dss.sim;

import dss.storage.LogFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The files of a log on a disk that keeps what was synced: of what was not, a crash leaves any sectors of files and the
 * first changes of the directory. Fails when it is told to.
 */
final class SimFiles implements LogFiles {
  private static final int SECTOR = 512;
  /** In a file of the log: where the position of its first byte stands. */
  private static final int POSITION_AT = 24;

  /** What was there before it was overwritten: put back where the new one is lost. */
  private record Sector(int at, byte[] bytes) {}

  private static final class Inode {
    byte[] content = new byte[0];
    int length;
    final List<Sector> unsynced = new ArrayList<>();

    void put(int at, byte[] bytes) {
      int end = at + bytes.length;
      if (end > content.length) {
        content = Arrays.copyOf(content, Math.max(end, Math.min(2 * end, 1 << 16)));
      }
      System.arraycopy(bytes, 0, content, at, bytes.length);
      length = Math.max(length, end);
    }
  }

  private TreeMap<String, Inode> names = new TreeMap<>();
  /** The directory before each change since it was synced, the synced one first. */
  private final List<TreeMap<String, Inode>> before = new ArrayList<>();
  private boolean failing;

  /** From now on nothing can be written or synced. */
  void fail() {
    failing = true;
  }

  /** It says yes again. */
  void mend() {
    failing = false;
  }

  private void check() throws IOException {
    if (failing) {
      throw new IOException("the disk says no");
    }
  }

  /** Everything under way is lost, or a part of it. */
  void crash(Scheduler scheduler, Effects effects) {
    failing = false;
    int kept = (int) scheduler.between(0, before.size());
    if (kept < before.size()) {
      names = before.get(kept);
      effects.count(Effect.LOST_NAME);
    }
    before.clear();
    for (Inode inode : names.values()) {
      crash(inode, scheduler, effects);
    }
  }

  private static void crash(Inode inode, Scheduler scheduler, Effects effects) {
    if (inode.unsynced.isEmpty()) {
      return;
    }
    long fate = scheduler.between(0, 2);
    if (fate < 2) {
      effects.count(fate == 0 ? Effect.LOST_WRITE : Effect.TORN_WRITE);
    }
    for (Sector old : inode.unsynced.reversed()) {
      boolean lost = fate == 0 || fate == 1 && scheduler.chance(0.5);
      if (lost) {
        System.arraycopy(old.bytes, 0, inode.content, old.at, old.bytes.length);
      }
    }
    inode.unsynced.clear();
  }

  /** A copy of what is on the disk. */
  SimFiles image() {
    var image = new SimFiles();
    TreeMap<String, Inode> synced = before.isEmpty() ? names : before.get(0);
    synced.forEach((name, inode) -> {
      var copy = new Inode();
      copy.content = inode.content.clone();
      copy.length = inode.length;
      inode.unsynced.reversed()
          .forEach(old -> System.arraycopy(old.bytes, 0, copy.content, old.at, old.bytes.length));
      image.names.put(name, copy);
    });
    return image;
  }

  /** A byte of the log before that position changes; whether there is such a byte. */
  boolean rot(Draws draws, long before) {
    for (var file : names.entrySet()) {
      Inode inode = file.getValue();
      if (!file.getKey().startsWith("segment-") || inode.length <= POSITION_AT + 8) {
        continue;
      }
      long base = java.nio.ByteBuffer.wrap(inode.content).order(java.nio.ByteOrder.LITTLE_ENDIAN)
          .getLong(POSITION_AT);
      long rotten = Math.min(inode.length, before - base);
      if (rotten > 0) {
        inode.content[(int) draws.between(0, rotten - 1)] ^= (byte) (1 << draws.between(0, 7));
        return true;
      }
    }
    return false;
  }

  // ---- the port

  @Override
  public List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public LogFile open(String name) throws IOException {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IOException("no file " + name);
    }
    return new Handle(name, inode);
  }

  @Override
  public LogFile create(String name, long size) throws IOException {
    check();
    changes();
    var inode = new Inode();
    names.put(name, inode);
    var handle = new Handle(name, inode);
    handle.write(0, new byte[(int) size], 0, (int) size);
    return handle;
  }

  private void changes() {
    before.add(new TreeMap<>(names));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    check();
    Inode inode = names.get(from);
    if (inode == null) {
      throw new IOException("no file " + from);
    }
    changes();
    names.remove(from);
    names.put(to, inode);
  }

  @Override
  public void delete(String name) throws IOException {
    check();
    changes();
    names.remove(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    check();
    before.clear();
  }

  private final class Handle implements LogFile {
    private final String name;
    private final Inode inode;

    Handle(String name, Inode inode) {
      this.name = name;
      this.inode = inode;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return inode.length;
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      check();
      for (int i = 0; i < length;) {
        int end = (int) Math.min(length, i + SECTOR - (at + i) % SECTOR);
        int place = (int) at + i;
        byte[] old = new byte[end - i];
        int had = Math.max(0, Math.min(old.length, inode.length - place));
        System.arraycopy(inode.content, place < inode.length ? place : 0, old, 0, had);
        inode.unsynced.add(new Sector(place, old));
        inode.put(place, Arrays.copyOfRange(from, offset + i, offset + end));
        i = end;
      }
    }

    @Override
    public void sync() throws IOException {
      check();
      inode.unsynced.clear();
    }

    @Override
    public int read(long at, byte[] to, int offset, int length) {
      int count = (int) Math.max(0, Math.min(length, inode.length - at));
      System.arraycopy(inode.content, (int) at, to, offset, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
