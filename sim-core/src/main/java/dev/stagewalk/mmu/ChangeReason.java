package dev.stagewalk.mmu;

/**
 * One way in which two values of a descriptor differ, and what the architecture asks of software
 * that replaces the one by the other.
 */
public enum ChangeReason {
  EQUAL(Need.NOTHING, "the value is the same", Source.MAINTENANCE),
  IGNORED_BITS(
      Need.NOTHING,
      "only bits differ that the walker ignores, such as those for software",
      Source.FORMATS),
  NEVER_CACHED(
      Need.NOTHING,
      "the old value gives a Translation, Address size or Access flag fault, and no TLB ever holds"
          + " such an entry",
      Source.TLB),
  NOW_FAULTS(
      Need.BREAK,
      "the new value gives a fault, but a TLB may hold the old one until a TLBI that covers it has"
          + " completed",
      Source.MAINTENANCE),
  LESS_PERMISSION(
      Need.TLBI,
      "permissions are taken away: until a TLBI has completed, the old ones may still be used",
      Source.MAINTENANCE),
  MORE_PERMISSION(
      Need.TLBI,
      "permissions are added: an entry that gives a Permission fault may be held, and fault again"
          + " until a TLBI has completed",
      Source.MAINTENANCE),
  ACCESS_FLAG(Need.TLBI, "the Access flag changes", Source.MAINTENANCE),
  DIRTY_BIT_MODIFIER(Need.TLBI, "DBM changes", Source.MAINTENANCE),
  NOW_NOT_GLOBAL(
      Need.TLBI,
      "nG becomes 1: the old entry may still answer for every ASID until a TLBI has completed",
      Source.MAINTENANCE),
  TABLE_LIMITS(
      Need.TLBI,
      "APTable, UXNTable or PXNTable change what everything below allows",
      Source.MAINTENANCE),
  OTHER_ATTRIBUTE(Need.TLBI, "another attribute of the entry changes", Source.MAINTENANCE),
  BLOCK_TRANSLATION(
      Need.TLBI,
      "nT changes: before the size may change, a TLBI must remove what was held without it",
      Source.LEVELS),
  SIZE_WITH_NT(
      Need.TLBI,
      "the size of the mapping changes through a block with nT = 1, which FEAT_BBM level 1 allows"
          + " if nothing else changes",
      Source.LEVELS),
  SIZE_IN_PLACE(
      Need.TLBI,
      "the size of the mapping changes, which FEAT_BBM level 2 allows if nothing else changes; a"
          + " TLB conflict abort is possible until a TLBI has completed",
      Source.LEVELS),
  CONTIGUOUS_IN_PLACE(
      Need.TLBI,
      "the Contiguous bit changes, as FEAT_BBM level 1 allows; a TLB conflict abort is possible"
          + " until a TLBI has completed",
      Source.LEVELS),
  SAME_CONTENT_ELSEWHERE(
      Need.TLBI,
      "the output address changes, but neither value can be written and both places hold the same",
      Source.BREAK_BEFORE_MAKE),
  SAME_TABLE_ELSEWHERE(
      Need.TLBI,
      "another next-level table, which holds the same as the old one",
      Source.BREAK_BEFORE_MAKE),
  OUTPUT_ADDRESS(
      Need.BREAK_BEFORE_MAKE,
      "the output address changes, and either value can be written or the two places differ",
      Source.BREAK_BEFORE_MAKE),
  OTHER_TABLE(
      Need.BREAK_BEFORE_MAKE,
      "another next-level table: everything below may have another output address",
      Source.BREAK_BEFORE_MAKE),
  SMALLER(
      Need.BREAK_BEFORE_MAKE,
      "a block becomes a table: the size of the mapping changes",
      Source.LEVELS),
  LARGER(
      Need.BREAK_BEFORE_MAKE,
      "a table becomes a block: the size of the mapping changes",
      Source.LEVELS),
  MEMORY_TYPE(Need.BREAK_BEFORE_MAKE, "the memory type changes", Source.BREAK_BEFORE_MAKE),
  CACHEABILITY(Need.BREAK_BEFORE_MAKE, "the cacheability changes", Source.BREAK_BEFORE_MAKE),
  SHAREABILITY(Need.BREAK_BEFORE_MAKE, "the shareability changes", Source.BREAK_BEFORE_MAKE),
  CONTIGUOUS(
      Need.BREAK_BEFORE_MAKE,
      "the Contiguous bit changes: with FEAT_BBM level 0 that is a change of size",
      Source.LEVELS),
  CONTIGUOUS_RUN(
      Need.BREAK_BEFORE_MAKE,
      "another valid entry of the run that the Contiguous bit joins has not the bit, or not the"
          + " output address or attributes that belong there: the run is misprogrammed",
      Source.CONTIGUOUS),
  NOW_GLOBAL(
      Need.BREAK_BEFORE_MAKE,
      "nG becomes 0: the global entry may overlap non-global entries that a TLB holds",
      Source.BREAK_BEFORE_MAKE);

  /** What a change needs, from least to most. */
  public enum Need {
    /** Safe: a DSB makes it visible to walkers, and nothing has to be invalidated. */
    NOTHING("safe", "DSB ISHST, so that walkers see it"),
    /** The new value may stand beside the old one for a while. */
    TLBI("needs a TLBI", "DSB; a TLBI that covers the entry; DSB"),
    /** Nothing valid replaces it, yet before anything valid may, or memory is reused: a TLBI. */
    BREAK(
        "a break: needs a TLBI before another valid value is stored or memory is freed",
        "DSB; a TLBI that covers the entry; DSB; only then a new value, or the memory to others"),
    /** The two values must never be visible at the same time. */
    BREAK_BEFORE_MAKE(
        "needs break-before-make",
        "store an invalid value; DSB; a TLBI that covers the entry; DSB; store the new value; DSB");

    private final String words;
    private final String mend;

    Need(String words, String mend) {
      this.words = words;
      this.mend = mend;
    }

    /** "needs break-before-make". */
    public String words() {
      return words;
    }

    /** The steps, in their order. */
    public String mend() {
      return mend;
    }
  }

  /** Titles of sections of the Arm ARM. */
  private static final class Source {
    static final String TLB = "Translation Lookaside Buffers";
    static final String MAINTENANCE = "TLB maintenance";
    static final String FORMATS = "VMSAv8-64 descriptor formats";
    static final String CONTIGUOUS = "The Contiguous bit";
    static final String LEVELS = "Support levels for changing table or block size";
    static final String BREAK_BEFORE_MAKE =
        "Using break-before-make when updating translation table entries";

    private Source() {}
  }

  private final Need need;
  private final String words;
  private final String source;

  ChangeReason(Need need, String words, String source) {
    this.need = need;
    this.words = words;
    this.source = source;
  }

  public Need need() {
    return need;
  }

  /** The rule in words, without full stop. */
  public String words() {
    return words;
  }

  /** Title of the Arm ARM section the rule comes from. */
  public String source() {
    return source;
  }
}
