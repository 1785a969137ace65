package dss.bench;

import java.io.IOException;

/** No server answers, or none does any more: the message says where. */
public final class NobodyAnswers extends IOException {
  private static final long serialVersionUID = 1;

  NobodyAnswers(String message) {
    super(message);
  }
}
