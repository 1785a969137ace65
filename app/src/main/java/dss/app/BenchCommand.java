package dss.app;

import dss.bench.Bench;
import dss.bench.BenchReport;
import dss.bench.BenchSettings;
import dss.bench.Distribution;
import dss.bench.Endpoint;
import dss.bench.KeySpace;
import dss.bench.Load;
import dss.bench.Mix;
import dss.bench.NobodyAnswers;
import dss.bench.Picture;
import dss.bench.Protocol;
import dss.bench.ReportCsv;
import dss.bench.ReportJson;
import dss.bench.ReportPlot;
import dss.bench.ReportText;
import dss.core.cluster.Address;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "bench", mixinStandardHelpOptions = true, usageHelpWidth = 100, description = {
    "The load generator: sends operations to a cluster, to one Redis server, or to etcd, and says how many a second were done, how long they took, and what they cost.",
    "Without --rate it is a closed loop: each connection awaits its replies before it goes on. With --rate operations are due at that rate, whatever the replies, and latency counts from then."}, footer = {
        "", "Keys are key:000000000000 and on (counter:... for incr); values are random text.",
        "Each connection stays with one server, and asks it for keys of its slots only; --clients ask whichever has the key.",
        "docs/bench.md says how to read the figures, and names the fields of --json.",
        "Exits with 1 where all operations fail, with 3 where nobody answers.", "",
        "Example:  dss bench --fill --seconds 20",
        "          dss bench --mix get=9,set=1 --distribution zipf --warmup 5 --seconds 30 --plot run.svg",
        "          dss bench --rate 5000 --seconds 60 --json >run.json",
        "          dss bench --server 127.0.0.1:6379 --pipeline 16 --requests 1000000 --pids $(pidof redis-server)",
        "          dss bench --protocol etcd --server 127.0.0.1:2379,127.0.0.1:2381 --pids $(pidof etcd | tr ' ' ,)"})
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--server", split = ",", converter = Converters.At.class, paramLabel = "H:P", defaultValue = "${env:DSS_SERVER:-127.0.0.1:7001}", description = "servers to ask who owns which slot (${DEFAULT-VALUE})")
  List<Address> servers = new ArrayList<>();

  @Option(names = "--protocol", paramLabel = "NAME", defaultValue = "redis", description = "redis, or etcd: clients spread over the members that --server names, set and get only (${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init")
  String protocol;

  @Option(names = "--connections", paramLabel = "N", defaultValue = "50", description = "clients, one connection each, spread over the servers: at least one to each (${DEFAULT-VALUE})")
  int connections;

  @Option(names = "--clients", paramLabel = "N", description = "instead of --connections: clients of all servers, each with a connection to every one of them and one operation at a time")
  @Nullable
  Integer clients;

  @Option(names = "--reconnect", description = "a new connection for each batch: for each operation, unless --pipeline")
  boolean reconnect;

  @Option(names = "--pipeline", paramLabel = "N", defaultValue = "1", description = "requests that a client sends at once (${DEFAULT-VALUE})")
  int pipeline;

  @Option(names = "--size", paramLabel = "BYTES", converter = Converters.Size.class, defaultValue = "100", description = "of each value (${DEFAULT-VALUE})")
  long size;

  @Option(names = "--keys", paramLabel = "N", defaultValue = "1000000", description = "how many keys there are (${DEFAULT-VALUE})")
  long keys;

  @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "what the names of keys begin with; a hash tag, such as {a}, puts all into one slot, so on one server")
  @SuppressWarnings("NullAway.Init")
  String prefix;

  @Option(names = "--distribution", paramLabel = "NAME", defaultValue = "uniform", description = "uniform, zipf or sequential (${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init")
  String distribution;

  @Option(names = "--zipf", paramLabel = "S", defaultValue = "0.99", description = "key number i is drawn as often as 1/i^S (${DEFAULT-VALUE})")
  double zipf;

  @Option(names = "--mix", paramLabel = "KIND=WEIGHT,...", defaultValue = "set=1", description = "of set, get, incr, mset (10 keys of one slot), append, del (${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init")
  String mix;

  @Option(names = "--requests", paramLabel = "N", description = "ends after so many")
  @Nullable
  Long requests;

  @Option(names = "--seconds", paramLabel = "S", converter = Converters.Time.class, description = "ends after so long (10, unless --requests)")
  @Nullable
  Duration seconds;

  @Option(names = "--warmup", paramLabel = "S", converter = Converters.Time.class, defaultValue = "0", description = "the same load before, not measured (${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init")
  Duration warmup;

  @Option(names = "--timeout", paramLabel = "S", converter = Converters.Time.class, defaultValue = "5", description = "without a reply for so long a connection is made again, and its requests are sent again (${DEFAULT-VALUE})")
  @SuppressWarnings("NullAway.Init")
  Duration timeout;

  @Option(names = "--rate", paramLabel = "OPS", description = "operations a second that are due (an open loop)")
  @Nullable
  Double rate;

  @Option(names = "--fill", description = "write every key once before, not measured")
  boolean fill;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of what is drawn (${DEFAULT-VALUE})")
  long seed;

  @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "event loops that share the connections (${DEFAULT-VALUE})")
  int threads;

  @Option(names = "--pids", split = ",", paramLabel = "PID", description = "server processes on this machine whose CPU time is told")
  List<Long> pids = new ArrayList<>();

  @Option(names = "--json", description = "print one JSON document instead of the table")
  boolean json;

  @Option(names = "--csv", paramLabel = "FILE", description = "write a row for each second")
  @Nullable
  Path csv;

  @Option(names = "--stages", paramLabel = "FILE", description = "a row for each stretch of the run that is named in this file while it goes on; \"end\" ends it")
  @Nullable
  Path stages;

  @Option(names = "--plot", paramLabel = "FILE.png|FILE.svg", description = "draw throughput and p99 over the seconds")
  @Nullable
  Path plot;

  @Option(names = "--quiet", description = "no progress")
  boolean quiet;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws CommandFailed, IOException, InterruptedException {
    Logging.quiet();
    BenchSettings settings = settings();
    var progress = new Progress(quiet);
    BenchReport report;
    try {
      report = new Bench(settings, progress::show).run();
    } catch (NobodyAnswers e) {
      throw new CommandFailed(Exit.NOBODY,
          e.getMessage() + ": is it running? Name a server with --server HOST:PORT");
    } finally {
      progress.done();
    }
    if (json) {
      out.println(ReportJson.text(report));
    } else {
      ReportText.lines(report).forEach(out::println);
    }
    if (csv != null) {
      ReportCsv.write(report, csv);
    }
    if (plot != null) {
      ReportPlot.write(report, plot);
    }
    if (report.all().operations() == 0) {
      throw new CommandFailed(Exit.REFUSED, "all " + report.all().errors() + " operations failed: "
          + String.join("; ", report.examples().values()));
    }
    return Exit.DONE;
  }

  private BenchSettings settings() {
    try {
      requireFolder(csv);
      requireFolder(plot);
      if (plot != null && !Picture.is(plot)) {
        throw new IllegalArgumentException("--plot draws FILE.png or FILE.svg, not " + plot);
      }
      if (rate != null && rate <= 0) {
        throw new IllegalArgumentException("--rate is a number of operations a second, not " + rate);
      }
      var use = new Load.Clients(clients != null, reconnect);
      var load = new Load(Mix.parse(mix), clients == null ? connections : clients, pipeline, threads,
          rate == null ? 0 : rate,
          requests == null ? 0 : requests, Load.time(requests, seconds), warmup, timeout, fill, use);
      var keySpace = new KeySpace(keys, Distribution.parse(distribution), zipf,
          KeySpace.valueBytes(size), prefix);
      List<Endpoint> seeds = servers.stream().map(at -> new Endpoint(at.host(), at.port())).toList();
      return new BenchSettings(Protocol.parse(protocol), seeds, load, keySpace, pids, seed, stages);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Said before the run, not after it. */
  private static void requireFolder(@Nullable Path file) {
    Path folder = file == null ? null : file.toAbsolutePath().getParent();
    if (file != null && (Files.isDirectory(file) || folder == null || !Files.isWritable(folder))) {
      throw new IllegalArgumentException("no file can be written at " + file);
    }
  }
}
