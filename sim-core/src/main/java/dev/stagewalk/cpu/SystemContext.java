package dev.stagewalk.cpu;

/**
 * All that decides which register a name reaches, apart from the name. The bits of HCR_EL2 count
 * only where the PE has their feature; NV1 and NV2 count only with NV.
 *
 * @param el exception level, 0 to 2
 */
record SystemContext(int el, boolean nv, boolean nv1, boolean nv2, boolean e2h, boolean tge) {
  private static final int LEVELS = 3;

  /** How many there are, for arrays by {@link #index()}. */
  static final int COUNT = LEVELS << 5;

  /** The context of {@link #index()} {@code i}. */
  static SystemContext of(int i) {
    return new SystemContext(
        i >> 5, (i & 16) != 0, (i & 8) != 0, (i & 4) != 0, (i & 2) != 0, (i & 1) != 0);
  }

  /** The index of a PE's present context. */
  static int indexOf(Pe pe) {
    SystemRegisters system = pe.system;
    return index(
        pe.el(),
        system.hcr(SystemRegisters.HCR_NV) && OptionalFeature.FEAT_NV.isIn(system),
        system.hcr(SystemRegisters.HCR_NV1),
        system.hcr(SystemRegisters.HCR_NV2) && OptionalFeature.FEAT_NV2.isIn(system),
        system.hcr(SystemRegisters.HCR_E2H),
        system.hcr(SystemRegisters.HCR_TGE));
  }

  /**
   * Whether HCR_EL2.NV makes EL1 the level of a nested hypervisor: what belongs to EL2 traps.
   *
   * <p>Source: Arm ARM, "Nested virtualization".
   */
  static boolean isNested(Pe pe) {
    return pe.el() == 1
        && pe.system.hcr(SystemRegisters.HCR_NV)
        && OptionalFeature.FEAT_NV.isIn(pe.system);
  }

  /** The exception level that software sees in CurrentEL: EL2 where it is a nested hypervisor. */
  static int apparentLevel(Pe pe) {
    return isNested(pe) ? 2 : pe.el();
  }

  int index() {
    return index(el, nv, nv1, nv2, e2h, tge);
  }

  static int index(int el, boolean nv, boolean nv1, boolean nv2, boolean e2h, boolean tge) {
    return el << 5
        | (nv ? 16 : 0)
        | (nv && nv1 ? 8 : 0)
        | (nv && nv2 ? 4 : 0)
        | (e2h ? 2 : 0)
        | (tge ? 1 : 0);
  }

  /** EL0 under a host at EL2: HCR_EL2.{E2H, TGE} is {1, 1}. */
  boolean isHosted() {
    return el == 0 && e2h && tge;
  }
}
