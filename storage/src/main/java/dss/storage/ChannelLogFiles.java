package dss.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The log's files in a real directory. */
final class ChannelLogFiles implements LogFiles {
  private final Path directory;

  ChannelLogFiles(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public LogFile open(String name) throws IOException {
    return new ChannelFile(directory.resolve(name),
        FileChannel.open(directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public LogFile create(String name, long size) throws IOException {
    Path path = directory.resolve(name);
    var file = new ChannelFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
    byte[] zeros = new byte[(int) Math.min(size, ChannelFile.AT_ONCE)];
    for (long at = 0; at < size; at += zeros.length) {
      file.write(at, zeros, 0, (int) Math.min(zeros.length, size - at));
    }
    return file;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void syncDirectory() throws IOException {
    DataDirectory.syncDirectory(directory);
  }

  private static final class ChannelFile implements LogFile {
    /** More than this at once would make the JDK allocate a native buffer of that size for each thread. */
    static final int AT_ONCE = 256 << 10;

    private final Path path;
    private final FileChannel channel;

    ChannelFile(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    @Override
    public String name() {
      return path.getFileName().toString();
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) throws IOException {
      for (int done = 0; done < length;) {
        var part = ByteBuffer.wrap(from, offset + done, Math.min(AT_ONCE, length - done));
        done += channel.write(part, at + done);
      }
    }

    @Override
    public void sync() throws IOException {
      SyncDelay.hold();
      channel.force(false);
    }

    @Override
    public int read(long at, byte[] to, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        var part = ByteBuffer.wrap(to, offset + done, Math.min(AT_ONCE, length - done));
        int count = channel.read(part, at + done);
        if (count <= 0) {
          break;
        }
        done += count;
      }
      return done;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
