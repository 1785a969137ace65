package dss.bench;

import java.util.Map;
import java.util.TreeMap;

/** What did not go as it should, and what was missing. Not safe for threads. */
final class Counts {
  /** Different first words that are told apart: a server that answers with random words must not fill the memory. */
  private static final int MOST_WORDS = 100;

  final long[] errorsByKind = new long[Kind.values().length];
  final long[] absentByKind = new long[Kind.values().length];
  final Map<String, Long> errors = new TreeMap<>();
  /** The first error of each word as it was sent. */
  final Map<String, String> examples = new TreeMap<>();
  final Map<String, Long> retries = new TreeMap<>();
  long redirects;
  long reconnects;
  long unsent;
  long unanswered;

  void failed(Kind kind, String word, String line) {
    errorsByKind[kind.ordinal()]++;
    add(errors, word, 1);
    if (errors.containsKey(word)) {
      examples.putIfAbsent(word, line);
    }
  }

  void retried(String word) {
    add(retries, word, 1);
  }

  private static void add(Map<String, Long> counts, String word, long count) {
    counts.merge(counts.containsKey(word) || counts.size() < MOST_WORDS ? word : "(other)", count, Long::sum);
  }

  void plus(Counts other) {
    for (int kind = 0; kind < errorsByKind.length; kind++) {
      errorsByKind[kind] += other.errorsByKind[kind];
      absentByKind[kind] += other.absentByKind[kind];
    }
    other.errors.forEach((word, count) -> add(errors, word, count));
    other.examples.forEach(examples::putIfAbsent);
    other.retries.forEach((word, count) -> add(retries, word, count));
    redirects += other.redirects;
    reconnects += other.reconnects;
    unsent += other.unsent;
    unanswered += other.unanswered;
  }
}
