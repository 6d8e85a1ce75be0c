package dev.stagewalk.isa;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A number that a word encodes in one or several fields, in both directions. Decoding is what
 * {@link Op} holds; encoding is what the assembler does with the number it read.
 */
sealed interface Immediate
    permits Immediate.Joined,
        Immediate.Shifted12,
        Immediate.LogicalMask,
        Immediate.MoveMask,
        Immediate.Wide,
        Immediate.SystemName,
        Immediate.InsertLsb,
        Immediate.InsertWidth,
        Immediate.ExtractWidth,
        Immediate.LeftShift,
        Immediate.Constant,
        Immediate.Opposite,
        Immediate.ElementShift,
        Immediate.Difference,
        SimdImmediate {

  /** The number that {@code word} encodes. */
  long decode(Row row, int word);

  /** Sets the fields so that they decode to {@code value}; false where none do. */
  boolean encode(Encoding encoding, long value);

  /** The bits it determines. */
  int mask();

  /** Which numbers can be encoded, for an error message. */
  String range(Encoding encoding);

  /**
   * Fields joined, highest first, sign-extended where {@code signed}, times {@code scale}, shifted
   * left by the value of {@code shift}.
   */
  record Joined(List<BitField> fields, boolean signed, long scale, @Nullable BitField shift)
      implements Immediate {
    @Override
    public long decode(Row row, int word) {
      long value = 0;
      for (BitField field : fields) {
        value = value << field.width() | field.of(word);
      }
      int unused = 64 - width();
      return (signed ? value << unused >> unused : value) * unit(word);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      long unit = unit(encoding.word());
      if (value % unit != 0) {
        return false;
      }
      long bits = value / unit;
      if (bits < lowest() || bits > highest()) {
        return false;
      }
      boolean agreed = true;
      for (BitField field : fields.reversed()) {
        agreed &= encoding.set(field, (int) bits & field.max());
        bits >>= field.width();
      }
      return agreed;
    }

    @Override
    public int mask() {
      return fields.stream().mapToInt(BitField::mask).reduce(0, (a, b) -> a | b);
    }

    @Override
    public String range(Encoding encoding) {
      long unit = unit(encoding.word());
      String range = lowest() * unit + " to " + highest() * unit;
      return unit == 1 ? range : "a multiple of " + unit + " in " + range;
    }

    private long unit(int word) {
      return shift == null ? scale : scale << shift.of(word);
    }

    private int width() {
      return fields.stream().mapToInt(BitField::width).sum();
    }

    private long lowest() {
      return signed ? -(1L << (width() - 1)) : 0;
    }

    private long highest() {
      return (1L << (signed ? width() - 1 : width())) - 1;
    }
  }

  /** The 12-bit immediate of add and subtract, shifted left by 12 where sh = 1. */
  record Shifted12(BitField sh, BitField imm12) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return (long) imm12.of(word) << (sh.of(word) * 12);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      if (value >= 0 && value <= 0xfff) {
        return encoding.set(sh, 0) && encoding.set(imm12, (int) value);
      }
      return (value & ~0xff_f000L) == 0
          && encoding.set(sh, 1)
          && encoding.set(imm12, (int) (value >>> 12));
    }

    @Override
    public int mask() {
      return sh.mask() | imm12.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "0 to 0xfff, or a multiple of 0x1000 up to 0xfff000";
    }
  }

  /** A logical immediate. */
  record LogicalMask(BitField n, BitField immr, BitField imms) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return Bitmask.wmask(row.is64(word), n.of(word), immr.of(word), imms.of(word));
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      boolean is64 = encoding.row().is64(encoding.word());
      if (!is64 && (value > 0xffff_ffffL || value < Integer.MIN_VALUE)) {
        return false;
      }
      OptionalInt bits = Bitmask.encode(is64, value);
      return bits.isPresent()
          && encoding.set(n, bits.getAsInt() >> 12)
          && encoding.set(immr, bits.getAsInt() >> 6 & 0x3f)
          && encoding.set(imms, bits.getAsInt() & 0x3f);
    }

    @Override
    public int mask() {
      return n.mask() | immr.mask() | imms.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "a bitmask: a run of ones, rotated, repeated every 2, 4, 8, 16, 32 or 64 bits";
    }
  }

  /** The masks of a bitfield move; the assembler never reads them. */
  record MoveMask(BitField n, BitField immr, BitField imms, boolean top) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      boolean is64 = row.is64(word);
      return top
          ? Bitmask.tmask(is64, n.of(word), immr.of(word), imms.of(word))
          : Bitmask.wmask(is64, n.of(word), immr.of(word), imms.of(word));
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      return false;
    }

    @Override
    public int mask() {
      return 0;
    }

    @Override
    public String range(Encoding encoding) {
      return "no number";
    }
  }

  /** Sixteen bits at a multiple of 16, the rest zeros, or inverted. */
  record Wide(BitField hw, BitField imm16, boolean inverted) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      long value = (long) imm16.of(word) << (hw.of(word) * 16);
      value = inverted ? ~value : value;
      return row.is64(word) ? value : value & 0xffff_ffffL;
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      boolean is64 = encoding.row().is64(encoding.word());
      if (!is64 && (value > 0xffff_ffffL || value < Integer.MIN_VALUE)) {
        return false;
      }
      long bits = inverted ? ~value : value;
      bits = is64 ? bits : bits & 0xffff_ffffL;
      for (int part = 0; part < (is64 ? 4 : 2); part++) {
        if ((bits & ~(0xffffL << (part * 16))) == 0) {
          return encoding.set(hw, part) && encoding.set(imm16, (int) (bits >>> (part * 16)));
        }
      }
      return false;
    }

    @Override
    public int mask() {
      return hw.mask() | imm16.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "16 bits at a multiple of 16" + (inverted ? ", inverted" : "");
    }
  }

  /** op0:op1:CRn:CRm:op2 of a system instruction or register, 16 bits. */
  record SystemName() implements Immediate {
    static final BitField BITS = new BitField("system", 5, 16);

    @Override
    public long decode(Row row, int word) {
      return BITS.of(word);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      return value >= 0 && value <= 0xffff && encoding.set(BITS, (int) value);
    }

    @Override
    public int mask() {
      return BITS.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "0 to 0xffff";
    }
  }

  /** The lowest bit that bfi, sbfiz and ubfiz insert at: minus immr, modulo the register size. */
  record InsertLsb(BitField immr) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return -immr.of(word) & (row.registerBits(word) - 1);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      int bits = encoding.row().registerBits(encoding.word());
      return value >= 0 && value < bits && encoding.set(immr, (int) -value & (bits - 1));
    }

    @Override
    public int mask() {
      return immr.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "0 to " + (encoding.row().registerBits(encoding.word()) - 1);
    }
  }

  /** A number of bits, one more than the field holds. */
  record InsertWidth(BitField imms) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return imms.of(word) + 1L;
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      return value >= 1 && value <= 64 && encoding.set(imms, (int) value - 1);
    }

    @Override
    public int mask() {
      return imms.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "1 to the number of bits above the lowest";
    }
  }

  /** The width of the field from immr up to imms. */
  record ExtractWidth(BitField immr, BitField imms) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return imms.of(word) - immr.of(word) + 1L;
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      long top = encoding.get(immr) + value - 1;
      return value >= 1
          && top < encoding.row().registerBits(encoding.word())
          && encoding.set(imms, (int) top);
    }

    @Override
    public int mask() {
      return imms.mask();
    }

    @Override
    public String range(Encoding encoding) {
      int bits = encoding.row().registerBits(encoding.word());
      return "1 to " + (bits - encoding.get(immr));
    }
  }

  /** The amount of a left shift, which ubfm encodes in both of its fields. */
  record LeftShift(BitField immr, BitField imms) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return row.registerBits(word) - 1L - imms.of(word);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      int bits = encoding.row().registerBits(encoding.word());
      return value >= 0
          && value < bits
          && encoding.set(immr, (int) -value & (bits - 1))
          && encoding.set(imms, bits - 1 - (int) value);
    }

    @Override
    public int mask() {
      return immr.mask() | imms.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return "0 to " + (encoding.row().registerBits(encoding.word()) - 1);
    }
  }

  /**
   * A number that the row's other fields settle: what a post-indexed access of whole registers
   * adds.
   *
   * @param shift a field by whose value it is shifted left, or null
   */
  record Constant(long value, @Nullable BitField shift) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return shift == null ? value : value << shift.of(word);
    }

    @Override
    public boolean encode(Encoding encoding, long number) {
      return number == decode(encoding.row(), encoding.word());
    }

    @Override
    public int mask() {
      return 0;
    }

    @Override
    public String range(Encoding encoding) {
      return "which is " + decode(encoding.row(), encoding.word());
    }
  }

  /** The value with which another immediate is negated or inverted, for reading only. */
  record Opposite(Immediate of, boolean inverted) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return inverted ? ~of.decode(row, word) : -of.decode(row, word);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      // Zero has no opposite: GNU as keeps `add x0, x1, #0` an add and never asks for minus zero.
      return inverted ? of.encode(encoding, ~value) : value < 0 && of.encode(encoding, -value);
    }

    @Override
    public int mask() {
      return of.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return (inverted ? "the inverse of " : "minus ") + of.range(encoding);
    }
  }

  /**
   * By how much a vector's elements are shifted. The place of the leading one of immh says how wide
   * an element is; a left shift is what immh:immb exceeds that by, a right shift what it lacks of
   * twice as much.
   */
  record ElementShift(BitField immh, BitField immb, boolean right) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      int bits = bits(word);
      int value = immh.of(word) << immb.width() | immb.of(word);
      return right ? 2L * bits - value : value - bits;
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      int bits = bits(encoding.word());
      if (right ? value < 1 || value > bits : value < 0 || value >= bits) {
        return false;
      }
      int both = (int) (right ? 2 * bits - value : bits + value);
      return encoding.set(immh, both >> immb.width()) && encoding.set(immb, both & immb.max());
    }

    @Override
    public int mask() {
      return immh.mask() | immb.mask();
    }

    @Override
    public String range(Encoding encoding) {
      int bits = bits(encoding.word());
      return right ? "1 to " + bits : "0 to " + (bits - 1);
    }

    private int bits(int word) {
      return 8 * Integer.highestOneBit(immh.of(word));
    }
  }

  /** What a field lacks of a number: 1 to that number. */
  record Difference(int minuend, BitField field) implements Immediate {
    @Override
    public long decode(Row row, int word) {
      return minuend - field.of(word);
    }

    @Override
    public boolean encode(Encoding encoding, long value) {
      return value >= minuend - field.max()
          && value <= minuend
          && encoding.set(field, (int) (minuend - value));
    }

    @Override
    public int mask() {
      return field.mask();
    }

    @Override
    public String range(Encoding encoding) {
      return minuend - field.max() + " to " + minuend;
    }
  }
}
