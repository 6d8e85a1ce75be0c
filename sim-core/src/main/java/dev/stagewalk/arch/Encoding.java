package dev.stagewalk.arch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The five numbers by which MRS and MSR name a System register: op0, op1, CRn, CRm and op2.
 *
 * <p>Its text form is the generic register name of the assembler, for example {@code S3_4_C2_C1_2}.
 * Arm ARM, System instruction class encoding overview.
 *
 * @param op0 2 or 3
 * @param op1 0 to 7
 * @param crn 0 to 15
 * @param crm 0 to 15
 * @param op2 0 to 7
 */
public record Encoding(int op0, int op1, int crn, int crm, int op2) {
  private static final Pattern GENERIC_NAME =
      Pattern.compile("S([23])_([0-7])_C(\\d{1,2})_C(\\d{1,2})_([0-7])", Pattern.CASE_INSENSITIVE);

  public Encoding {
    check("op0", op0, 2, 3);
    check("op1", op1, 0, 7);
    check("CRn", crn, 0, 15);
    check("CRm", crm, 0, 15);
    check("op2", op2, 0, 7);
  }

  /** Reads a generic name such as {@code S3_4_C2_C1_2}; empty when the text is not one. */
  public static Optional<Encoding> parse(String text) {
    Matcher m = GENERIC_NAME.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    int crn = Integer.parseInt(m.group(3));
    int crm = Integer.parseInt(m.group(4));
    if (crn > 15 || crm > 15) {
      return Optional.empty();
    }
    return Optional.of(
        new Encoding(
            Integer.parseInt(m.group(1)),
            Integer.parseInt(m.group(2)),
            crn,
            crm,
            Integer.parseInt(m.group(5))));
  }

  /** The encoding held in bits [20:5] of an MRS or MSR (register) instruction word. */
  public static Encoding ofInstruction(int word) {
    return ofPacked(word >>> 5 & 0xffff);
  }

  /**
   * The inverse of {@link #packed()}.
   *
   * @throws IllegalArgumentException when the top two bits, op0, are neither 2 nor 3
   */
  public static Encoding ofPacked(int packed) {
    return new Encoding(
        packed >> 14 & 3, packed >> 11 & 7, packed >> 7 & 15, packed >> 3 & 15, packed & 7);
  }

  /** The sixteen bits op0:op1:CRn:CRm:op2, as they lie in bits [20:5] of the instruction. */
  public int packed() {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  @Override
  public String toString() {
    return "S" + op0 + "_" + op1 + "_C" + crn + "_C" + crm + "_" + op2;
  }

  private static void check(String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          what + " of a System register is " + low + " to " + high + ", not " + value);
    }
  }
}
