package dss.app;

import dss.core.cluster.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "admin", mixinStandardHelpOptions = true, description = "The ECS console's commands, for scripts. Waits up to 15 s for an ECS to answer.", footer = {
    "",
    "Commands: add HOST PORT, remove HOST PORT, rebalance, changes, cancel, resume, print, ring, events [N],",
    "why KEY|HOST:PORT, lock HOST PORT SECONDS, ecs add HOST PORT, ecs remove HOST PORT; help tells what they do",
    "", "Example:  dss admin add 127.0.0.1 7004", "          dss admin --ecs 127.0.0.1:7000 print --json"})
final class AdminCommand implements Callable<Integer> {
  @Option(names = "--ecs", split = ",", converter = Converters.At.class, paramLabel = "H:P", defaultValue = "${env:DSS_ECS:-127.0.0.1:7000}", description = "RESP address of the ECS (${DEFAULT-VALUE})")
  List<Address> ecs = new ArrayList<>();

  @Option(names = "--json", description = "answer with one JSON document")
  boolean json;

  @Option(names = "--no-wait", description = "do not wait until the data has moved")
  boolean noWait;

  @Option(names = "--plan", description = "of add, remove and rebalance: only show what would move")
  boolean plan;

  @Option(names = "--accept-data-loss", description = "of remove and rebalance: give up acknowledged writes that no living server has; what they would be is told without it")
  boolean acceptDataLoss;

  @Option(names = "--quiet", description = "no progress bar")
  boolean quiet;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "one command and its words")
  List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Logging.quiet();
    var command = new ArrayList<>(words);
    if (json) {
      command.add("--json");
    }
    if (noWait) {
      command.add("--no-wait");
    }
    if (plan) {
      command.add("--plan");
    }
    if (acceptDataLoss) {
      command.add("--accept-data-loss");
    }
    try (var link = new AdminLink(ecs)) {
      new AdminSession(link, System.out, quiet).run(command);
    }
    return Exit.DONE;
  }
}
