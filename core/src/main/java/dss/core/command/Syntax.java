package dss.core.command;

import dss.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command's words as COMMAND DOCS tells them, read from the notation of Redis' documentation: [optional],
 * a | b, TOKEN, TOKEN argument, argument [argument ...].
 */
final class Syntax {
  /** One argument, or a choice or row of them. */
  private record Argument(String name, String type, @Nullable String token, boolean optional,
      boolean multiple,
      List<Argument> parts) {
    Argument with(boolean nowOptional, boolean nowMultiple) {
      return new Argument(name, type, token, nowOptional, nowMultiple, parts);
    }
  }

  private final List<Argument> arguments;

  private Syntax(List<Argument> arguments) {
    this.arguments = arguments;
  }

  static Syntax parse(String text) {
    String spaced = text.replace("[", " [ ").replace("]", " ] ").replace("|", " | ").trim();
    return new Syntax(sequence(new ArrayDeque<>(Arrays.asList(spaced.split(" +")))));
  }

  Reply asReply() {
    return asReply(arguments);
  }

  // ---- reading

  /** Up to the end, a closing bracket or a bar, which stay. */
  private static List<Argument> sequence(ArrayDeque<String> words) {
    var row = new ArrayList<Argument>();
    while (!words.isEmpty() && !words.peek().equals("]") && !words.peek().equals("|")) {
      String word = words.remove();
      if (!word.equals("[")) {
        row.add(argument(word, words));
      } else if (repeats(words)) {
        repeat(row, words);
      } else {
        row.add(option(words));
      }
    }
    return row;
  }

  private static Argument argument(String word, ArrayDeque<String> words) {
    boolean token = Character.isUpperCase(word.charAt(0));
    String next = words.peek();
    if (token && next != null && Character.isLowerCase(next.charAt(0))) {
      words.remove();
      return new Argument(next, typeOf(next), word, false, false, List.of());
    }
    return token
        ? new Argument(word.toLowerCase(java.util.Locale.ROOT), "pure-token", word, false, false, List.of())
        : new Argument(word, typeOf(word), null, false, false, List.of());
  }

  /** Whether what follows, up to its bracket, repeats what came before: it ends with "...". */
  private static boolean repeats(ArrayDeque<String> words) {
    for (String word : words) {
      if (word.equals("...")) {
        return true;
      }
      if (word.equals("[") || word.equals("]")) {
        return false;
      }
    }
    return false;
  }

  private static void repeat(List<Argument> row, ArrayDeque<String> words) {
    int count = 0;
    while (!words.remove().equals("...")) {
      count++;
    }
    words.remove();
    List<Argument> repeated = row.subList(row.size() - count, row.size());
    Argument whole = count == 1
        ? repeated.get(0).with(false, true)
        : new Argument(joined(repeated), "block", null, false, true, List.copyOf(repeated));
    repeated.clear();
    row.add(whole);
  }

  private static String joined(List<Argument> parts) {
    return String.join("_", parts.stream().map(Argument::name).toList());
  }

  private static Argument option(ArrayDeque<String> words) {
    var choices = new ArrayList<Argument>();
    do {
      List<Argument> row = sequence(words);
      choices.add(row.size() == 1 ? row.get(0) : new Argument(joined(row), "block", null, false, false, row));
    } while (words.remove().equals("|"));
    if (choices.size() == 1) {
      return choices.get(0).with(true, choices.get(0).multiple());
    }
    boolean onlyTokens = choices.stream().allMatch(choice -> choice.type().equals("pure-token"));
    return new Argument(onlyTokens ? "condition" : "option", "oneof", null, true, false, choices);
  }

  private static String typeOf(String name) {
    return switch (name) {
      case "key" -> "key";
      case "seconds", "milliseconds", "increment", "decrement", "index", "protover", "numreplicas", "timeout",
          "request-seq" ->
        "integer";
      case "unix-time-seconds", "unix-time-milliseconds" -> "unix-time";
      default -> "string";
    };
  }

  // ---- telling

  private static Reply asReply(List<Argument> list) {
    var items = new ArrayList<Reply>();
    list.forEach(argument -> items.add(asReply(argument)));
    return new Reply.Array(items);
  }

  private static Reply asReply(Argument argument) {
    var map = new ArrayList<Object>(List.of("name", argument.name(), "type", argument.type()));
    if (argument.parts().isEmpty()) {
      map.addAll(List.of("display_text", argument.name()));
    }
    if (argument.type().equals("key")) {
      map.addAll(List.of("key_spec_index", Reply.integer(0)));
    }
    String token = argument.token();
    if (token != null) {
      map.addAll(List.of("token", token));
    }
    var flags = new ArrayList<String>();
    if (argument.optional()) {
      flags.add("optional");
    }
    if (argument.multiple()) {
      flags.add("multiple");
    }
    if (!flags.isEmpty()) {
      map.addAll(List.of("flags", CommandReplies.simple(flags)));
    }
    if (!argument.parts().isEmpty()) {
      map.addAll(List.of("arguments", asReply(argument.parts())));
    }
    return CommandReplies.map(map.toArray());
  }
}
