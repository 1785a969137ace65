package dss.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which process a TCP port of this machine belongs to, as Linux tells its own user. */
final class PortOwners {
  private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private PortOwners() {}

  static boolean areKnownHere() {
    return Files.isReadable(TABLES.get(0));
  }

  /** Which of these processes has the connection from one port to another; null: none. */
  static @Nullable Member of(int from, int to, Iterable<Member> members) {
    try {
      String inode = inode(from, to);
      for (Member member : members) {
        if (inode != null && member.isAlive() && has(member.pid(), "socket:[" + inode + "]")) {
          return member;
        }
      }
    } catch (IOException e) {
      // A process that ends meanwhile has no connections.
      return null;
    }
    return null;
  }

  private static @Nullable String inode(int from, int to) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X", from);
    String remote = String.format(Locale.ROOT, ":%04X", to);
    for (Path table : TABLES) {
      if (!Files.isReadable(table)) {
        continue;
      }
      for (String line : Files.readAllLines(table)) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > INODE && fields[LOCAL].endsWith(local)
            && fields[REMOTE].endsWith(remote) && !fields[INODE].equals("0")) {
          return fields[INODE];
        }
      }
    }
    return null;
  }

  private static boolean has(long pid, String socket) throws IOException {
    try (var files = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path file : files) {
        if (readLink(file).equals(socket)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String readLink(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
