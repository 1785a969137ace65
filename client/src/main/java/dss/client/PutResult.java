package dss.client;

/** What a put found. */
public enum PutResult {
  /** The key is new (PUT_SUCCESS). */
  NEW,
  /** The key had a value, which is replaced (PUT_UPDATE). */
  UPDATED
}
