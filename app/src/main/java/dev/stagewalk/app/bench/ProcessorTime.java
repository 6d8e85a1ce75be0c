package dev.stagewalk.app.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The time that processors have spent on something, so that what else the computer does matters
 * little; where the system does not tell, the time of the clock.
 *
 * @param seconds since some moment
 */
record ProcessorTime(double seconds) {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** Places behind the name of the program: those of user and system time of children. */
  private static final int CHILDREN_USER = 13;

  private static final int CHILDREN_SYSTEM = 14;

  /** Linux counts in hundredths of a second for every program. */
  private static final double TICK = 0.01;

  /** Of this program, with its compiler and garbage collector. */
  static ProcessorTime ofThisProgram() {
    long nanos =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime()
            : -1;
    return nanos < 0 ? ofClock() : new ProcessorTime(nanos / 1e9);
  }

  /** Of the programs it has started that have ended. */
  static ProcessorTime ofChildren() {
    if (Files.isReadable(STAT)) {
      try {
        String text = Files.readString(STAT);
        String[] words = text.substring(text.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(words[CHILDREN_USER]) + Long.parseLong(words[CHILDREN_SYSTEM]);
        return new ProcessorTime(ticks * TICK);
      } catch (IOException e) {
        return ofClock();
      }
    }
    return ofClock();
  }

  private static ProcessorTime ofClock() {
    return new ProcessorTime(System.nanoTime() / 1e9);
  }

  double secondsUntil(ProcessorTime later) {
    return later.seconds - seconds;
  }
}
