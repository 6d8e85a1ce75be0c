package dev.stagewalk.oracle;

/** The registers that control a translation: those of stage 1 belong to the regime. */
record Controls(
    OracleRegime regime,
    long sctlr,
    long tcr,
    long ttbr0,
    long ttbr1,
    long mair,
    long hcr,
    long vtcr,
    long vttbr) {

  static final int VM = 0;
  static final int PTW = 2;
  static final int DC = 12;
  static final int TGE = 27;
  static final int CD = 32;
  static final int ID = 33;
  static final int E2H = 34;
  static final int FWB = 46;

  static int bits(long value, int high, int low) {
    return (int) (value >>> low & (1L << high - low + 1) - 1);
  }

  static boolean bit(long value, int at) {
    return (value >>> at & 1) != 0;
  }

  private boolean inHost() {
    return bit(hcr, E2H) && bit(hcr, TGE);
  }

  /** A bit of HCR_EL2 that behaves as 0 while E2H and TGE are both 1. */
  boolean guestBit(int at) {
    return bit(hcr, at) && !inHost();
  }

  /** HCR_EL2.PTW: behaves as 0 with TGE. */
  boolean protectedTableWalk() {
    return bit(hcr, PTW) && !bit(hcr, TGE);
  }
}
