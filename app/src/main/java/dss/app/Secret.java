package dss.app;

import dss.core.cluster.Address;
import dss.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The cluster secret: a file that the first ECS makes and every process of the cluster is given. */
final class Secret {
  private static final int BYTES = 32;
  private static final int LEAST_BYTES = 16;

  private Secret() {}

  /** What is in the file; a new one where there is no file and {@code make}; null without a file name. */
  static @Nullable Bytes read(@Nullable Path file, boolean make) throws IOException {
    if (file == null) {
      return null;
    }
    try {
      Bytes secret = Bytes.utf8(Files.readString(file).strip());
      if (secret.length() < LEAST_BYTES) {
        throw new IOException("the secret in " + file + " is shorter than " + LEAST_BYTES + " characters");
      }
      return secret;
    } catch (NoSuchFileException e) {
      if (!make) {
        throw new IOException("there is no secret file " + file + ": copy the one that the ECS made", e);
      }
      return make(file);
    }
  }

  private static Bytes make(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String text = HexFormat.of().formatHex(random);
    Files.createFile(file,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text + "\n", StandardOpenOption.WRITE);
    return Bytes.utf8(text);
  }

  /** Whoever reaches a port that is not a loopback one must prove to belong here. */
  static void requireUnlessLoopback(String host, @Nullable Bytes secret) throws CommandFailed {
    if (secret == null && !new Address(host, 1).isLoopback()) {
      throw new CommandFailed(Exit.REFUSED,
          "--host " + host + " is reachable from elsewhere: give every process of "
              + "the cluster the same --secret-file F (the ECS makes the file where there is none)");
    }
  }
}
