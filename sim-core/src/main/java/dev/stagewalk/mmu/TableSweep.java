package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.function.Supplier;

/**
 * One pass over all stage-2 tables in order of IPA. Every entry that is not zero is shown to a
 * visitor and none is kept, so a sweep takes the same small memory whatever the tables hold, and it
 * ends whatever they hold: a table that leads back to itself is named and not entered again, and
 * the number of tables has a limit.
 */
public final class TableSweep {
  /** Tables entered before a sweep gives up: enough for 512 million entries of 4K tables. */
  public static final long USUAL_LIMIT = 1 << 20;

  /** Bytes of a table that are tried again after one could not be read: dumps have whole pages. */
  private static final int PAGE = 4096;

  private final TableShape shape;
  private final Stage2Format format;
  private final Granule granule;
  private final DescriptorReader reader;
  private final Visitor visitor;
  private final long limit;
  private final long[] path = new long[5];
  private int depth;
  private long tables;
  private boolean complete = true;

  /** Sees what a sweep meets. */
  public interface Visitor {
    /**
     * A table that is about to be read; after it come its entries and what they lead to.
     *
     * @param level level of lookup, −1 to 3
     * @param base physical address of its first entry
     * @param entries of the root, those of all its concatenated tables
     * @param ipa first IPA that it covers
     * @return false to leave it out, with all below it
     */
    default boolean table(int level, long base, int entries, long ipa) {
      return true;
    }

    /** A descriptor that names a table, before that is followed. */
    default void next(long ipa, int level, long descriptor) {}

    /**
     * A block or page.
     *
     * @param pa output address, without the offset
     */
    void leaf(long ipa, int level, long pa, long descriptor);

    /** An invalid entry that is not zero, or one whose encoding is reserved. */
    default void invalid(long ipa, int level, long descriptor) {}

    /** Something that a walk would fault on, or that a sweep cannot follow. */
    default void oddity(Oddity oddity) {}
  }

  /** What can be odd about an entry. */
  public enum Kind {
    /** The table it names is one that led here. */
    LOOP,
    /** No memory answers for a part of a table. */
    NO_MEMORY,
    /** The next table lies beyond the output size. */
    TABLE_BEYOND_OUTPUT_SIZE,
    /** The output address lies beyond the output size: a walk ends in an Address size fault. */
    OUTPUT_BEYOND_OUTPUT_SIZE,
    /** Bits [1:0] are 0b01 where no block can stand: the entry counts as invalid. */
    RESERVED,
    /** The limit of tables is reached. */
    TOO_MANY_TABLES
  }

  /**
   * Something odd.
   *
   * @param ipa first IPA that it concerns
   * @param level level of lookup of the table it stands in
   * @param at physical address of the entry, or of the part of a table that cannot be read
   * @param descriptor the entry; 0 where it cannot be read
   * @param words what it is, in words, made when they are asked for
   */
  public record Oddity(
      Kind kind, long ipa, int level, long at, long descriptor, Supplier<String> words) {

    /** What it is, in words. */
    public String sentence() {
      return words.get();
    }
  }

  private TableSweep(TableShape shape, DescriptorReader reader, Visitor visitor, long limit) {
    this.shape = shape;
    this.format = shape.format();
    this.granule = shape.granule();
    this.reader = reader;
    this.visitor = visitor;
    this.limit = limit;
  }

  /**
   * What a sweep did.
   *
   * @param tables tables entered; the concatenated tables of the root count as one
   * @param complete false if the limit of tables ended it
   */
  public record Done(long tables, boolean complete) {}

  /** Sweeps with the usual limit; nothing is met where the controls make every walk fault. */
  public static Done over(Stage2Parameters parameters, DescriptorReader reader, Visitor visitor) {
    return over(parameters, reader, visitor, USUAL_LIMIT);
  }

  /**
   * Sweeps all tables.
   *
   * @param limit tables to enter at most
   */
  public static Done over(
      Stage2Parameters parameters, DescriptorReader reader, Visitor visitor, long limit) {
    return over(TableShape.of(parameters), reader, visitor, limit);
  }

  /** Sweeps all tables of either stage; those of stage 1 have VAs where IPAs are spoken of. */
  public static Done over(TableShape shape, DescriptorReader reader, Visitor visitor, long limit) {
    TableSweep sweep = new TableSweep(shape, reader, visitor, limit);
    if (shape.walkable()) {
      sweep.table(shape.startLevel(), shape.rootBase(), shape.rootEntries(), shape.firstInput());
    }
    return new Done(sweep.tables, sweep.complete);
  }

  private void table(int level, long base, int entries, long ipa) {
    if (!visitor.table(level, base, entries, ipa)) {
      return;
    }
    tables++;
    path[depth++] = base;
    int shift = granule.levelShift(level);
    int i = 0;
    while (i < entries && complete) {
      long at = base + 8L * i;
      long descriptor;
      try {
        descriptor = reader.read(at);
      } catch (ExternalAbort _) {
        i = passOver(level, base, entries, ipa, i);
        continue;
      }
      if (descriptor != 0) {
        entry(level, at, ipa + ((long) i << shift), descriptor);
      }
      i++;
    }
    depth--;
  }

  /** Names a part of a table that cannot be read; returns the first entry behind it. */
  private int passOver(int level, long base, int entries, long ipa, int first) {
    int next = first;
    while (next < entries) {
      long at = base + 8L * next;
      try {
        reader.read(at);
        break;
      } catch (ExternalAbort _) {
        next += (int) (PAGE - (at & (PAGE - 1))) / 8;
      }
    }
    int end = Math.min(next, entries);
    long from = base + 8L * first;
    visitor.oddity(
        new Oddity(
            Kind.NO_MEMORY,
            ipa + ((long) first << granule.levelShift(level)),
            level,
            from,
            0,
            () -> unreadable(level, base, entries, from, base + 8L * end - 1)));
    return end;
  }

  private static String unreadable(int level, long base, int entries, long from, long last) {
    return (last - from + 1 == 8L * entries ? "the level " : "a part of the level ")
        + level
        + " table at "
        + Hex.address(base)
        + " cannot be read: no memory at "
        + Hex.address(from)
        + " to "
        + Hex.address(last);
  }

  private void entry(int level, long at, long ipa, long descriptor) {
    Verdict kind = format.kind(descriptor, level);
    switch (kind) {
      case TABLE -> descend(level, at, ipa, descriptor);
      case BLOCK, PAGE -> {
        if (beyond(descriptor)) {
          odd(
              Kind.OUTPUT_BEYOND_OUTPUT_SIZE,
              ipa,
              level,
              at,
              descriptor,
              () ->
                  "maps "
                      + Hex.address(format.leafAddress(descriptor, level))
                      + ", beyond the output size of "
                      + shape.outputBits()
                      + " bits: an Address size fault");
        }
        visitor.leaf(ipa, level, format.leafAddress(descriptor, level), descriptor);
      }
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> {
        if ((descriptor & Stage2Format.VALID) != 0) {
          odd(
              Kind.RESERVED,
              ipa,
              level,
              at,
              descriptor,
              () ->
                  "has bits [1:0] = 0b01, "
                      + (level == 3
                          ? "which is reserved at level 3"
                          : "but no block can stand at this level with the "
                              + granule.text()
                              + " granule")
                      + ": it counts as invalid");
        }
        visitor.invalid(ipa, level, descriptor);
      }
    }
  }

  private void descend(int level, long at, long ipa, long descriptor) {
    long next = format.tableAddress(descriptor);
    visitor.next(ipa, level, descriptor);
    if (beyond(descriptor)) {
      odd(
          Kind.TABLE_BEYOND_OUTPUT_SIZE,
          ipa,
          level,
          at,
          descriptor,
          () ->
              "names a table at "
                  + Hex.address(next)
                  + ", beyond the output size of "
                  + shape.outputBits()
                  + " bits: an Address size fault");
    } else if (isAbove(next)) {
      odd(
          Kind.LOOP,
          ipa,
          level,
          at,
          descriptor,
          () ->
              "names the table at "
                  + Hex.address(next)
                  + ", through which it was reached: a loop, not followed");
    } else if (tables >= limit) {
      complete = false;
      odd(
          Kind.TOO_MANY_TABLES,
          ipa,
          level,
          at,
          descriptor,
          () ->
              "would be table "
                  + (limit + 1)
                  + ": the sweep ends here, and nothing beyond was looked at");
    } else {
      table(level + 1, next, granule.entries(), ipa);
    }
  }

  /** Whether a table, or the root it is a part of, leads to the entry that is looked at. */
  private boolean isAbove(long table) {
    long offset = table - shape.rootBase();
    if (offset >= 0 && offset < shape.rootBytes()) {
      return true;
    }
    for (int i = 0; i < depth; i++) {
      if (path[i] == table) {
        return true;
      }
    }
    return false;
  }

  private void odd(
      Kind kind, long ipa, int level, long at, long descriptor, Supplier<String> words) {
    visitor.oddity(
        new Oddity(
            kind,
            ipa,
            level,
            at,
            descriptor,
            () ->
                "the level "
                    + level
                    + " entry at "
                    + Hex.address(at)
                    + " for IPA "
                    + Hex.address(ipa)
                    + " ("
                    + Hex.full(descriptor)
                    + ") "
                    + words.get()));
  }

  /** As the walker does, address bits below the size of a block count too. */
  private boolean beyond(long descriptor) {
    return format.tableAddress(descriptor) >>> shape.outputBits() != 0;
  }
}
