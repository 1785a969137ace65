package dss.bench;

/** Who is told how far a run is, some times a second, on the thread that runs it. */
public interface BenchListener {
  /**
   * Where it is.
   *
   * @param done of this phase, 0 to 1
   * @param what in a few words
   */
  void progress(double done, String what);
}
