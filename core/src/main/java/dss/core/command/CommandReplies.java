package dss.core.command;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Replies to COMMAND and its subcommands, in the shapes of Redis 7.2. Immutable; safe for any thread. */
public final class CommandReplies {
  private static final Reply INVALID_COMMAND = Reply.error("ERR Invalid command specified");
  private static final Reply INVALID_ARITY = Reply
      .error("ERR Invalid number of arguments specified for command");
  private static final Reply NO_KEYS = Reply.error("ERR The command has no key arguments");
  private static final int ONCE_WORDS = 3;

  private final CommandTable table;

  public CommandReplies(CommandTable table) {
    this.table = table;
  }

  /** Answers a COMMAND request that {@link CommandCheck} let through. */
  public Reply command(Request request) {
    if (request.size() == 1) {
      return infos(table.all());
    }
    Bytes word = request.get(1);
    if (word.equalsIgnoreCase("COUNT")) {
      return Reply.integer(table.size());
    }
    if (word.equalsIgnoreCase("INFO")) {
      return info(request);
    }
    if (word.equalsIgnoreCase("DOCS")) {
      return docs(request);
    }
    if (word.equalsIgnoreCase("LIST")) {
      return list(request);
    }
    if (word.equalsIgnoreCase("GETKEYS")) {
      return getKeys(request.tail(2));
    }
    return word.equalsIgnoreCase("HELP")
        ? help()
        : Reply.error(Errors.unknownSubcommand(table.get("command"), word));
  }

  // ---- COMMAND, COMMAND INFO

  private Reply info(Request request) {
    if (request.size() == 2) {
      return infos(table.all());
    }
    var items = new ArrayList<Reply>();
    for (int i = 2; i < request.size(); i++) {
      CommandSpec spec = findWithSubcommand(request.get(i));
      items.add(spec == null ? Reply.NULL : info(spec));
    }
    return new Reply.Array(items);
  }

  private Reply infos(List<CommandSpec> specs) {
    var items = new ArrayList<Reply>();
    specs.forEach(spec -> items.add(info(spec)));
    return new Reply.Array(items);
  }

  private Reply info(CommandSpec spec) {
    CommandDetail detail = table.detail(spec);
    return Reply.array(Reply.bulk(spec.name()), Reply.integer(spec.arity()), words(spec.flags()),
        Reply.integer(spec.firstKey()), Reply.integer(spec.lastKey()), Reply.integer(spec.keyStep()),
        words(spec.categories()), bulks(detail.tips()), keySpecs(spec, detail), infos(detail.subcommands()));
  }

  private static Reply keySpecs(CommandSpec spec, CommandDetail detail) {
    if (!spec.isKeyed()) {
      return Reply.EMPTY_ARRAY;
    }
    int lastKey = spec.lastKey() >= 0 ? spec.lastKey() - spec.firstKey() : spec.lastKey();
    Reply begin = map("type", Reply.bulk("index"), "spec", map("index", Reply.integer(spec.firstKey())));
    Reply find = map("type", Reply.bulk("range"), "spec", map("lastkey", Reply.integer(lastKey), "keystep",
        Reply.integer(spec.keyStep()), "limit", Reply.integer(0)));
    return Reply.array(map("flags", simple(detail.keyFlags()), "begin_search", begin, "find_keys", find));
  }

  /** A command, or a subcommand written as in "client|setname". */
  private @Nullable CommandSpec findWithSubcommand(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) == '|') {
        CommandSpec parent = table.find(name.slice(0, i));
        return parent == null ? null : table.subcommand(parent, name.slice(i + 1, name.length()));
      }
    }
    return table.find(name);
  }

  // ---- COMMAND DOCS

  private Reply docs(Request request) {
    var items = new ArrayList<Reply>();
    if (request.size() == 2) {
      table.all().forEach(spec -> addDocs(items, spec));
    }
    for (int i = 2; i < request.size(); i++) {
      CommandSpec spec = findWithSubcommand(request.get(i));
      if (spec != null) {
        addDocs(items, spec);
      }
    }
    return new Reply.Map(items);
  }

  private void addDocs(List<Reply> items, CommandSpec spec) {
    CommandDetail detail = table.detail(spec);
    var docs = new ArrayList<Reply>(
        List.of(Reply.bulk("summary"), Reply.bulk(spec.summary()), Reply.bulk("since"),
            Reply.bulk(spec.since()), Reply.bulk("group"), Reply.bulk(spec.group()), Reply.bulk("complexity"),
            Reply.bulk(detail.complexity())));
    if (!detail.subcommands().isEmpty()) {
      var subcommands = new ArrayList<Reply>();
      detail.subcommands().forEach(sub -> addDocs(subcommands, sub));
      docs.add(Reply.bulk("subcommands"));
      docs.add(new Reply.Map(subcommands));
    } else if (!detail.syntax().isEmpty()) {
      docs.add(Reply.bulk("arguments"));
      docs.add(Syntax.parse(detail.syntax()).asReply());
    }
    items.add(Reply.bulk(spec.name()));
    items.add(new Reply.Map(docs));
  }

  // ---- COMMAND LIST, GETKEYS, HELP

  private Reply list(Request request) {
    if (request.size() == 2) {
      return names(spec -> true);
    }
    if (request.size() != 5 || !request.get(2).equalsIgnoreCase("FILTERBY")) {
      return Errors.SYNTAX;
    }
    Bytes by = request.get(3);
    Bytes what = request.get(4);
    if (by.equalsIgnoreCase("MODULE")) {
      return Reply.EMPTY_ARRAY;
    }
    if (by.equalsIgnoreCase("ACLCAT")) {
      String category = "@" + what.asUtf8().toLowerCase(java.util.Locale.ROOT);
      return names(spec -> spec.categories().contains(category));
    }
    return by.equalsIgnoreCase("PATTERN") ? names(spec -> Glob.matches(what, spec.name())) : Errors.SYNTAX;
  }

  private Reply names(Predicate<CommandSpec> chosen) {
    var items = new ArrayList<Reply>();
    for (CommandSpec spec : table.all()) {
      if (chosen.test(spec)) {
        items.add(Reply.bulk(spec.name()));
      }
      for (CommandSpec sub : table.subcommands(spec)) {
        if (chosen.test(sub)) {
          items.add(Reply.bulk(sub.name()));
        }
      }
    }
    return new Reply.Array(items);
  }

  private Reply getKeys(Request inner) {
    CommandSpec spec = table.find(inner.name());
    if (spec == null) {
      return INVALID_COMMAND;
    }
    if (!spec.arityFits(inner.size())) {
      return INVALID_ARITY;
    }
    if (spec.name().equals("dss.once")) {
      return getKeys(inner.tail(ONCE_WORDS));
    }
    if (!spec.isKeyed()) {
      return NO_KEYS;
    }
    var keys = new ArrayList<Reply>();
    spec.keyPositions(inner.size()).forEach(position -> keys.add(Reply.bulk(inner.get(position))));
    return new Reply.Array(keys);
  }

  private static Reply help() {
    return simple(
        List.of("COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:", "(no subcommand)",
            "    Return details about all commands.", "COUNT",
            "    Return the total number of commands in this server.",
            "LIST [FILTERBY <MODULE|ACLCAT|PATTERN> <value>]",
            "    Return a list of all commands in this server.",
            "INFO [<command-name> ...]", "    Return details about multiple commands.",
            "DOCS [<command-name> ...]",
            "    Return documentation details about multiple commands.", "GETKEYS <full-command>",
            "    Return the keys from a full command.", "HELP", "    Print this help."));
  }

  // ---- shapes

  static Reply map(Object... keysAndValues) {
    var items = new ArrayList<Reply>();
    for (Object item : keysAndValues) {
      items.add(item instanceof Reply reply ? reply : Reply.bulk((String) item));
    }
    return new Reply.Map(items);
  }

  /** Flags and categories: status lines, always in the same order. */
  private static Reply words(java.util.Set<String> words) {
    return simple(words.stream().sorted().toList());
  }

  static Reply simple(List<String> words) {
    var items = new ArrayList<Reply>();
    words.forEach(word -> items.add(new Reply.Simple(word)));
    return new Reply.Array(items);
  }

  private static Reply bulks(List<String> words) {
    var items = new ArrayList<Reply>();
    words.forEach(word -> items.add(Reply.bulk(word)));
    return new Reply.Array(items);
  }
}
