package dev.stagewalk.trace;

import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableShape;
import dev.stagewalk.mmu.TableSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Puts a sweep over stage-2 tables into the lines of the kernel's {@code stage2_page_tables}.
 * Entries come in order of IPA; between them lie the zero entries of the same table, which are a
 * hole of its level.
 */
final class PtdumpText implements TableSweep.Visitor {
  private static final String UNITS = "KMGTPE";

  /** Bits of a descriptor that the kernel prints: S2AP, AF, XN. */
  private static final long PRINTED = 3L << 6 | 1L << 10 | 3L << 53;

  private final Stage2Parameters parameters;
  private final TableShape shape;
  private final Writer out;

  /** Tables that are entered, innermost first. */
  private final Deque<Table> open = new ArrayDeque<>();

  /** Everything before it has been said. */
  private long at;

  /** The range that is open, if it is known that there is one. */
  private boolean known;

  private long from;
  private long stop;
  private int level = Integer.MIN_VALUE;
  private String attributes = "";
  private long lines;
  private long odd;

  private record Table(int level, long end) {}

  PtdumpText(Stage2Parameters parameters, Writer out) {
    this.parameters = parameters;
    this.shape = TableShape.of(parameters);
    this.out = out;
  }

  @Override
  public boolean table(int tableLevel, long base, int entries, long ipa) {
    if (!open.isEmpty()) {
      leave(ipa);
    }
    // An entry that named this table was passed over as something that may not be followed.
    at = ipa;
    open.push(new Table(tableLevel, ipa + ((long) entries << shift(tableLevel))));
    return true;
  }

  @Override
  public void next(long ipa, int ofLevel, long descriptor) {
    leave(ipa);
    holes(ipa, ofLevel);
    at = ipa + (1L << shift(ofLevel));
  }

  @Override
  public void leaf(long ipa, int ofLevel, long pa, long descriptor) {
    leave(ipa);
    holes(ipa, ofLevel);
    note(ipa, ipa + (1L << shift(ofLevel)), ofLevel, words(descriptor, ofLevel));
  }

  @Override
  public void invalid(long ipa, int ofLevel, long descriptor) {
    leave(ipa);
    holes(ipa, ofLevel);
    String words = (descriptor & PRINTED) == 0 ? "" : " F" + access(descriptor, false) + "   ";
    note(ipa, ipa + (1L << shift(ofLevel)), ofLevel, words);
  }

  @Override
  public void oddity(TableSweep.Oddity oddity) {
    odd++;
    if (oddity.kind() == TableSweep.Kind.NO_MEMORY) {
      leave(oddity.ipa());
      holes(oddity.ipa(), oddity.level());
      Table table = open.peek();
      at = table == null ? oddity.ipa() : table.end();
    }
  }

  /** Leaves the tables that end before an IPA. */
  private void leave(long ipa) {
    Table table = open.peek();
    while (table != null && Long.compareUnsigned(table.end(), ipa) <= 0) {
      holes(table.end(), table.level());
      open.pop();
      table = open.peek();
    }
  }

  private void holes(long end, int ofLevel) {
    if (Long.compareUnsigned(at, end) < 0) {
      note(at, end, ofLevel, "");
    }
  }

  /** After the last entry: what is left of every table is a hole. */
  void finish() throws IOException {
    while (!open.isEmpty()) {
      Table table = open.pop();
      holes(table.end(), table.level());
    }
    say();
  }

  private void note(long start, long end, int ofLevel, String words) {
    boolean goesOn = level == ofLevel && attributes.equals(words) && known && start == stop;
    if (!goesOn) {
      try {
        say();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      from = start;
      level = ofLevel;
      attributes = words;
      known = true;
    }
    stop = end;
    at = end;
  }

  /** Writes the range that is open, if one is. */
  private void say() throws IOException {
    if (!known) {
      return;
    }
    long size = stop - from >>> 10;
    int unit = 0;
    while ((size & 1023) == 0 && unit < UNITS.length() - 1) {
      size >>>= 10;
      unit++;
    }
    out.write(
        "0x%016x-0x%016x   %9d%c %d%s\n"
            .formatted(from, stop, size, UNITS.charAt(unit), level, attributes));
    lines++;
    known = false;
  }

  private int shift(int ofLevel) {
    return shape.granule().levelShift(ofLevel);
  }

  private String words(long leaf, int ofLevel) {
    return "  "
        + access(leaf, true)
        + (flag(leaf) ? " AF" : "   ")
        + (ofLevel < 3 ? " BLK" : "    ");
  }

  private static boolean flag(long leaf) {
    return (leaf >>> 10 & 1) != 0;
  }

  private String access(long descriptor, boolean valid) {
    Stage2Attributes a = Stage2Attributes.of(descriptor, parameters);
    String execute =
        a.executableAtEl1()
            ? a.executableAtEl0() ? "px ux " : "px UXN"
            : a.executableAtEl0() ? "PXNux " : "PXNUXN";
    return (valid && a.readable() ? " R" : "  ")
        + (valid && a.writable() ? " W" : "  ")
        + " "
        + execute;
  }

  long lines() {
    return lines;
  }

  long oddities() {
    return odd;
  }
}
