package dev.stagewalk.isa;

/**
 * A named run of bits in an instruction word.
 *
 * @param lsb its lowest bit, 0 to 31
 * @param width 1 to 32 bits
 */
public record BitField(String name, int lsb, int width) {

  /** The field's bits of {@code word}, unsigned. */
  public int of(int word) {
    return (word >>> lsb) & max();
  }

  /** {@code word} with this field replaced. */
  int in(int word, int value) {
    return (word & ~mask()) | ((value & max()) << lsb);
  }

  int mask() {
    return max() << lsb;
  }

  int max() {
    return width == 32 ? -1 : (1 << width) - 1;
  }
}
