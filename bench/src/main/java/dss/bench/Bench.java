package dss.bench;

import dss.wire.Transport;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One run of the load generator: connects, fills, warms up, measures. For one thread, once. */
public final class Bench {
  private static final long CONNECT_SECONDS = 10;
  private static final long PROGRESS_MS = 200;
  private static final long STAGE_MS = 20;
  private static final double NANOS = 1e9;

  private final BenchSettings settings;
  private final BenchListener listener;
  private final List<LoadLoop> loops = new ArrayList<>();

  public Bench(BenchSettings settings, BenchListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /** One phase, measured. */
  private record Measured(Totals totals, Counts counts, double seconds) {}

  /**
   * Blocks until the run is over.
   *
   * @throws NobodyAnswers where no server does, at the start or later
   * @throws IOException where a server answers, but not as one that could be measured
   */
  public BenchReport run() throws IOException, InterruptedException {
    try (Maps maps = Maps.open(settings);
        Transport transport = Transport.create("bench", settings.load().threads())) {
      if (!transport.isEpoll()) {
        throw new IOException("the load generator needs epoll: Linux on x86-64 or aarch64");
      }
      try {
        connect(maps, transport);
        return measure(maps, new CpuMeter(threads(transport), settings.pids()));
      } finally {
        loops.forEach(LoadLoop::close);
      }
    }
  }

  private void connect(Maps maps, Transport transport) throws IOException, InterruptedException {
    Load load = settings.load();
    var values = new ValuePool(settings.keySpace().valueBytes(), settings.seed());
    int servers = maps.map().servers().size();
    for (int i = 0; i < load.threads(); i++) {
      loops.add(new LoadLoop(transport.loops().get(i), i, load.connectionsOf(i, servers), settings, maps,
          values));
    }
    var all = loops.stream().map(LoadLoop::connect).toArray(CompletableFuture<?>[]::new);
    try {
      await(CompletableFuture.allOf(all), CONNECT_SECONDS * 1000);
    } catch (TimeoutException e) {
      throw new NobodyAnswers("not all connections could be made within " + CONNECT_SECONDS + " s");
    }
    maps.tell(map -> loops.forEach(loop -> loop.adopt(map)));
  }

  private static List<Long> threads(Transport transport) throws IOException, InterruptedException {
    var ids = new ArrayList<Long>();
    for (var loop : transport.loops()) {
      try {
        ids.add(await(loop.submit(() -> Thread.currentThread().threadId()), CONNECT_SECONDS * 1000));
      } catch (TimeoutException e) {
        throw new IOException("a loop does not answer", e);
      }
    }
    return ids;
  }

  private BenchReport measure(Maps maps, CpuMeter cpu) throws IOException, InterruptedException {
    Load load = settings.load();
    Double fill = null;
    if (load.fill()) {
      Measured filled = run(Phase.fill(settings.keySpace()));
      refuseFailures(filled);
      fill = filled.seconds;
    }
    long warmup = load.warmup().isZero() ? 0 : run(Phase.warmup(settings)).totals.operations();
    Instant started = Instant.now();
    CpuMeter.Reading before = cpu.read();
    Measured measured = run(Phase.measured(settings));
    return report(maps.map(), started, measured, cpu.read().since(before), warmup, fill);
  }

  private static void refuseFailures(Measured filled) throws IOException {
    for (var error : filled.counts.errors.entrySet()) {
      throw new IOException("--fill: " + error.getValue() + " keys could not be written: "
          + filled.counts.examples.get(error.getKey()));
    }
  }

  /** Runs a phase on all loops at once. */
  private Measured run(Phase phase) throws IOException, InterruptedException {
    Stages stages = phase.isMeasured() && settings.stages() != null ? new Stages(settings.stages()) : null;
    var totals = new Totals(loops.size(), stages);
    long begin = System.nanoTime();
    var running = loops.stream().map(loop -> loop.run(phase, totals, begin)).toList();
    CompletableFuture<?> all = CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new));
    // One that fails ends the run, whatever the others do.
    running.forEach(one -> one.whenComplete((tally, failure) -> {
      if (failure != null) {
        all.completeExceptionally(failure);
      }
    }));
    awaitAll(all, phase, totals, stages, begin);
    totals.end();
    var counts = new Counts();
    long last = begin;
    for (var one : running) {
      Tally tally = one.join();
      counts.plus(tally.counts());
      last = Math.max(last, tally.lastReply());
    }
    return new Measured(totals, counts, (last - begin) / NANOS);
  }

  private void awaitAll(Future<?> all, Phase phase, Totals totals, @Nullable Stages stages, long begin)
      throws IOException, InterruptedException {
    while (true) {
      try {
        await(all, stages == null ? PROGRESS_MS : STAGE_MS);
        return;
      } catch (TimeoutException e) {
        long elapsed = System.nanoTime() - begin;
        if (stages != null) {
          stages.look((int) (elapsed / NANOS));
          if (stages.ended()) {
            loops.forEach(LoadLoop::stop);
          }
        }
        double done = phase.nanos() == Phase.UNBOUNDED
            ? (double) totals.operations() / phase.requests()
            : (double) elapsed / phase.nanos();
        listener.progress(Math.min(1, done), words(phase, totals));
      }
    }
  }

  private static String words(Phase phase, Totals totals) {
    List<Second> seconds = totals.seconds();
    return seconds.isEmpty()
        ? phase.name()
        : phase.name() + ", " + seconds.get(seconds.size() - 1).operations() + " ops/s";
  }

  private static <T> T await(Future<T> future, long ms)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return future.get(ms, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw cause instanceof RuntimeException bug ? bug : new IllegalStateException(cause);
    }
  }

  private BenchReport report(ClusterMap map, Instant started, Measured measured, CpuMeter.Reading cpu,
      long warmup, @Nullable Double fill) throws IOException {
    Counts counts = measured.counts;
    var kinds = new ArrayList<KindReport>();
    Histogram latencies = Latencies.create();
    for (Mix.Share share : settings.load().mix().shares()) {
      int kind = share.kind().ordinal();
      Histogram one = measured.totals.latencies(share.kind());
      latencies.add(one);
      kinds.add(KindReport.of(share.kind().word(), one, measured.seconds, counts.errorsByKind[kind],
          counts.absentByKind[kind]));
    }
    long errors = kinds.stream().mapToLong(KindReport::errors).sum();
    if (latencies.getTotalCount() + errors == 0) {
      throw new NobodyAnswers("no operation was answered");
    }
    long absent = kinds.stream().mapToLong(KindReport::absent).sum();
    List<Second> seconds = measured.totals.seconds().stream()
        .filter(one -> one.second() < measured.seconds).toList();
    int connections = loops.stream().mapToInt(LoadLoop::connections).sum();
    return new BenchReport(settings, started, map.isCluster(), map.servers(), connections, measured.seconds,
        kinds, KindReport.of("all", latencies, measured.seconds, errors, absent), counts.errors,
        counts.examples, counts.retries, counts.redirects, counts.reconnects, counts.unsent,
        counts.unanswered, seconds, measured.totals.stages(),
        new BenchReport.Cpu(cpu.process(), cpu.loops(), cpu.servers()), warmup,
        fill);
  }
}
