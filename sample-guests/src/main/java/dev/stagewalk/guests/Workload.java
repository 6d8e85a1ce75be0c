package dev.stagewalk.guests;

import java.util.List;

/**
 * A guest of the benchmark with a small hypervisor in A64 before it: one flat image that starts at
 * EL2 with the MMU off, at {@link #LOAD_ADDRESS}, and runs here as on any machine of that memory
 * map. Its guest executes at EL1 under four levels of both stages.
 *
 * @param name {@code w1} to {@code w6}
 * @param title what it does, in a few words
 * @param traps whether its measure is traps a second, and not instructions
 */
public record Workload(String name, String title, boolean traps) {
  /** Where the image is loaded and begins. */
  public static final long LOAD_ADDRESS = 0x4008_0000L;

  /** The label from which on a workload is measured. */
  public static final String MEASURED = "measured";

  /** The label at which it has ended. */
  public static final String FINISH = "finish";

  private static final List<Workload> ALL =
      List.of(
          new Workload("w1", "integer loop", false),
          new Workload("w2", "sieve and integer matrices", false),
          new Workload("w3", "copy over 64 MiB", false),
          new Workload("w4", "pointer chase over 16,384 pages", false),
          new Workload("w5", "storm of stage-2 faults", true),
          new Workload("w6", "storm of HVC", true));

  /** All of them. */
  public static List<Workload> all() {
    return ALL;
  }

  /**
   * Its A64 source.
   *
   * @param rounds how often it does what it does; 0 for only what comes before
   */
  public String source(int rounds) {
    return "        .equ    ROUNDS, "
        + rounds
        + "\n"
        + Catalogue.resource("bench.s")
        + Catalogue.resource(name + ".s");
  }
}
