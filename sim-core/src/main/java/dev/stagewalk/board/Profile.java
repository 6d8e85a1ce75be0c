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

  /** The usual one: a PE with VHE, 48-bit physical addresses and all three granules. */
  public static final Profile NEOVERSE_N1 = Profiles.standard().require("neoverse-n1");

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
