package dev.stagewalk.hyp;

/**
 * A block or page descriptor in its place.
 *
 * @param slot physical address of the descriptor
 * @param level of lookup
 * @param ipa first IPA it translates
 * @param size bytes it translates
 * @param descriptor its value when it was read
 */
record Stage2Leaf(long slot, int level, long ipa, long size, long descriptor) {
  boolean inside(long from, long to) {
    return from <= ipa && ipa + size <= to;
  }

  boolean has(long bit) {
    return (descriptor & bit) != 0;
  }

  /** What the library says of it to its caller. */
  Mapping mapping(Stage2Tables tables) {
    return new Mapping(ipa, tables.output(level, descriptor), level, size, descriptor);
  }
}
