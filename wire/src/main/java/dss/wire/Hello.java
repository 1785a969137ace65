package dss.wire;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;

/** HELLO, in Redis' words: which protocol a connection speaks, what it is called, and who answers it. Loop only. */
public final class Hello {
  /** To everyone who brings a password: there is none. */
  public static final Reply NO_PASSWORD = Reply
      .error("ERR AUTH <password> called without any password configured "
          + "for the default user. Are you sure your configuration is correct?");
  /** To a name that {@link #isName} refuses. */
  public static final Reply BAD_NAME = Reply
      .error("ERR Client names cannot contain spaces, newlines or special characters.");

  private final String redisVersion;
  private final String version;
  private final String mode;

  /**
   * @param redisVersion what Redis clients take this port for
   * @param version of DSS
   * @param mode {@code cluster} or {@code standalone}
   */
  public Hello(String redisVersion, String version, String mode) {
    this.redisVersion = redisVersion;
    this.version = version;
    this.mode = mode;
  }

  /** What to answer; where that is no error, the connection has the protocol and the name that were asked for. */
  public Reply answer(RespConnection connection, Request request) {
    int protocol = connection.protocol();
    if (request.size() > 1) {
      String wanted = request.get(1).asUtf8();
      if (!wanted.matches("[0-9]{1,9}")) {
        return Reply.error("ERR Protocol version is not an integer or out of range");
      }
      if (!wanted.equals("2") && !wanted.equals("3")) {
        return Reply.error("NOPROTO unsupported protocol version");
      }
      protocol = Integer.parseInt(wanted);
    }
    String name = connection.name();
    for (int at = 2; at < request.size();) {
      if (request.get(at).equalsIgnoreCase("AUTH") && at + 2 < request.size()) {
        return NO_PASSWORD;
      }
      if (!request.get(at).equalsIgnoreCase("SETNAME") || at + 1 == request.size()) {
        return Reply.error("ERR Syntax error in HELLO option '" + request.get(at) + "'");
      }
      if (!isName(request.get(at + 1))) {
        return BAD_NAME;
      }
      name = request.get(at + 1).asUtf8();
      at += 2;
    }
    connection.name(name);
    connection.protocol(protocol);
    return about(connection);
  }

  private Reply about(RespConnection connection) {
    var fields = new ArrayList<Reply>();
    text(fields, "server", "redis");
    text(fields, "version", redisVersion);
    text(fields, "dss_version", version);
    fields.add(Reply.bulk("proto"));
    fields.add(Reply.integer(connection.protocol()));
    fields.add(Reply.bulk("id"));
    fields.add(Reply.integer(connection.id()));
    text(fields, "mode", mode);
    text(fields, "role", "master");
    fields.add(Reply.bulk("modules"));
    fields.add(Reply.EMPTY_ARRAY);
    return new Reply.Map(fields);
  }

  private static void text(List<Reply> fields, String name, String value) {
    fields.add(Reply.bulk(name));
    fields.add(Reply.bulk(value));
  }

  /** No spaces, line ends or other bytes outside printable ASCII. */
  public static boolean isName(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) < '!' || name.at(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
