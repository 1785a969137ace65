package dss.protocol;

/** Requests as bytes: an array of bulk strings, which every Redis server reads. Stateless. */
public final class RequestWriter {
  private RequestWriter() {}

  public static void write(OutBuffer out, Request request) {
    int words = request.size();
    ReplyWriter.number(out, '*', words);
    for (int i = 0; i < words; i++) {
      ReplyWriter.blob(out, '$', request.get(i));
    }
  }
}
