package dss.sim;

import java.util.regex.Pattern;

/**
 * Which check a violation was seen by, without what is particular to a run. Two violations are of one kind if their
 * sentences differ in nothing but numbers (servers, shards, seqs, epochs, keys), what stands in brackets, and what
 * follows an entry's name; an exception is known by its class and the methods it came from. So a copy that is absent is
 * of another kind than one that lacks entries, and what does not heal for want of a primary is another one than copies
 * that differ: a schedule that is cut down is not to end with another bug than it began with.
 */
record ViolationKind(String words) {
  private static final Pattern EXCEPTION = Pattern
      .compile("exception ([\\w.$]+)(?:: .*)? at (\\S+\\(.*?\\) < \\S+\\(.*?\\))", Pattern.DOTALL);
  private static final Pattern LOCATION = Pattern.compile("\\([^)]*\\)");
  private static final Pattern OPERATION = Pattern.compile("(answered twice|entry #:#/#|Error| of c#).*",
      Pattern.DOTALL);
  private static final Pattern BRACKETS = Pattern.compile("\\[[^\\[\\]]*]");
  private static final Pattern KEY = Pattern.compile("(history of (?:writes to )?)\\S+");

  static ViolationKind of(String violation) {
    var exception = EXCEPTION.matcher(violation);
    if (exception.matches()) {
      return new ViolationKind(
          exception.group(1) + " at " + LOCATION.matcher(exception.group(2)).replaceAll(""));
    }
    String words = violation.replaceAll("[0-9]+", "#");
    for (String before = ""; !before.equals(words);) {
      before = words;
      words = BRACKETS.matcher(words).replaceAll("");
    }
    words = KEY.matcher(words).replaceAll("$1a key");
    boolean early = words.contains("before it was on its disk");
    return new ViolationKind(
        early ? "applied before it was on its disk" : OPERATION.matcher(words).replaceAll("$1"));
  }

  static boolean isOfHistory(String violation) {
    return violation.startsWith("the history of ");
  }
}
