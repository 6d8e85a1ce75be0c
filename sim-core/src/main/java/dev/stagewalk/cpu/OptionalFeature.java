package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Features that bring registers of their own, and the field of an identification register that says
 * whether a PE has them. Registers of a feature that stands nowhere here are UNDEFINED.
 *
 * <p>Source: Arm ARM, "The Armv8 architecture extensions"; the ID_AA64 registers.
 */
enum OptionalFeature {
  FEAT_PAN("ID_AA64MMFR1_EL1", 20, 1),
  FEAT_LOR("ID_AA64MMFR1_EL1", 16, 1),
  FEAT_VHE("ID_AA64MMFR1_EL1", 8, 1),
  FEAT_HCX("ID_AA64MMFR1_EL1", 40, 1),
  FEAT_UAO("ID_AA64MMFR2_EL1", 4, 1),
  FEAT_NV("ID_AA64MMFR2_EL1", 24, 1),
  FEAT_CCIDX("ID_AA64MMFR2_EL1", 20, 1),
  FEAT_TCR2("ID_AA64MMFR3_EL1", 0, 1),
  FEAT_SCTLR2("ID_AA64MMFR3_EL1", 4, 1),
  FEAT_S1PIE("ID_AA64MMFR3_EL1", 8, 1),
  FEAT_S1POE("ID_AA64MMFR3_EL1", 16, 1),
  FEAT_DIT("ID_AA64PFR0_EL1", 48, 1),
  FEAT_SVE("ID_AA64PFR0_EL1", 32, 1),
  FEAT_RAS("ID_AA64PFR0_EL1", 28, 1),
  FEAT_CSV2_2("ID_AA64PFR0_EL1", 56, 2),
  FEAT_BTI("ID_AA64PFR1_EL1", 0, 1),
  FEAT_SSBS2("ID_AA64PFR1_EL1", 4, 2),
  FEAT_MTE2("ID_AA64PFR1_EL1", 8, 2),
  FEAT_NMI("ID_AA64PFR1_EL1", 36, 1),
  FEAT_SME("ID_AA64PFR1_EL1", 24, 1),
  FEAT_FGT("ID_AA64MMFR0_EL1", 56, 1),
  FEAT_PMUv3("ID_AA64DFR0_EL1", 8, 1),
  FEAT_SPE("ID_AA64DFR0_EL1", 32, 1),
  FEAT_TRF("ID_AA64DFR0_EL1", 40, 1),
  FEAT_TRBE("ID_AA64DFR0_EL1", 44, 1);

  private static final Map<String, OptionalFeature> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  private final int index;
  private final int low;
  private final int least;

  OptionalFeature(String register, int low, int least) {
    this.index = SystemRegisters.index(register);
    this.low = low;
    this.least = least;
  }

  /** Whether the PE's identification registers say so. */
  boolean isIn(SystemRegisters system) {
    int field = (int) (system.get(index) >>> low) & 0xf;
    return field >= least && field != 0xf;
  }

  /** Whether a PE has this register. */
  static boolean allows(Register register, SystemRegisters system) {
    Optional<String> feature = register.feature();
    if (feature.isEmpty()) {
      return true;
    }
    OptionalFeature known = BY_NAME.get(feature.get());
    return known != null && known.isIn(system);
  }
}
