package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;

/**
 * How many tables it takes to map a range of IPAs.
 *
 * @param pageTables tables below the root if every leaf is a page
 * @param blockTables tables below the root if blocks are used wherever they can be, the output
 *     addresses being aligned as the IPAs are
 * @param rootBytes bytes of the root, which is there in either case
 * @param tableBytes bytes of one table below the root
 */
public record TableCost(long pageTables, long blockTables, long rootBytes, long tableBytes) {

  /** Bytes of all tables, the root included, if every leaf is a page. */
  public long bytesWithPages() {
    return rootBytes + pageTables * tableBytes;
  }

  /** Bytes of all tables, the root included, if blocks are used wherever they can be. */
  public long bytesWithBlocks() {
    return rootBytes + blockTables * tableBytes;
  }

  /**
   * The cost of a range.
   *
   * @param ipa first IPA
   * @param bytes size of the range, at least 1
   * @throws IllegalArgumentException if the range does not lie within the IPA size
   */
  public static TableCost of(Design.Choice choice, long ipa, long bytes) {
    Geometry geometry = choice.geometry();
    long space = 1L << geometry.ipaBits();
    if (bytes < 1 || ipa < 0 || ipa >= space || bytes > space - ipa) {
      throw new IllegalArgumentException(
          "the range does not lie within " + geometry.ipaBits() + "-bit IPAs");
    }
    Granule granule = geometry.granule();
    long last = ipa + bytes - 1;
    long pages = 0;
    for (int level = geometry.startLevel(); level < 3; level++) {
      int shift = granule.levelShift(level);
      pages += (last >>> shift) - (ipa >>> shift) + 1;
    }
    return new TableCost(
        pages,
        below(choice.format(), geometry.startLevel(), ipa, last),
        geometry.rootBytes(),
        granule.bytes());
  }

  /** Tables below those of a level, for a range in it. */
  private static long below(Stage2Format format, int level, long first, long last) {
    if (level == 3) {
      return 0;
    }
    long size = 1L << format.granule().levelShift(level);
    long firstEntry = first & -size;
    long lastEntry = last & -size;
    boolean headWhole = first == firstEntry && last >= firstEntry + size - 1;
    if (firstEntry == lastEntry) {
      return headWhole ? whole(format, level) : 1 + below(format, level + 1, first, last);
    }
    boolean tailWhole = last == lastEntry + size - 1;
    long head =
        headWhole
            ? whole(format, level)
            : 1 + below(format, level + 1, first, firstEntry + size - 1);
    long tail = tailWhole ? whole(format, level) : 1 + below(format, level + 1, lastEntry, last);
    long between = (lastEntry - firstEntry) / size - 1;
    return head + tail + between * whole(format, level);
  }

  /** Tables below one entry of a level that is mapped as a whole. */
  private static long whole(Stage2Format format, int level) {
    return format.blockAllowed(level)
        ? 0
        : 1 + (level + 1 == 3 ? 0 : format.granule().entries() * whole(format, level + 1));
  }
}
