package dev.stagewalk.isa;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bits of a row: which are fixed and to what, and the named fields in between, highest first.
 *
 * @param mask the fixed bits
 * @param value their values
 * @param shouldBe the bits that should be something: ignored when decoding, because that is the
 *     commonest choice for a CONSTRAINED UNPREDICTABLE encoding, and set when encoding
 * @param shouldBeValue their values
 */
record BitPattern(
    int mask, int value, int shouldBe, int shouldBeValue, Map<String, BitField> fields) {

  /**
   * Reads a pattern as {@code sf 0 0 100010 sh imm12:12 Rn:5 Rd:5}: digits are fixed bits, a name
   * is a field of one bit or of the width after the colon.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static BitPattern parse(String text) {
    Map<String, BitField> fields = new LinkedHashMap<>();
    int mask = 0;
    int value = 0;
    int shouldBe = 0;
    int shouldBeValue = 0;
    int bit = 32;
    for (String part : text.split(" +")) {
      if (part.matches("[01]+")) {
        bit -= part.length();
        check(bit >= 0, "more than 32 bits");
        BitField fixed = new BitField(part, bit, part.length());
        mask |= fixed.mask();
        value |= fixed.in(0, Integer.parseUnsignedInt(part, 2));
      } else if (part.matches("\\([01]+\\)")) {
        String digits = part.substring(1, part.length() - 1);
        bit -= digits.length();
        check(bit >= 0, "more than 32 bits");
        BitField soft = new BitField(part, bit, digits.length());
        shouldBe |= soft.mask();
        shouldBeValue |= soft.in(0, Integer.parseUnsignedInt(digits, 2));
      } else {
        check(part.matches("[A-Za-z]\\w*(:\\d+)?"), "'" + part + "' is neither bits nor a field");
        int colon = part.indexOf(':');
        String name = colon < 0 ? part : part.substring(0, colon);
        int width = colon < 0 ? 1 : Integer.parseInt(part.substring(colon + 1));
        bit -= width;
        check(bit >= 0, "more than 32 bits");
        check(width > 0, "field '" + name + "' has no bits");
        check(
            fields.put(name, new BitField(name, bit, width)) == null,
            "field '" + name + "' stands twice");
      }
    }
    check(bit == 0, "only " + (32 - bit) + " bits");
    return new BitPattern(mask, value, shouldBe, shouldBeValue, fields);
  }

  /** Whether some word has the fixed bits of both. */
  boolean overlaps(BitPattern other) {
    return ((value ^ other.value) & mask & other.mask) == 0;
  }

  /** Whether every word of this one is a word of the other, which has fewer fixed bits. */
  boolean isInside(BitPattern other) {
    return overlaps(other) && (mask & other.mask) == other.mask && mask != other.mask;
  }

  private static void check(boolean holds, String cause) {
    if (!holds) {
      throw new IllegalArgumentException(cause);
    }
  }
}
