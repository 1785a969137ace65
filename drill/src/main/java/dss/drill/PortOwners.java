package dss.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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

  /** A connection within this machine, by the port that it was dialed from and the port that it leads to. */
  record Connection(int from, int to) {}

  /** Which of these processes have dialed these connections, by name; those of others are left out. One look for all. */
  static Map<Connection, String> of(Collection<Connection> connections, Iterable<Member> members) {
    Map<String, Connection> byInode = byInode(Set.copyOf(connections));
    Map<Connection, String> owners = new HashMap<>();
    for (Member member : members) {
      if (member.isAlive()) {
        for (String socket : sockets(member.pid())) {
          Connection connection = byInode.get(socket);
          if (connection != null) {
            owners.put(connection, member.name);
          }
        }
      }
    }
    return owners;
  }

  private static Map<String, Connection> byInode(Set<Connection> wanted) {
    Map<String, Connection> byInode = new HashMap<>();
    for (Path table : TABLES) {
      try (Stream<String> lines = Files.lines(table)) {
        lines.skip(1).map(line -> line.strip().split("\\s+", INODE + 2))
            .filter(fields -> fields.length > INODE)
            .forEach(fields -> {
              var connection = new Connection(port(fields[LOCAL]), port(fields[REMOTE]));
              if (wanted.contains(connection)) {
                byInode.put("socket:[" + fields[INODE] + "]", connection);
              }
            });
      } catch (IOException | UncheckedIOException e) {
        // Without this table there are no connections of its kind.
        continue;
      }
    }
    return byInode;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }

  /** Of a process that ends meanwhile: none, or some. */
  private static List<String> sockets(long pid) {
    try (var files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.map(PortOwners::readLink).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static String readLink(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
