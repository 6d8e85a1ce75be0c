package dev.stagewalk.hyp;

import java.util.Optional;

/** What the corrected library checks of the arguments of map and unmap before it does anything. */
final class Stage2Checks {
  private final Stage2Tables tables;

  Stage2Checks(Stage2Tables tables) {
    this.tables = tables;
  }

  /** The first thing wrong with the arguments of a map. */
  Optional<String> map(long ipa, long pa, long size, long flags) {
    return range(ipa, size)
        .or(() -> aligned("IPA", ipa))
        .or(() -> aligned("PA", pa))
        .or(() -> aligned("size", size))
        .or(() -> output(pa, size))
        .or(() -> flags(flags));
  }

  /** The first thing wrong with the arguments of an unmap. */
  Optional<String> unmap(long ipa, long size) {
    Optional<String> wrong = range(ipa, size);
    if (wrong.isPresent() || tables.has(Defect.PARTIAL_LEAF_KEPT) || tables.defects.asserts()) {
      return wrong;
    }
    long granule = tables.shape.granule().bytes();
    if (((ipa | size) & granule - 1) != 0) {
      return Optional.of(notPages());
    }
    return wrong;
  }

  /** The first thing wrong with a range that is changed or looked at leaf by leaf. */
  Optional<String> pages(long ipa, long size) {
    Optional<String> wrong = range(ipa, size);
    if (wrong.isPresent()) {
      return wrong;
    }
    long granule = tables.shape.granule().bytes();
    if (size <= 0 || passes(ipa + size, tables.shape.rootReach())) {
      return Optional.of(
          size == 0 ? "the range is empty" : "the range ends behind what the root indexes");
    }
    return ((ipa | size) & granule - 1) == 0 ? Optional.empty() : Optional.of(notPages());
  }

  /** What is wrong with an IPA that is looked up. */
  Optional<String> address(long ipa) {
    return range(ipa, 1)
        .or(() ->
            passes(ipa + 1, tables.shape.rootReach())
                ? Optional.of("the root does not index " + Words.address(ipa))
                : Optional.empty());
  }

  private String notPages() {
    return "the range does not begin and end at a " + tables.shape.granule().text() + " page";
  }

  private Optional<String> range(long ipa, long size) {
    long end = ipa + size;
    if (Long.compareUnsigned(end, ipa) < 0) {
      return tables.has(Defect.RANGE_WRAP)
          ? Optional.empty()
          : Optional.of("IPA plus size passes 2^64");
    }
    if (!tables.has(Defect.IPA_OUT_OF_RANGE) && passes(end, tables.shape.ipaBits())) {
      return Optional.of(
          "the range ends behind the IPA size of " + tables.shape.ipaBits() + " bits");
    }
    if (!tables.has(Defect.IPA_ALIAS) && passes(end, tables.shape.rootReach())) {
      return Optional.of(
          "the range ends behind the " + tables.shape.rootReach() + " bits that the root indexes");
    }
    return Optional.empty();
  }

  private static boolean passes(long end, int bits) {
    return Long.compareUnsigned(end, 1L << bits) > 0;
  }

  private Optional<String> aligned(String what, long value) {
    long granule = tables.shape.granule().bytes();
    int hostPage = tables.el2.hostPageSize();
    boolean hostPages = granule > hostPage && (value & hostPage - 1) == 0;
    if ((value & granule - 1) == 0
        || tables.has(Defect.MISALIGNED)
        || hostPages && !what.equals("IPA") && tables.has(Defect.EXPORTS_NEIGHBOURS)) {
      return Optional.empty();
    }
    return Optional.of(
        "the " + what + " is not a multiple of the " + tables.shape.granule().text() + " granule");
  }

  private Optional<String> output(long pa, long size) {
    long last = pa + (size == 0 ? 0 : size - 1);
    boolean wraps = Long.compareUnsigned(last, pa) < 0;
    if (!tables.has(Defect.PA_OVER_48) && (wraps || last >>> 48 != 0)) {
      return Optional.of("the PA has bits above 47, which descriptors cannot hold");
    }
    if (!tables.has(Defect.PA_OVER_PS) && last >>> tables.shape.outputBits() != 0) {
      return Optional.of(
          "the PA is larger than the "
              + tables.shape.outputBits()
              + " bits that VTCR_EL2.PS allows");
    }
    return Optional.empty();
  }

  private Optional<String> flags(long flags) {
    if (tables.has(Defect.FLAGS_UNMASKED) || (flags & ~MapFlags.ALLOWED) == 0) {
      return Optional.empty();
    }
    return Optional.of("the flags have bits that are no attributes of a stage-2 leaf");
  }
}
