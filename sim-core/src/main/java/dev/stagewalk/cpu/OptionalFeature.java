package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Features that bring registers of their own, and the field of an identification register that says
 * whether a PE has them. Registers of a feature that stands nowhere here are UNDEFINED.
 *
 * <p>Source: Arm ARM, "The Armv8 architecture extensions"; the ID_AA64 registers.
 */
enum OptionalFeature {
  FEAT_PAN("ID_AA64MMFR1_EL1", 20, 1),
  FEAT_MixedEnd("ID_AA64MMFR0_EL1", 8, 1),
  FEAT_MixedEndEL0("ID_AA64MMFR0_EL1", 16, 1),
  FEAT_LOR("ID_AA64MMFR1_EL1", 16, 1),
  FEAT_VHE("ID_AA64MMFR1_EL1", 8, 1),
  FEAT_HCX("ID_AA64MMFR1_EL1", 40, 1),
  FEAT_IDST("ID_AA64MMFR2_EL1", 36, 1),
  FEAT_PAN3("ID_AA64MMFR1_EL1", 20, 3),
  FEAT_TIDCP1("ID_AA64MMFR1_EL1", 52, 1),
  FEAT_TWED("ID_AA64MMFR1_EL1", 32, 1),
  FEAT_CMOW("ID_AA64MMFR1_EL1", 56, 1),
  FEAT_AFP("ID_AA64MMFR1_EL1", 44, 1),
  FEAT_EVT("ID_AA64MMFR2_EL1", 56, 1),
  FEAT_S2FWB("ID_AA64MMFR2_EL1", 40, 1),
  FEAT_LSE2("ID_AA64MMFR2_EL1", 32, 1),
  FEAT_IESB("ID_AA64MMFR2_EL1", 12, 1),
  FEAT_LSE("ID_AA64ISAR0_EL1", 20, 2),
  FEAT_CRC32("ID_AA64ISAR0_EL1", 16, 1),
  FEAT_RDM("ID_AA64ISAR0_EL1", 28, 1),
  FEAT_DotProd("ID_AA64ISAR0_EL1", 44, 1),
  FEAT_FlagM("ID_AA64ISAR0_EL1", 52, 1),
  FEAT_FlagM2("ID_AA64ISAR0_EL1", 52, 2),
  FEAT_DPB("ID_AA64ISAR1_EL1", 0, 1),
  FEAT_DPB2("ID_AA64ISAR1_EL1", 0, 2),
  FEAT_LRCPC("ID_AA64ISAR1_EL1", 20, 1),
  FEAT_LRCPC2("ID_AA64ISAR1_EL1", 20, 2),
  FEAT_SB("ID_AA64ISAR1_EL1", 36, 1),
  FEAT_XS("ID_AA64ISAR1_EL1", 56, 1),
  FEAT_SPECRES("ID_AA64ISAR1_EL1", 40, 1),
  FEAT_I8MM("ID_AA64ISAR1_EL1", 52, 1),
  FEAT_MOPS("ID_AA64ISAR2_EL1", 16, 1),
  FEAT_SSBS("ID_AA64PFR1_EL1", 4, 1),
  FEAT_FP16("ID_AA64PFR0_EL1", 16, 1),
  FEAT_FRINTTS("ID_AA64ISAR1_EL1", 32, 1),
  FEAT_JSCVT("ID_AA64ISAR1_EL1", 12, 1),
  FEAT_FCMA("ID_AA64ISAR1_EL1", 16, 1),
  FEAT_FHM("ID_AA64ISAR0_EL1", 48, 1),
  FEAT_RASv1p1("ID_AA64PFR0_EL1", 28, 2),
  FEAT_UAO("ID_AA64MMFR2_EL1", 4, 1),
  FEAT_NV("ID_AA64MMFR2_EL1", 24, 1),
  FEAT_NV2("ID_AA64MMFR2_EL1", 24, 2),
  FEAT_WFxT("ID_AA64ISAR2_EL1", 0, 2),
  FEAT_CCIDX("ID_AA64MMFR2_EL1", 20, 1),
  FEAT_TCR2("ID_AA64MMFR3_EL1", 0, 1),
  FEAT_SCTLR2("ID_AA64MMFR3_EL1", 4, 1),
  FEAT_S1PIE("ID_AA64MMFR3_EL1", 8, 1),
  FEAT_S1POE("ID_AA64MMFR3_EL1", 16, 1),
  FEAT_GICv3("ID_AA64PFR0_EL1", 24, 1),
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
  FEAT_ECV("ID_AA64MMFR0_EL1", 60, 1),
  FEAT_RNG("ID_AA64ISAR0_EL1", 60, 1),
  FEAT_PAuth("ID_AA64ISAR1_EL1", 4, 1),
  FEAT_Debugv8p1("ID_AA64DFR0_EL1", 0, 7),
  FEAT_PMUv3("ID_AA64DFR0_EL1", 8, 1),
  FEAT_SPE("ID_AA64DFR0_EL1", 32, 1),
  FEAT_TRF("ID_AA64DFR0_EL1", 40, 1),
  FEAT_TRBE("ID_AA64DFR0_EL1", 44, 1);

  private static final Map<String, OptionalFeature> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  private static final @Nullable OptionalFeature[] BY_REGISTER = byRegister();
  private static final boolean[] NOWHERE = nowhere();

  private static final long PAUTH_FIELDS = 0xff00_0ff0L;

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
    if (this == FEAT_PAuth) {
      // Any of the fields APA, API, GPA and GPI of the known or an own algorithm.
      return (system.get(index) & PAUTH_FIELDS) != 0;
    }
    if (this == FEAT_MixedEndEL0 && FEAT_MixedEnd.isIn(system)) {
      return true;
    }
    int field = (int) (system.get(index) >>> low) & 0xf;
    return field >= least && field != 0xf;
  }

  /** Whether a PE has the feature of this name; none has one that does not stand here. */
  static boolean isIn(String feature, SystemRegisters system) {
    OptionalFeature known = BY_NAME.get(feature);
    return known != null && known.isIn(system);
  }

  /** Whether a PE has this register. */
  static boolean allows(Register register, SystemRegisters system) {
    OptionalFeature feature = BY_REGISTER[register.index()];
    return feature == null ? !NOWHERE[register.index()] : feature.isIn(system);
  }

  /** The feature of each register; null where it needs none, or one that no PE here has. */
  private static @Nullable OptionalFeature[] byRegister() {
    @Nullable OptionalFeature[] features = new OptionalFeature[RegisterTable.standard().size()];
    for (Register register : RegisterTable.standard().all()) {
      features[register.index()] = register.feature().map(BY_NAME::get).orElse(null);
    }
    return features;
  }

  private static boolean[] nowhere() {
    boolean[] nowhere = new boolean[RegisterTable.standard().size()];
    for (Register register : RegisterTable.standard().all()) {
      nowhere[register.index()] =
          register.feature().isPresent() && BY_REGISTER[register.index()] == null;
    }
    return nowhere;
  }
}
