package dss.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command as a client sent it: its name and arguments, at least one. Immutable; the arguments are
 * views of one array that belongs to this request alone.
 */
public final class Request {
  private final Bytes[] arguments;
  private final @Nullable String refusal;

  private Request(Bytes[] arguments, @Nullable String refusal) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("a request has at least a name");
    }
    this.arguments = arguments;
    this.refusal = refusal;
  }

  private Request(Bytes[] arguments) {
    this(arguments, null);
  }

  /** Trusts its caller not to change the array afterwards. */
  public static Request wrap(Bytes[] arguments) {
    return new Request(arguments);
  }

  /** A request that was too large to be kept: only its name is left, and the error to answer it with. */
  public static Request refused(Bytes name, String error) {
    return new Request(new Bytes[]{name}, error);
  }

  public static Request of(String... words) {
    var arguments = new Bytes[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = Bytes.utf8(words[i]);
    }
    return new Request(arguments);
  }

  public static Request of(List<Bytes> words) {
    return new Request(words.toArray(new Bytes[0]));
  }

  /** How many words there are, the name included. */
  public int size() {
    return arguments.length;
  }

  /** Word {@code index}; 0 is the name. */
  public Bytes get(int index) {
    return arguments[index];
  }

  /** The error line that answers this request, where it was too large to be kept; null for a whole one. */
  public @Nullable String refusal() {
    return refusal;
  }

  /** Bytes of all words. */
  public long byteLength() {
    long sum = 0;
    for (Bytes argument : arguments) {
      sum += argument.length();
    }
    return sum;
  }

  public Bytes name() {
    return arguments[0];
  }

  /** The words from {@code from} on as a request of their own (DSS.ONCE carries one inside). */
  public Request tail(int from) {
    return new Request(java.util.Arrays.copyOfRange(arguments, from, arguments.length));
  }

  public List<Bytes> words() {
    return List.of(arguments);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Request r && words().equals(r.words());
  }

  @Override
  public int hashCode() {
    return words().hashCode();
  }

  @Override
  public String toString() {
    return words().toString();
  }
}
