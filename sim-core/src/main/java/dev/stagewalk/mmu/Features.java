package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a PE's MMU implements, as far as translation depends on it.
 *
 * <p>Source: Arm ARM, ID_AA64MMFR0_EL1, ID_AA64MMFR1_EL1 and ID_AA64MMFR2_EL1, AArch64 Memory Model
 * Feature Registers.
 *
 * @param paBits implemented physical address size in bits, 32 to 52 (PARange)
 * @param granules granules stage 2 supports
 * @param lpa2 granules for which FEAT_LPA2 gives stage 2 52-bit addresses (4K and 16K at most)
 * @param vmid16 FEAT_VMID16: VTCR_EL2.VS chooses 16-bit VMIDs
 * @param smallTables FEAT_TTST: T0SZ up to 48 (47 with 64K), and start level 3 with 4K
 * @param xnx FEAT_XNX: execute-never by exception level
 * @param hardwareUpdates what FEAT_HAFDBS offers
 * @param fwb FEAT_S2FWB: HCR_EL2.FWB changes the meaning of MemAttr
 * @param stage1 what only stage 1 depends on
 */
public record Features(
    int paBits,
    Set<Granule> granules,
    Set<Granule> lpa2,
    boolean vmid16,
    boolean smallTables,
    boolean xnx,
    HardwareUpdates hardwareUpdates,
    boolean fwb,
    Stage1Features stage1) {

  /** ID_AA64MMFR1_EL1.HAFDBS: which descriptor bits the walker can set by itself. */
  public enum HardwareUpdates {
    NONE,
    ACCESS_FLAG,
    ACCESS_FLAG_AND_DIRTY_STATE
  }

  private static final int[] PA_BITS = {32, 36, 40, 42, 44, 48, 52};

  /** Everything this model knows: 52-bit addresses, all granules, all features. */
  public static final Features MAX =
      new Features(
          52,
          EnumSet.allOf(Granule.class),
          EnumSet.of(Granule.K4, Granule.K16),
          true,
          true,
          true,
          HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE,
          true,
          Stage1Features.MAX);

  /**
   * @throws IllegalArgumentException if the sizes or sets name something no PE has
   */
  public Features {
    granules = Set.copyOf(granules);
    lpa2 = Set.copyOf(lpa2);
    if (psOf(paBits) < 0) {
      throw new IllegalArgumentException(
          paBits + " is no physical address size: 32, 36, 40, 42, 44, 48 or 52 bits");
    }
    if (granules.isEmpty()) {
      throw new IllegalArgumentException("a PE supports at least one granule at stage 2");
    }
    if (lpa2.contains(Granule.K64) || !granules.containsAll(lpa2)) {
      throw new IllegalArgumentException(
          "FEAT_LPA2 belongs to the 4K and 16K granules, where they are supported: " + lpa2);
    }
  }

  /** Reads the three feature registers of a PE. PARange above 52 bits counts as 52. */
  public static Features of(long mmfr0, long mmfr1, long mmfr2) {
    EnumSet<Granule> granules = EnumSet.noneOf(Granule.class);
    EnumSet<Granule> lpa2 = EnumSet.noneOf(Granule.class);
    // Stage 2 has fields of its own; 0 there means "as stage 1".
    int k4 = stage2Granule(field(mmfr0, 40), field(mmfr0, 28) == 15, field(mmfr0, 28) == 1);
    int k16 = stage2Granule(field(mmfr0, 32), field(mmfr0, 20) == 0, field(mmfr0, 20) == 2);
    int k64 = stage2Granule(field(mmfr0, 36), field(mmfr0, 24) == 15, false);
    addGranule(Granule.K4, k4, granules, lpa2);
    addGranule(Granule.K16, k16, granules, lpa2);
    addGranule(Granule.K64, k64, granules, lpa2);
    return new Features(
        PA_BITS[Math.min(field(mmfr0, 0), PA_BITS.length - 1)],
        granules,
        lpa2,
        field(mmfr1, 4) >= 2,
        field(mmfr2, 28) >= 1,
        field(mmfr1, 28) >= 1,
        switch (field(mmfr1, 0)) {
          case 0 -> HardwareUpdates.NONE;
          case 1 -> HardwareUpdates.ACCESS_FLAG;
          default -> HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE;
        },
        field(mmfr2, 40) >= 1,
        Stage1Features.of(mmfr0, mmfr1, mmfr2));
  }

  /** FEAT_LPA: 52-bit addresses with the 64K granule. */
  public boolean lpa() {
    return paBits == 52;
  }

  /** The same PE with another PARange. */
  public Features withPaBits(int bits) {
    return new Features(
        bits, granules, lpa2, vmid16, smallTables, xnx, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with FEAT_TTST or without. */
  public Features withSmallTables(boolean present) {
    return new Features(paBits, granules, lpa2, vmid16, present, xnx, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with FEAT_XNX or without. */
  public Features withXnx(boolean present) {
    return new Features(
        paBits, granules, lpa2, vmid16, smallTables, present, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with FEAT_VMID16 or without. */
  public Features withVmid16(boolean present) {
    return new Features(
        paBits, granules, lpa2, present, smallTables, xnx, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with only these granules at stage 2. */
  public Features withGranules(Set<Granule> supported) {
    EnumSet<Granule> wide = EnumSet.noneOf(Granule.class);
    wide.addAll(lpa2);
    wide.retainAll(supported);
    return new Features(
        paBits, supported, wide, vmid16, smallTables, xnx, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with FEAT_LPA2 for these granules. */
  public Features withLpa2(Set<Granule> wide) {
    return new Features(
        paBits, granules, wide, vmid16, smallTables, xnx, hardwareUpdates, fwb, stage1);
  }

  /** The same PE with other hardware updates of descriptors. */
  public Features withHardwareUpdates(HardwareUpdates updates) {
    return new Features(paBits, granules, lpa2, vmid16, smallTables, xnx, updates, fwb, stage1);
  }

  /** The same PE with another stage 1. */
  public Features withStage1(Stage1Features other) {
    return new Features(
        paBits, granules, lpa2, vmid16, smallTables, xnx, hardwareUpdates, fwb, other);
  }

  /** Address bits of an encoding of PS, IPS or PARange; −1 for the reserved ones. */
  static int bitsOfPs(int ps) {
    return ps < PA_BITS.length ? PA_BITS[ps] : -1;
  }

  /** The encoding of an address size in PS, IPS or PARange; −1 if there is none. */
  static int psOf(int bits) {
    for (int ps = 0; ps < PA_BITS.length; ps++) {
      if (PA_BITS[ps] == bits) {
        return ps;
      }
    }
    return -1;
  }

  private static int field(long register, int low) {
    return (int) (register >>> low) & 0xf;
  }

  /** 1 not supported, 2 supported, 3 supported with 52-bit addresses: the TGran*_2 encoding. */
  private static int stage2Granule(int own, boolean stage1Lacks, boolean stage1Wide) {
    if (own != 0) {
      return own;
    }
    return stage1Lacks ? 1 : stage1Wide ? 3 : 2;
  }

  private static void addGranule(
      Granule granule, int support, EnumSet<Granule> granules, EnumSet<Granule> lpa2) {
    if (support >= 2) {
      granules.add(granule);
    }
    if (support >= 3 && granule != Granule.K64) {
      lpa2.add(granule);
    }
  }
}
