package dss.storage;

import dss.core.storage.ServerIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The data directory and its small files: {@code lock, identity, cluster-state}; beside them {@code log/, store/} and
 * {@code ingest/}. Files are replaced whole: written aside, synced, renamed, the directory synced.
 */
final class DataDirectory implements AutoCloseable {
  private static final String IDENTITY = "identity";
  private static final String STATE = "cluster-state";
  private static final String ASIDE = ".new";
  /** What a formatting that was cut short, or the file system itself, may have left. */
  private static final Set<String> MAY_BE_THERE = Set.of(DirectoryLock.FILE, IDENTITY + ASIDE, "lost+found");

  private final Path path;
  private final DirectoryLock lock;
  private ServerIdentity identity;

  private DataDirectory(Path path, DirectoryLock lock, ServerIdentity identity) {
    this.path = path;
    this.lock = lock;
    this.identity = identity;
  }

  static DataDirectory open(Path path) throws IOException {
    Files.createDirectories(path);
    Path file = path.resolve(IDENTITY);
    if (!Files.exists(file)) {
      refuseForeign(path);
    }
    DirectoryLock lock = DirectoryLock.take(path);
    try {
      if (Files.exists(file)) {
        return new DataDirectory(path, lock, IdentityFile.decode("file " + file, Files.readAllBytes(file)));
      }
      var directory = new DataDirectory(path, lock, fresh());
      directory.save(directory.identity);
      return directory;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void refuseForeign(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      Optional<String> foreign = files.map(file -> file.getFileName().toString())
          .filter(name -> !MAY_BE_THERE.contains(name)).sorted().findFirst();
      if (foreign.isPresent()) {
        throw new StorageException("the directory " + path + " is not empty (it has " + foreign.get()
            + ") and not a data directory (it has no file " + IDENTITY + "): name another one, or empty it");
      }
    }
  }

  private static ServerIdentity fresh() {
    var random = new SecureRandom();
    byte[] id = new byte[20];
    random.nextBytes(id);
    long disk = random.nextLong();
    return new ServerIdentity("", 0, HexFormat.of().formatHex(id), disk == 0 ? 1 : disk, 0, List.of());
  }

  Path path() {
    return path;
  }

  ServerIdentity identity() {
    return identity;
  }

  /** On disk when it returns. */
  void save(ServerIdentity changed) throws IOException {
    replace(IDENTITY, IdentityFile.encode(changed));
    identity = changed;
  }

  /** On disk when it returns; one thread at a time. */
  void saveClusterState(byte[] state) throws IOException {
    replace(STATE, IdentityFile.encodeState(state));
  }

  /** The newest cluster state that was saved. */
  static Optional<byte[]> clusterState(Path directory) throws IOException {
    Path file = directory.resolve(STATE);
    return Files.exists(file)
        ? Optional.of(IdentityFile.decodeState("file " + file, Files.readAllBytes(file)))
        : Optional.empty();
  }

  private void replace(String name, byte[] content) throws IOException {
    Path aside = path.resolve(name + ASIDE);
    try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(aside, path.resolve(name), StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(path);
  }

  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
