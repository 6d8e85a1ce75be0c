package dev.stagewalk.arch;

/**
 * Something outside a value that decides how the value is laid out or what its bits mean: a control
 * bit of another register, an implemented feature, or where a descriptor was found.
 */
public enum Setting {
  /** Effective value of HCR_EL2.E2H: EL2 is host to an operating system. */
  E2H(0, 1),
  /** Effective value of HCR_EL2.FWB: stage 2 forces Write-Back. */
  FWB(0, 1),
  /** VTCR_EL2.DS or TCR_ELx.DS: 52-bit output addresses with the 4 KiB and 16 KiB granules. */
  DS(0, 1),
  /** FEAT_LPA in use: 52-bit output addresses with the 64 KiB granule. */
  LPA(0, 1),
  /** FEAT_XNX: stage 2 execute-never tells EL1 from EL0. */
  XNX(0, 1),
  /** VTCR_EL2.S2PIE: stage 2 permissions are indirect. */
  S2PIE(0, 1),
  /** VTCR_EL2.HAFT or TCR2_ELx.HAFT: hardware manages the Access flag of Table descriptors. */
  HAFT(0, 1),
  /** VTCR_EL2.D128: translation tables hold 128-bit descriptors. */
  D128(0, 1),
  /** Translation granule in KiB. */
  GRANULE(4, 16, 64),
  /** Level of lookup at which a descriptor was read. */
  LEVEL(-1, 0, 1, 2, 3);

  private final int[] domain;

  Setting(int... domain) {
    this.domain = domain;
  }

  /** The values this setting can take; the first is what holds when nothing is said. */
  int[] domain() {
    return domain.clone();
  }

  int initial() {
    return domain[0];
  }

  boolean allows(int value) {
    for (int d : domain) {
      if (d == value) {
        return true;
      }
    }
    return false;
  }
}
