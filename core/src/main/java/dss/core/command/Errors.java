package dss.core.command;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;

/** Errors in the words of Redis, which clients know. */
final class Errors {
  static final Reply SYNTAX = Reply.error("ERR syntax error");
  static final Reply NOT_AN_INTEGER = Reply.error("ERR value is not an integer or out of range");
  static final Reply OVERFLOW = Reply.error("ERR increment or decrement would overflow");
  static final Reply DECREMENT_OVERFLOW = Reply.error("ERR decrement would overflow");
  static final Reply WRONG_TYPE = Reply
      .error("WRONGTYPE Operation against a key holding the wrong kind of value");
  static final Reply CROSS_SLOT = Reply.error("CROSSSLOT Keys in request don't hash to the same slot");
  static final Reply TOO_LONG = Reply
      .error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  static final Reply NX_AND_OTHERS = Reply
      .error("ERR NX and XX, GT or LT options at the same time are not compatible");
  static final Reply GT_AND_LT = Reply.error("ERR GT and LT options at the same time are not compatible");

  /** How much of a client's words an error repeats. */
  private static final int QUOTED = 128;

  private Errors() {}

  static String arity(String name) {
    return "ERR wrong number of arguments for '" + name + "' command";
  }

  static Reply expireTime(CommandSpec spec) {
    return Reply.error("ERR invalid expire time in '" + spec.name() + "' command");
  }

  static Reply unsupportedOption(Bytes option) {
    return Reply.error(oneLine("ERR Unsupported option " + quoted(option, QUOTED)));
  }

  /** The first words of what was asked, about 128 bytes of them. */
  static String unknownCommand(Request request) {
    var arguments = new StringBuilder();
    for (int i = 1; i < request.size() && arguments.length() < QUOTED; i++) {
      String argument = quoted(request.get(i), QUOTED - arguments.length());
      arguments.append('\'').append(argument).append("' ");
    }
    return oneLine("ERR unknown command '" + quoted(request.name(), QUOTED) + "', with args beginning with: "
        + arguments);
  }

  static String unknownSubcommand(CommandSpec spec, Bytes word) {
    return oneLine("ERR unknown subcommand '" + quoted(word, QUOTED) + "'. Try "
        + CommandTable.upper(spec.name()) + " HELP.");
  }

  /** As C prints it: up to the first zero byte, at most so many bytes. */
  private static String quoted(Bytes bytes, int most) {
    int length = Math.min(bytes.length(), most);
    for (int i = 0; i < length; i++) {
      if (bytes.at(i) == 0) {
        length = i;
      }
    }
    return bytes.slice(0, length).asUtf8();
  }

  private static String oneLine(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }
}
