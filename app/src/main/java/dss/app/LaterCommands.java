package dss.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands whose names are taken and that this version does not have yet. */
final class LaterCommands {
  private LaterCommands() {}

  private abstract static class Later implements Callable<Integer> {
    @Parameters(arity = "0..*", hidden = true)
    List<String> rest = new ArrayList<>();

    private final String name;

    Later(String name) {
      this.name = name;
    }

    @Override
    public Integer call() throws CommandFailed {
      throw new CommandFailed(Exit.REFUSED, "'dss " + name + "' is not in this version yet");
    }
  }

  @Command(name = "drill", description = "Faults on running processes (not in this version yet).", mixinStandardHelpOptions = true)
  static final class Drill extends Later {
    Drill() {
      super("drill");
    }
  }
}
