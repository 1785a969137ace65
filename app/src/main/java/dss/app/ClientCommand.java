package dss.app;

import dss.client.Endpoint;
import dss.core.cluster.Address;
import dss.protocol.Bytes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "client", mixinStandardHelpOptions = true, description = {
    "The client: with a command it runs that one, without it reads commands from the terminal or a pipe.",
    "Tries for up to 15 s while servers fail, move keys or start; a write takes effect once."}, footer = {"",
        ClientSession.HELP, "",
        "A line is split as by redis-cli (quotes, \\xHH); unquoted, everything after the key is the value.",
        "A key or value with a line end in it is printed in quotes, so that each reply is one line.",
        "Exits with 1 where the reply is an error (GET_ERROR and DELETE_ERROR too), with 3 where nobody answers.",
        "", "Example:  dss client put greeting hello world",
        "          dss client --server 127.0.0.1:7002 get greeting",
        "          printf 'put a 1\\nget a\\n' | dss client"})
final class ClientCommand implements Callable<Integer> {
  @Option(names = "--server", split = ",", converter = Converters.At.class, paramLabel = "H:P", defaultValue = "${env:DSS_SERVER:-127.0.0.1:7001}", description = "servers to ask first (${DEFAULT-VALUE})")
  List<Address> servers = new ArrayList<>();

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "one command and its words")
  List<String> words = new ArrayList<>();

  private final PrintStream out = System.out;
  /** Of the last command, and whether lines are still to be read. */
  private int status = Exit.DONE;

  @Override
  public Integer call() throws Exception {
    Logging.quiet();
    List<Endpoint> seeds = servers.stream().map(at -> new Endpoint(at.host(), at.port())).toList();
    String level = System.getenv().getOrDefault("DSS_LOG", "info").toLowerCase(Locale.ROOT);
    try (var session = new ClientSession(ClientLink::open, seeds, System.err, level)) {
      return words.isEmpty() ? lines(session) : one(session);
    }
  }

  private int one(ClientSession session) throws CommandFailed {
    ClientSession.Outcome outcome = session.words(words.stream().map(Bytes::utf8).toList());
    if (outcome.status() == Exit.NOBODY) {
      throw nobody();
    }
    print(outcome);
    return outcome.status();
  }

  private int lines(ClientSession session) throws IOException, InterruptedException, CommandFailed {
    boolean terminal = Console.isTerminal();
    Console.run("dss> ", line -> {
      ClientSession.Outcome outcome = session.line(line.getBytes(StandardCharsets.ISO_8859_1));
      if (outcome == null) {
        return true;
      }
      print(outcome);
      status = outcome.status();
      // A script does not wait so long again for each of its lines.
      return !session.hasEnded() && (terminal || status != Exit.NOBODY);
    });
    if (!terminal && status == Exit.NOBODY) {
      throw nobody();
    }
    return Exit.DONE;
  }

  private CommandFailed nobody() {
    return new CommandFailed(Exit.NOBODY, "no server answers at "
        + String.join(", ", servers.stream().map(Address::toString).toList()) + " within "
        + ClientSession.PATIENCE.toSeconds() + " s: is dss server running? Name one with --server HOST:PORT");
  }

  private void print(ClientSession.Outcome outcome) {
    Bytes line = outcome.line();
    out.write(line.array(), line.arrayOffset(), line.length());
    out.write('\n');
    out.flush();
  }
}
