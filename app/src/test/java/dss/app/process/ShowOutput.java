package dss.app.process;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Where a test fails, shows what the processes have written. */
final class ShowOutput implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
    show(context);
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context);
    throw failure;
  }

  private static void show(ExtensionContext context) {
    System.out.println("==== " + context.getDisplayName() + " failed; what the processes wrote:");
    System.out.println(DssProcess.outputs());
    System.out.println(Ecs.lastEvents());
    System.out.println("====");
  }
}
