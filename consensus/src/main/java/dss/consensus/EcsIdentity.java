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
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which cluster this ECS serves and as which peer: a small text file in its data directory, written once.
 *
 * @param clusterId 32 hex digits; also the id of the Raft group
 * @param peerId a name and a random storage id, made when the directory was formatted
 */
public record EcsIdentity(String clusterId, String peerId) {
  private static final String FILE = "ecs.identity";
  private static final String FORMAT = "1";

  /** The identity in a directory; a new one, durable, where the directory is new. */
  public static EcsIdentity openOrFormat(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    try {
      return parse(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      refuseForeign(directory);
      var fresh = new EcsIdentity(hex(UUID.randomUUID()), "ecs-" + hex(UUID.randomUUID()).substring(0, 12));
      fresh.write(directory);
      return fresh;
    }
  }

  private static void refuseForeign(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.list(directory)) {
      if (files.anyMatch(f -> !f.getFileName().toString().startsWith("."))) {
        throw new IOException(directory + " is not empty and holds no " + FILE
            + ": it is not the data directory of an ECS; choose another one with --data");
      }
    }
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
    return new EcsIdentity(cluster, peer);
  }

  private void write(Path directory) throws IOException {
    Path temporary = directory.resolve("." + FILE + ".tmp");
    String text = "format=" + FORMAT + "\ncluster=" + clusterId + "\npeer=" + peerId + "\n";
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(temporary, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
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
