package dev.stagewalk.arch;

import java.util.Optional;

/**
 * The Exception classes, the values of ESR_ELx.EC, by their customary short names. The words for
 * them and the form of their ISS stand in the rows of the syndromes; {@code _LOW} is taken from a
 * lower Exception level, {@code _CUR} without a change of Exception level.
 */
public enum ExceptionClass {
  UNKNOWN(0x00),
  WFX(0x01),
  CP15_32(0x03),
  CP15_64(0x04),
  CP14_MR(0x05),
  CP14_LS(0x06),
  FP_ASIMD(0x07),
  CP10_ID(0x08),
  PAC(0x09),
  OTHER(0x0a),
  CP14_64(0x0c),
  BTI(0x0d),
  ILL(0x0e),
  SVC32(0x11),
  HVC32(0x12),
  SMC32(0x13),
  SYS128(0x14),
  SVC64(0x15),
  HVC64(0x16),
  SMC64(0x17),
  SYS64(0x18),
  SVE(0x19),
  ERET(0x1a),
  FPAC(0x1c),
  SME(0x1d),
  GPC(0x1e),
  IMP_DEF(0x1f),
  IABT_LOW(0x20),
  IABT_CUR(0x21),
  PC_ALIGN(0x22),
  DABT_LOW(0x24),
  DABT_CUR(0x25),
  SP_ALIGN(0x26),
  MOPS(0x27),
  FP_EXC32(0x28),
  FP_EXC64(0x2c),
  GCS(0x2d),
  SERROR(0x2f),
  BREAKPT_LOW(0x30),
  BREAKPT_CUR(0x31),
  SOFTSTP_LOW(0x32),
  SOFTSTP_CUR(0x33),
  WATCHPT_LOW(0x34),
  WATCHPT_CUR(0x35),
  BKPT32(0x38),
  VECTOR32(0x3a),
  BRK64(0x3c),
  PROFILING(0x3d);

  private static final ExceptionClass[] BY_CODE = new ExceptionClass[64];

  static {
    for (ExceptionClass c : values()) {
      BY_CODE[c.code] = c;
    }
  }

  private final int code;

  ExceptionClass(int code) {
    this.code = code;
  }

  /** The class of a six-bit EC value; empty when the value is reserved. */
  public static Optional<ExceptionClass> ofCode(int code) {
    return Optional.ofNullable(BY_CODE[code & 63]);
  }

  /** The value of ESR_ELx.EC. */
  public int code() {
    return code;
  }

  /**
   * Whether a class is that of an abort taken from a lower Exception level, of a fetch or of data.
   *
   * @param code ESR_ELx.EC
   */
  public static boolean isAbortFromBelow(int code) {
    return code == IABT_LOW.code || code == DABT_LOW.code;
  }
}
