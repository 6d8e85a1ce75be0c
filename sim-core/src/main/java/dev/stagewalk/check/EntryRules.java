package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.Stage2Format;

/**
 * What must not stand in the descriptors of one level, whatever the others hold: address bits where
 * there can be none.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats".
 */
final class EntryRules {
  private static final long LOW_12 = 0xfff;
  private static final long NT = 1L << 16;

  private final EntryFormat format;
  private final long leafLow;
  private final long leafHigh;
  private final long tableLow;
  private final long tableHigh;

  EntryRules(EntryFormat format) {
    this.format = format;
    Stage2Format layout = format.layout();
    // With 52-bit addresses in 64K tables bits 15:12 are the highest address bits.
    long wide = layout.wide64K() ? 0xf000 : 0;
    boolean blockBit = format.level() < 3 && format.bbm() != BbmSupport.LEVEL_0;
    leafLow = (1L << format.shift()) - 1 & ~LOW_12 & ~wide & ~(blockBit ? NT : 0);
    tableLow = format.tableBytes() - 1 & ~LOW_12 & ~wide;
    // Bit 51 is DBM; bit 50 is GP at stage 1.
    long addressWithDs = layout.ds() ? bits(49, 48) : 0;
    leafHigh = bits(format.stage() == 2 ? 50 : 49, 48) & ~addressWithDs;
    tableHigh = bits(51, 48) & ~addressWithDs;
  }

  private static long bits(int high, int low) {
    return (2L << high) - (1L << low);
  }

  EntryFormat format() {
    return format;
  }

  /** Whether there is anything to say of a leaf. */
  boolean suspicious(long leaf) {
    return (leaf & (leafLow | leafHigh)) != 0;
  }

  /** Whether there is anything to say of a table descriptor. */
  boolean suspiciousTable(long table) {
    return (table & (tableLow | tableHigh)) != 0;
  }

  /** Says it of a leaf. */
  void judge(long leaf, Place place, Findings findings) {
    if ((leaf & leafLow) != 0) {
      long output = format.output(leaf);
      findings.add(
          FindingKind.OUTPUT_MISALIGNED,
          1,
          () ->
              new Finding(
                  FindingKind.OUTPUT_MISALIGNED,
                  place,
                  "The descriptor "
                      + Hex.plain(leaf)
                      + " has address bits "
                      + Hex.plain(leaf & leafLow)
                      + " below its size of "
                      + Size.words(1L << format.shift())
                      + ": the walker takes "
                      + Hex.address(output)
                      + ".",
                  "Align the output address to "
                      + Size.words(1L << format.shift())
                      + ", as in "
                      + Hex.plain(leaf & ~leafLow)
                      + ", or map it by smaller entries at level "
                      + (format.level() + 1)
                      + "."));
    }
    if ((leaf & leafHigh) != 0) {
      findings.add(
          FindingKind.ADDRESS_BITS_IN_ATTRIBUTES, 1, () -> inAttributes(leaf, leafHigh, place));
    }
  }

  /** Says it of a table descriptor. */
  void judgeTable(long table, Place place, Findings findings) {
    if ((table & tableLow) != 0) {
      findings.add(
          FindingKind.TABLE_MISALIGNED,
          1,
          () ->
              new Finding(
                  FindingKind.TABLE_MISALIGNED,
                  place,
                  "The descriptor "
                      + Hex.plain(table)
                      + " has address bits "
                      + Hex.plain(table & tableLow)
                      + " below the size of a table, "
                      + Size.words(format.tableBytes())
                      + ": the walker reads the table at "
                      + Hex.address(format.layout().tableAddress(table))
                      + ".",
                  "Put the table at a multiple of "
                      + Size.words(format.tableBytes())
                      + " and store its address, as in "
                      + Hex.plain(table & ~tableLow)
                      + "."));
    }
    if ((table & tableHigh) != 0) {
      findings.add(
          FindingKind.ADDRESS_BITS_IN_ATTRIBUTES, 1, () -> inAttributes(table, tableHigh, place));
    }
  }

  private Finding inAttributes(long descriptor, long mask, Place place) {
    int highest = format.layout().ds() ? 50 : 48;
    return new Finding(
        FindingKind.ADDRESS_BITS_IN_ATTRIBUTES,
        place,
        "The descriptor "
            + Hex.plain(descriptor)
            + " has "
            + Hex.plain(descriptor & mask)
            + " in bits that are RES0, where the bits of an address above "
            + highest
            + " bits land: the walker takes "
            + Hex.address(format.output(descriptor))
            + ".",
        "Refuse addresses of more than "
            + highest
            + " bits in this format, and mask the address before it is stored, as in "
            + Hex.plain(descriptor & ~mask)
            + ".");
  }
}
