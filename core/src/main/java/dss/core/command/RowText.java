package dss.core.command;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A row being written: what most rows share is left out, ACL categories follow from flags and group as in Redis. */
final class RowText {
  private final String name;
  private final int arity;
  private final String group;
  private String flags = "";
  private int first;
  private int last;
  private int step;
  private String keyFlags = "";
  private String tips = "";
  private String syntax = "";
  private String complexity = "O(1)";
  private String extraCategories = "";
  private List<CommandSpec> subcommands = List.of();

  private RowText(String name, int arity, String group) {
    this.name = name;
    this.arity = arity;
    this.group = group;
  }

  static RowText row(String name, int arity, String group) {
    return new RowText(name, arity, group);
  }

  /** Separated by spaces. */
  RowText flags(String words) {
    flags = words;
    return this;
  }

  RowText key(String howUsed) {
    return keys(1, 1, 1, howUsed);
  }

  RowText keys(int firstKey, int lastKey, int keyStep, String howUsed) {
    first = firstKey;
    last = lastKey;
    step = keyStep;
    keyFlags = howUsed;
    return this;
  }

  RowText syntax(String words) {
    syntax = words;
    return this;
  }

  RowText complexity(String text) {
    complexity = text;
    return this;
  }

  RowText tips(String words) {
    tips = words;
    return this;
  }

  RowText categories(String words) {
    extraCategories = words;
    return this;
  }

  RowText subcommands(CommandSpec... rows) {
    subcommands = List.of(rows);
    return this;
  }

  void addTo(CommandTable.TableBuilder table, String since, String summary) {
    table.add(spec(since, summary),
        new CommandDetail(syntax, complexity, words(keyFlags), words(tips), subcommands));
  }

  CommandSpec spec(String since, String summary) {
    return new CommandSpec(name, arity, Set.copyOf(words(flags)), first, last, step, aclCategories(), summary,
        group,
        since);
  }

  private Set<String> aclCategories() {
    List<String> has = words(flags);
    var categories = new LinkedHashSet<String>();
    if (has.contains("write")) {
      categories.add("@write");
    }
    if (has.contains("readonly")) {
      categories.add("@read");
    }
    if (has.contains("admin")) {
      categories.add("@admin");
      categories.add("@dangerous");
    }
    categories.add(has.contains("fast") ? "@fast" : "@slow");
    for (String word : words(extraCategories)) {
      categories.add("@" + word);
    }
    return categories;
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
