package dss.sim;

import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** One key as a single machine would keep it: what an operation does to it and answers. */
final class KeyModel {
  private KeyModel() {}

  /** The value after an operation; {@code null} is an absent key. */
  record Step(@Nullable String after, Reply reply) {}

  static Step step(@Nullable String value, Op op) {
    return switch (op.kind) {
      case GET -> new Step(value, value == null ? Reply.NULL : Reply.bulk(value));
      case SET -> new Step(op.argument, Reply.OK);
      case DEL -> new Step(null, Reply.integer(value == null ? 0 : 1));
      case SETNX -> new Step(value == null ? op.argument : value, Reply.integer(value == null ? 1 : 0));
      case APPEND -> {
        String after = (value == null ? "" : value) + op.argument;
        yield new Step(after, Reply.integer(after.length()));
      }
      case INCR -> {
        String after = Long.toString((value == null ? 0 : Long.parseLong(value)) + 1);
        yield new Step(after, Reply.integer(Long.parseLong(after)));
      }
      case SET_IF -> op.expected.equals(value)
          ? new Step(op.argument, Reply.OK)
          : new Step(value, Reply.NULL);
    };
  }
}
