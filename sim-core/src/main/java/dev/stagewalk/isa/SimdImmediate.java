package dev.stagewalk.isa;

import org.jspecify.annotations.Nullable;

/**
 * The 64 bits that a modified immediate of Advanced SIMD repeats over a register.
 *
 * <p>Source: Arm ARM, shared pseudocode function {@code AdvSIMDExpandImm}.
 *
 * @param kind how the 8 bits become 64
 * @param abc their top three bits
 * @param defgh the others
 * @param shift how often they move by 8 bits; 0 where the row has no such field
 */
record SimdImmediate(Kind kind, BitField abc, BitField defgh, @Nullable BitField shift)
    implements Immediate {

  enum Kind {
    /** In each byte. */
    BYTES,
    /** In each halfword, shifted. */
    HALFWORDS,
    /** In each word, shifted. */
    WORDS,
    /** In each word, with ones shifted in. */
    WORDS_ONES,
    /** Each bit becomes a byte. */
    MASK,
    /** A half-precision number. */
    HALF,
    /** Four of them. */
    HALVES,
    /** A single-precision number. */
    SINGLE,
    /** Two of them. */
    SINGLES,
    /** A double-precision number. */
    DOUBLE
  }

  private static final int BYTE = 0xff;

  @Override
  public long decode(Row row, int word) {
    long imm8 = abc.of(word) << defgh.width() | defgh.of(word);
    int by = shift == null ? 0 : 8 * shift.of(word);
    return switch (kind) {
      case BYTES -> imm8 * 0x0101_0101_0101_0101L;
      case HALFWORDS -> (imm8 << by) * 0x0001_0001_0001_0001L;
      case WORDS -> (imm8 << by) * 0x0000_0001_0000_0001L;
      case WORDS_ONES -> ((imm8 << (by + 8)) | ((1L << (by + 8)) - 1)) * 0x0000_0001_0000_0001L;
      case MASK -> {
        long value = 0;
        for (int i = 0; i < 8; i++) {
          value |= (imm8 >>> i & 1) * BYTE << (8 * i);
        }
        yield value;
      }
      case HALF -> half(imm8);
      case HALVES -> half(imm8) * 0x0001_0001_0001_0001L;
      case SINGLE -> single(imm8);
      case SINGLES -> single(imm8) * 0x0000_0001_0000_0001L;
      case DOUBLE -> Double.doubleToRawLongBits(real(imm8));
    };
  }

  /** The number that eight bits of a floating-point immediate stand for. */
  double number(int word) {
    return real(abc.of(word) << defgh.width() | defgh.of(word));
  }

  /** Sets the eight bits that stand for a number; false where none do. */
  boolean encodeNumber(Encoding encoding, double number) {
    for (int imm8 = 0; imm8 <= BYTE; imm8++) {
      if (Double.compare(real(imm8), number) == 0) {
        return encoding.set(abc, imm8 >> defgh.width()) && encoding.set(defgh, imm8 & defgh.max());
      }
    }
    return false;
  }

  /** Source: Arm ARM, shared pseudocode function {@code VFPExpandImm}. */
  private static double real(long imm8) {
    int exponent = (int) (imm8 >>> 4 & 7) ^ 4;
    double magnitude = (16 + (imm8 & 15)) / 16.0 * Math.scalb(1.0, exponent - 3);
    return (imm8 & 0x80) != 0 ? -magnitude : magnitude;
  }

  private static long half(long imm8) {
    return Float.floatToFloat16((float) real(imm8)) & 0xffffL;
  }

  private static long single(long imm8) {
    return Float.floatToRawIntBits((float) real(imm8)) & 0xffff_ffffL;
  }

  int numberMask() {
    return abc.mask() | defgh.mask();
  }

  /** Only masks are written as what they become. */
  @Override
  public boolean encode(Encoding encoding, long value) {
    if (kind != Kind.MASK) {
      return false;
    }
    int imm8 = 0;
    for (int i = 0; i < 8; i++) {
      long part = value >>> (8 * i) & BYTE;
      if (part != 0 && part != BYTE) {
        return false;
      }
      imm8 |= (int) (part & 1) << i;
    }
    return encoding.set(abc, imm8 >> defgh.width()) && encoding.set(defgh, imm8 & defgh.max());
  }

  @Override
  public int mask() {
    return kind == Kind.MASK ? abc.mask() | defgh.mask() : 0;
  }

  @Override
  public String range(Encoding encoding) {
    return "eight bytes, each 0x00 or 0xff";
  }
}
