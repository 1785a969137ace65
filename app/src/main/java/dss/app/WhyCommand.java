package dss.app;

import dss.core.cluster.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "why", mixinStandardHelpOptions = true, description = {
    "Where a key is and since when: its slot and shard, the copies with what they are and how far, the last move and what",
    "happened before it. Of a server: what it holds, what moves to or from it, what happened to it lately."}, footer = {
        "",
        "Example:  dss why user:17", "          dss why 127.0.0.1:7001 --json"})
final class WhyCommand implements Callable<Integer> {
  @Option(names = "--ecs", split = ",", converter = Converters.At.class, paramLabel = "H:P", defaultValue = "${env:DSS_ECS:-127.0.0.1:7000}", description = "RESP address of the ECS (${DEFAULT-VALUE})")
  List<Address> ecs = new ArrayList<>();

  @Option(names = "--json", description = "answer with one JSON document")
  boolean json;

  @Parameters(paramLabel = "KEY|HOST:PORT", description = "a key, or the RESP address of a server")
  String word = "";

  @Override
  public Integer call() throws Exception {
    Logging.quiet();
    List<String> command = json ? List.of("why", word, "--json") : List.of("why", word);
    try (var link = new AdminLink(ecs)) {
      new AdminSession(link, System.out, true).run(command);
    }
    return Exit.DONE;
  }
}
