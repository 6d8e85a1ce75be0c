package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.Stage1Registers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The registers of stage 1, and whose they are. */
final class Stage1Options {
  private static final long SCTLR_MMU_AND_CACHES = 1L | 1L << 2 | 1L << 12;

  @Option(
      names = "--regime",
      paramLabel = "EL1|EL2|EL2-0",
      defaultValue = "EL1",
      description = "whose VA it is: EL1&0, EL2, or EL2&0 of a host (default: ${DEFAULT-VALUE})")
  private String regime = "";

  @Option(names = "--tcr", paramLabel = "VALUE", description = "TCR_EL1, or of that regime")
  private @Nullable String tcr;

  @Option(names = "--ttbr0", paramLabel = "VALUE", description = "TTBR0_EL1, or of that regime")
  private @Nullable String ttbr0;

  @Option(names = "--ttbr1", paramLabel = "VALUE", description = "TTBR1_EL1, or of that regime")
  private @Nullable String ttbr1;

  @Option(names = "--mair", paramLabel = "VALUE", description = "MAIR_EL1, or of that regime")
  private @Nullable String mair;

  @Option(
      names = "--sctlr",
      paramLabel = "VALUE",
      description = "SCTLR_EL1, or of that regime (default: M, C and I are set)")
  private @Nullable String sctlr;

  boolean isGiven() {
    return tcr != null || ttbr0 != null || ttbr1 != null || mair != null || sctlr != null;
  }

  /**
   * Whose VA it is.
   *
   * @throws IllegalArgumentException if there is no such regime
   */
  Regime regime() {
    return switch (regime.toUpperCase(Locale.ROOT)) {
      case "EL1" -> Regime.EL1_0;
      case "EL2" -> Regime.EL2;
      case "EL2-0" -> Regime.EL2_0;
      default ->
          throw new IllegalArgumentException("--regime is EL1, EL2 or EL2-0, not '" + regime + "'");
    };
  }

  private String suffix() {
    return regime() == Regime.EL1_0 ? "_EL1" : "_EL2";
  }

  /** What was given, by name. */
  Map<String, Long> registers() {
    Map<String, Long> given = new HashMap<>();
    put(given, "TCR", tcr);
    put(given, "TTBR0", ttbr0);
    put(given, "TTBR1", ttbr1);
    put(given, "MAIR", mair);
    put(given, "SCTLR", sctlr);
    return given;
  }

  private void put(Map<String, Long> given, String name, @Nullable String value) {
    if (value != null) {
      given.put(name + suffix(), WorldOptions.number(name + suffix(), value));
    }
  }

  /**
   * The registers of the regime.
   *
   * @throws IllegalArgumentException if TCR or both TTBRs are not known
   */
  Stage1Registers of(World world) {
    String suffix = suffix();
    boolean off =
        world.register("SCTLR" + suffix).isPresent() && (world.orZero("SCTLR" + suffix) & 1) == 0;
    if (!off) {
      require(world, "TCR", "--tcr");
      if (world.register("TTBR1" + suffix).isEmpty()) {
        require(world, "TTBR0", "--ttbr0");
      }
    }
    return new Stage1Registers(
        regime(),
        world.register("SCTLR" + suffix).orElse(SCTLR_MMU_AND_CACHES),
        world.orZero("TCR" + suffix),
        world.orZero("TTBR0" + suffix),
        world.orZero("TTBR1" + suffix),
        world.orZero("MAIR" + suffix),
        world.orZero("HCR_EL2"));
  }

  private void require(World world, String name, String option) {
    if (world.register(name + suffix()).isEmpty()) {
      throw new IllegalArgumentException(
          name
              + suffix()
              + " is not known: give "
              + option
              + " VALUE or --regs FILE; to translate an IPA by stage 2 alone use --ipa");
    }
  }
}
