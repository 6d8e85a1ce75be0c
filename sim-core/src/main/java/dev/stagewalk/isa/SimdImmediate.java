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
    MASK
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
    };
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
