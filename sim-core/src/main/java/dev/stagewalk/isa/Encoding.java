package dev.stagewalk.isa;

/**
 * A word under construction: which bits are settled, and their values. A second setting of the same
 * bits must agree with the first.
 */
final class Encoding {
  private final Row row;
  private int word;
  private int known;

  Encoding(Row row) {
    this.row = row;
    BitPattern pattern = row.pattern();
    word = pattern.value() | pattern.shouldBeValue();
    known = pattern.mask() | pattern.shouldBe();
  }

  Row row() {
    return row;
  }

  int word() {
    return word;
  }

  boolean knows(BitField field) {
    return (known & field.mask()) == field.mask();
  }

  int get(BitField field) {
    return field.of(word);
  }

  /** False where a part of the field was set before and differs. */
  boolean set(BitField field, int value) {
    if ((value & ~field.max()) != 0) {
      return false;
    }
    int set = field.in(0, value);
    int settled = known & field.mask();
    if ((word & settled) != (set & settled)) {
      return false;
    }
    word |= set;
    known |= field.mask();
    return true;
  }

  boolean isComplete() {
    return known == -1;
  }
}
