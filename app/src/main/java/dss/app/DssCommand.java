package dss.app;

import dss.core.cluster.DssVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "dss", mixinStandardHelpOptions = true, version = "dss "
    + DssVersion.TEXT, description = "DSS, the Distributed Storage Service: a key-value store on equal servers around a ring.", subcommands = {
        DevCommand.class, EcsCommand.class, ServerCommand.class, AdminCommand.class,
        ClientCommand.class, SimCommand.class, CheckHistoryCommand.class, BenchCommand.class,
        PlotCommand.class, WhyCommand.class,
        DrillCommand.class}, footer = {"", "Begin with:  dss dev",
            "then, in another terminal:  redis-cli -c -p 7001"})
final class DssCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a subcommand is missing");
  }
}
