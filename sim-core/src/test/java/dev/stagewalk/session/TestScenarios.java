package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import java.util.List;

/** Scenarios of a few lines. */
public final class TestScenarios {
  public static final long CODE = 0x4000_0000L;
  public static final long START = CODE + Scenario.LOAD_OFFSET;
  public static final long HEAP = 0x4020_0000L;

  private TestScenarios() {}

  public static Scenario of(String source) {
    return of(source, "none");
  }

  public static Scenario of(String source, String defects) {
    return new Scenario(
        "test",
        "Test",
        "A test.",
        "test.s",
        source,
        Granule.K4,
        48,
        defects,
        List.of(
            new Scenario.Region("code", Scenario.Backing.CODE, CODE, 2 << 20),
            new Scenario.Region("heap", Scenario.Backing.ON_DEMAND, HEAP, 1 << 20)));
  }

  /** Two pages touched on demand, a call between, then the end. */
  public static Scenario twoPages() {
    return of(
        """
            ldr   x0, =0x40200000
            mov   x1, #1
            str   x1, [x0]
            hvc   #1
            add   x1, x1, #1
            str   x1, [x0, #4096]
            ldr   x2, [x0]
            hvc   #0
        """);
  }

  /** Goes on for ever without an exit. */
  public static Scenario endless() {
    return of("again: add x0, x0, #1\n b again\n");
  }

  /** Faults for ever where nothing is mapped, and is resumed each time. */
  public static Scenario livelock() {
    return of("ldr x0, =0x70000000\n str x0, [x0]\n hvc #0\n", "as-posted");
  }
}
