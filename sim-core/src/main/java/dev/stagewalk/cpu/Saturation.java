package dev.stagewalk.cpu;

/**
 * Arithmetic of elements whose result stays the highest or lowest number where it would be beyond
 * that, which FPSR.QC remembers: one method an operation, in the form of {@link Lanes.Lane}.
 *
 * <p>Source: Arm ARM, shared pseudocode functions {@code SignedSatQ}, {@code UnsignedSatQ}.
 */
final class Saturation {
  private static final int FPSR = SystemRegisters.index("FPSR");
  private static final long QC = 1L << 27;

  private Saturation() {}

  private static long saturated(Pe pe, long value) {
    pe.system.set(FPSR, pe.system.get(FPSR) | QC);
    return value;
  }

  /** The highest signed number, or the lowest. */
  static long extreme(Pe pe, int bits, boolean lowest) {
    long highest = Lanes.ones(bits) >>> 1;
    return saturated(pe, lowest ? ~highest : highest);
  }

  /** The highest unsigned number. */
  static long highest(Pe pe, int bits) {
    return saturated(pe, Lanes.ones(bits));
  }

  /** A signed number as a signed one of so many bits. */
  static long signed(Pe pe, int bits, long value) {
    return Lanes.signExtended(bits, value) == value ? value : extreme(pe, bits, value < 0);
  }

  /** A signed number as an unsigned one of so many bits. */
  static long signedToUnsigned(Pe pe, int bits, long value) {
    return value < 0 ? saturated(pe, 0) : unsigned(pe, bits, value);
  }

  /** An unsigned number as one of so many bits. */
  static long unsigned(Pe pe, int bits, long value) {
    return Lanes.zeroExtended(bits, value) == value ? value : highest(pe, bits);
  }

  static long sqadd(Pe pe, int bits, long d, long n, long m) {
    long sum = n + m;
    boolean overflows = ((n ^ sum) & (m ^ sum)) < 0;
    return overflows ? extreme(pe, bits, n < 0) : signed(pe, bits, sum);
  }

  static long sqsub(Pe pe, int bits, long d, long n, long m) {
    long difference = n - m;
    boolean overflows = ((n ^ m) & (n ^ difference)) < 0;
    return overflows ? extreme(pe, bits, n < 0) : signed(pe, bits, difference);
  }

  static long uqadd(Pe pe, int bits, long d, long n, long m) {
    long sum = n + m;
    boolean overflows = Long.compareUnsigned(sum, n) < 0;
    return overflows ? highest(pe, bits) : unsigned(pe, bits, sum);
  }

  static long uqsub(Pe pe, int bits, long d, long n, long m) {
    return Long.compareUnsigned(n, m) < 0 ? saturated(pe, 0) : n - m;
  }

  /** A signed accumulator and an unsigned element. */
  static long suqadd(Pe pe, int bits, long d, long n, long m) {
    long addend = Lanes.zeroExtended(bits, n);
    long sum = d + addend;
    // Of 64 bits the addend can be too large for a long: it then looks negative.
    boolean overflows = addend < 0 ? d >= 0 || sum < 0 : d >= 0 && sum < 0;
    return overflows ? extreme(pe, bits, false) : signed(pe, bits, sum);
  }

  /** An unsigned accumulator and a signed element. */
  static long usqadd(Pe pe, int bits, long d, long n, long m) {
    long accumulator = Lanes.zeroExtended(bits, d);
    if (n < 0) {
      boolean below = Long.compareUnsigned(accumulator, -n) < 0;
      return below ? saturated(pe, 0) : accumulator + n;
    }
    return uqadd(pe, bits, d, accumulator, n);
  }

  static long sqabs(Pe pe, int bits, long d, long n, long m) {
    return n < 0 ? sqneg(pe, bits, d, n, m) : n;
  }

  static long sqneg(Pe pe, int bits, long d, long n, long m) {
    return sqsub(pe, bits, d, 0, n);
  }

  static long sqdmulh(Pe pe, int bits, long d, long n, long m) {
    return signed(pe, bits, (n * m) >> (bits - 1));
  }

  static long sqrdmulh(Pe pe, int bits, long d, long n, long m) {
    return signed(pe, bits, (n * m + half(bits)) >> (bits - 1));
  }

  static long sqrdmlah(Pe pe, int bits, long d, long n, long m) {
    return signed(pe, bits, ((d << (bits - 1)) + n * m + half(bits)) >> (bits - 1));
  }

  static long sqrdmlsh(Pe pe, int bits, long d, long n, long m) {
    return signed(pe, bits, ((d << (bits - 1)) - n * m + half(bits)) >> (bits - 1));
  }

  /** Half of what the rounded bits amount to, where products are not doubled. */
  private static long half(int bits) {
    return 1L << (bits - 2);
  }

  /** A product doubled to twice the operands' width. */
  static long sqdmull(Pe pe, int bits, long d, long n, long m) {
    return sqadd(pe, bits, d, n * m, n * m);
  }

  static long sqdmlal(Pe pe, int bits, long d, long n, long m) {
    return sqadd(pe, bits, d, d, sqdmull(pe, bits, d, n, m));
  }

  static long sqdmlsl(Pe pe, int bits, long d, long n, long m) {
    return sqsub(pe, bits, d, d, sqdmull(pe, bits, d, n, m));
  }
}
