package dev.stagewalk.board;

import dev.stagewalk.mmu.Features;
import java.util.Map;

/**
 * What kind of PE is simulated, as its identification registers say.
 *
 * @param name of the profile
 * @param identification values of read-only registers by name; fields of features that the engine
 *     does not implement are 0
 */
public record Profile(String name, Map<String, Long> identification) {

  /**
   * A PE with VHE, 48-bit physical addresses and all three granules, as Neoverse N1 reports it. Of
   * ID_AA64ISAR0_EL1, ISAR1 and PFR0 only what the engine executes is left.
   */
  public static final Profile NEOVERSE_N1 =
      new Profile(
          "neoverse-n1",
          Map.of(
              "MIDR_EL1", 0x413f_d0c1L,
              "MPIDR_EL1", 0x8000_0000L,
              "CTR_EL0", 0x8444_c004L,
              "ID_AA64PFR0_EL1", 0x01ff_0111L,
              "ID_AA64MMFR0_EL1", 0x0010_1125L,
              "ID_AA64MMFR1_EL1", 0x1021_2122L,
              "ID_AA64MMFR2_EL1", 0x1011L));

  public Profile {
    identification = Map.copyOf(identification);
  }

  /** What the MMU implements. */
  public Features features() {
    return Features.of(
        identification.getOrDefault("ID_AA64MMFR0_EL1", 0L),
        identification.getOrDefault("ID_AA64MMFR1_EL1", 0L),
        identification.getOrDefault("ID_AA64MMFR2_EL1", 0L));
  }
}
