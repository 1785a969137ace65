package dss.core.cluster;

/** Which DSS this is. */
public final class DssVersion {
  public static final String TEXT = "0.1.0";
  /** What Redis clients take us for: they choose features by it. */
  public static final String REDIS = "7.2.4";

  private DssVersion() {}
}
