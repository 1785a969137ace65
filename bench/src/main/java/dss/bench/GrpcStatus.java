package dss.bench;

import org.jspecify.annotations.Nullable;

/** How a call of gRPC went, as a reply of Redis would say it. Stateless. */
final class GrpcStatus {
  static final String OK = "0";
  /** The word of what may go well later. */
  static final String UNAVAILABLE = "UNAVAILABLE";

  /** In the order of their numbers: gRPC's "Status codes and their use". */
  private static final String[] WORDS = {"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT",
      "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
      "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", UNAVAILABLE, "DATA_LOSS",
      "UNAUTHENTICATED"};

  private GrpcStatus() {}

  /** A line of error: the status' word, then what the server says of it. */
  static String line(@Nullable CharSequence status, @Nullable CharSequence message) {
    return word(status) + (message == null ? "" : " " + message);
  }

  private static String word(@Nullable CharSequence status) {
    if (status == null || !status.toString().matches("[0-9]{1,2}")) {
      return "UNKNOWN";
    }
    int number = Integer.parseInt(status.toString());
    return number < WORDS.length ? WORDS[number] : "UNKNOWN";
  }
}
