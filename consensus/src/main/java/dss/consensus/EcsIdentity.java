package dss.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster this ECS serves and as which peer: a small text file in its data directory, written once.
 *
 * @param clusterId 32 hex digits; also the id of the Raft group
 * @param peerId a name and a random storage id, made when the directory was formatted
 * @param joins whether the cluster was there before: such a peer waits to be admitted, it never begins one by itself
 */
public record EcsIdentity(String clusterId, String peerId, boolean joins) {
  private static final String FILE = "ecs.identity";
  private static final String REBUILT = "ecs.rebuilt";
  private static final String FORMAT = "1";

  /** The identity in a directory; null where the directory is new or absent. */
  public static @Nullable EcsIdentity read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    try {
      return parse(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      refuseForeign(directory);
      return null;
    }
  }

  /** Makes a new directory that of the first peer of a new cluster; durable on return. */
  public static EcsIdentity found(Path directory, String name) throws IOException {
    return fresh(directory, name, hex(UUID.randomUUID()), false);
  }

  /**
   * Makes a new directory that of the first peer of a cluster whose ECS is lost; durable on return. The state that it
   * begins with is written first: without it such a peer begins nothing, an empty cluster of an old id would have its
   * servers drop all they hold.
   */
  public static EcsIdentity rebuild(Path directory, String name, String clusterId, byte[] state)
      throws IOException {
    refuseForeign(directory);
    writeDurably(directory, REBUILT, state);
    return fresh(directory, name, clusterId, false);
  }

  /** The state that a rebuilt cluster begins with; null: this one was not rebuilt. */
  public static byte @Nullable [] rebuilt(Path directory) throws IOException {
    Path file = directory.resolve(REBUILT);
    return Files.exists(file) ? Files.readAllBytes(file) : null;
  }

  /** Makes a new directory that of a peer that joins a cluster; durable on return. */
  public static EcsIdentity join(Path directory, String name, String clusterId) throws IOException {
    return fresh(directory, name, clusterId, true);
  }

  private static EcsIdentity fresh(Path directory, String name, String clusterId, boolean joins)
      throws IOException {
    refuseForeign(directory);
    var fresh = new EcsIdentity(clusterId, name + "-" + hex(UUID.randomUUID()).substring(0, 12), joins);
    fresh.write(directory);
    return fresh;
  }

  /**
   * Takes back what makes a directory that of a peer, its log last but the identity: for a cluster that holds nothing
   * yet, or one that this peer was removed from. The log must be closed.
   */
  public static void forget(Path directory) throws IOException {
    EcsIdentity before = read(directory);
    if (before != null) {
      // Should this end half way: a peer without a log that does not join would begin its cluster anew.
      new EcsIdentity(before.clusterId, before.peerId, true).write(directory);
    }
    Files.deleteIfExists(directory.resolve(ReplicatedState.CREATED));
    Files.deleteIfExists(directory.resolve(REBUILT));
    Path raft = directory.resolve(ReplicatedState.RAFT);
    if (Files.isDirectory(raft)) {
      Files.move(raft, directory.resolve("." + ReplicatedState.RAFT + "." + hex(UUID.randomUUID())));
    }
    Files.deleteIfExists(directory.resolve(ReplicatedState.MEMBERS));
    Files.deleteIfExists(directory.resolve(FILE));
    try (var files = Files.list(directory)) {
      for (Path old : files.filter(f -> f.getFileName().toString().startsWith("." + ReplicatedState.RAFT))
          .toList()) {
        deleteAll(old);
      }
    }
  }

  private static void deleteAll(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void refuseForeign(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.list(directory)) {
      if (files.anyMatch(f -> !isOwn(f.getFileName().toString()))) {
        throw new IOException(directory + " is not empty and holds no " + FILE
            + ": it is not the data directory of an ECS; choose another one with --data");
      }
    }
  }

  /** Files that say nothing about a cluster: hidden ones, and what has happened. */
  private static boolean isOwn(String name) {
    return name.startsWith(".") || name.startsWith("events") || name.equals(REBUILT);
  }

  private static EcsIdentity parse(Path file, String text) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    String format = values.getOrDefault("format", "?");
    if (!format.equals(FORMAT)) {
      throw new IOException(file + " is of format " + format + ", this version reads " + FORMAT
          + ": start the version of DSS that wrote it");
    }
    String cluster = values.getOrDefault("cluster", "");
    String peer = values.getOrDefault("peer", "");
    if (!cluster.matches("[0-9a-f]{32}") || peer.isEmpty()) {
      throw new IOException(file + " is damaged: no cluster id or peer id in it");
    }
    return new EcsIdentity(cluster, peer, values.getOrDefault("joins", "false").equals("true"));
  }

  private void write(Path directory) throws IOException {
    String text = "format=" + FORMAT + "\ncluster=" + clusterId + "\npeer=" + peerId + "\n"
        + (joins ? "joins=true\n" : "");
    writeDurably(directory, FILE, text.getBytes(StandardCharsets.UTF_8));
  }

  static void writeDurably(Path directory, String name, byte[] bytes) throws IOException {
    Path temporary = directory.resolve("." + name + ".tmp");
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel dir = FileChannel.open(directory, StandardOpenOption.READ)) {
      dir.force(true);
    }
  }

  private static String hex(UUID uuid) {
    return uuid.toString().replace("-", "");
  }

  /** The id as Ratis wants it. */
  UUID groupUuid() {
    return new UUID(Long.parseUnsignedLong(clusterId.substring(0, 16), 16),
        Long.parseUnsignedLong(clusterId.substring(16), 16));
  }
}
