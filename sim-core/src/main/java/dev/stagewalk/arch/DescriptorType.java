package dev.stagewalk.arch;

/** The kinds of translation table descriptor. Arm ARM, "Translation table descriptor formats". */
public enum DescriptorType {
  /** Bit 0 is 0. */
  INVALID("invalid"),
  /** A combination of bits [1:0] and level that has no meaning; a walk treats it as invalid. */
  RESERVED("reserved, treated as invalid"),
  /** Points to a table of the next level. */
  TABLE("table"),
  /** Maps memory at a level before 3. */
  BLOCK("block"),
  /** Maps memory at level 3. */
  PAGE("page");

  private final String words;

  DescriptorType(String words) {
    this.words = words;
  }

  /** In words. */
  public String words() {
    return words;
  }

  /** Whether it maps memory. */
  public boolean isLeaf() {
    return this == BLOCK || this == PAGE;
  }
}
