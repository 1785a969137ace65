package dss.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** How busy the cores are that this process may use, whoever keeps them so. Loop only. */
final class MachineLoad {
  /** Above it whatever is begun makes something else wait. */
  private static final double BUSY = 0.85;

  private final @Nullable OperatingSystemMXBean system = ManagementFactory
      .getOperatingSystemMXBean() instanceof OperatingSystemMXBean known ? known : null;

  /** Since this was asked last, be it long ago; false where it is not known. */
  boolean isBusy() {
    return system != null && system.getCpuLoad() > BUSY;
  }
}
