package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Compares memory; pages that both moments share are not read. */
final class MemoryComparison {
  /** Ranges that are kept; of the others only the number. */
  static final int MOST = 1000;

  private static final int WORD = 8;

  private final MemoryImage first;
  private final MemoryImage second;
  private final TablePages pages;
  private final SymbolTable names;
  private final List<MemoryDifference.Range> ranges = new ArrayList<>();
  private long count;
  private long bytes;
  private long tableBytes;
  private long from = -1;
  private long end;
  private long differing;
  private String what = "";

  private MemoryComparison(Snapshot first, Snapshot second, TablePages pages) {
    this.first = first.memory();
    this.second = second.memory();
    this.pages = pages;
    this.names = first.program().names();
  }

  /**
   * Compares the memory of two moments.
   *
   * @param pages which of it are translation tables
   */
  static MemoryDifference of(Snapshot first, Snapshot second, TablePages pages) {
    if (first.dump().isPresent() || second.dump().isPresent()) {
      return new MemoryDifference(List.of(), 0, 0, 0, "memory of a dump is not compared");
    }
    return new MemoryComparison(first, second, pages).compare();
  }

  private MemoryDifference compare() {
    for (long page : first.pagesUnlike(second)) {
      page(page);
    }
    close();
    return new MemoryDifference(ranges, count, bytes, tableBytes, note());
  }

  private String note() {
    boolean same = first.base() == second.base() && first.size() == second.size();
    return same
        ? ""
        : "the machines have memory of "
            + bank(first)
            + " and "
            + bank(second)
            + ": only what both have is compared";
  }

  private static String bank(MemoryImage memory) {
    return Size.words(memory.size()) + " at " + Hex.address(memory.base());
  }

  private void page(long page) {
    boolean table = pages.at(page).isPresent();
    for (long pa = page; pa < page + Frame.SIZE; pa += WORD) {
      long one = first.read(pa, WORD);
      long other = second.read(pa, WORD);
      if (one == other) {
        continue;
      }
      int unequal = unequalBytes(one ^ other);
      bytes += unequal;
      tableBytes += table ? unequal : 0;
      if (from == -1 || pa != end || startsOther(pa)) {
        close();
        from = pa;
        what = what(pa);
      }
      end = pa + WORD;
      differing += unequal;
    }
  }

  /** Whether something else begins at an address than what the open range is. */
  private boolean startsOther(long pa) {
    return (pa & (Frame.SIZE - 1)) == 0 && !pages.at(pa).equals(pages.at(from));
  }

  private static int unequalBytes(long difference) {
    int count = 0;
    for (long left = difference; left != 0; left >>>= WORD) {
      count += (left & 0xff) == 0 ? 0 : 1;
    }
    return count;
  }

  private String what(long pa) {
    return pages.at(pa).map(TablePages.Table::words).or(() -> names.name(pa)).orElse("");
  }

  private void close() {
    if (from == -1) {
      return;
    }
    count++;
    if (ranges.size() < MOST) {
      ranges.add(
          new MemoryDifference.Range(
              from, end - from, differing, first.read(from, WORD), second.read(from, WORD), what));
    }
    from = -1;
    differing = 0;
  }
}
