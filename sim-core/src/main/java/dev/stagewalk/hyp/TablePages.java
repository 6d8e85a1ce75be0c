package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;

/**
 * Tables cut out of host pages that are larger than a table. The first piece of each page is its
 * head: the address of the next such page, and a bit for each piece in use. A page none of whose
 * tables is in use is given back.
 */
final class TablePages {
  private static final int USED = 8;

  private final El2 el2;
  private final Stage2Struct struct;
  private final long tableBytes;
  private final long pageBytes;

  TablePages(El2 el2, Stage2Struct struct, long tableBytes) {
    this.el2 = el2;
    this.struct = struct;
    this.tableBytes = tableBytes;
    this.pageBytes = el2.hostPageSize();
  }

  /** A table; 0 if there is no memory. */
  long take() {
    int pieces = (int) (pageBytes / tableBytes);
    for (long page = struct.tablePages(el2); page != 0; page = el2.load(page)) {
      long used = el2.load(page + USED);
      int piece = Long.numberOfTrailingZeros(~used);
      if (piece < pieces) {
        el2.store(page + USED, 8, used | 1L << piece);
        return page + piece * tableBytes;
      }
    }
    long page = el2.allocate(0).value();
    if (page == El2.NULL.value()) {
      return page;
    }
    el2.store(page, 8, struct.tablePages(el2));
    el2.store(page + USED, 8, 0b11);
    struct.setTablePages(el2, page);
    return page + tableBytes;
  }

  /** Gives a table back. */
  void give(long table) {
    long page = table & -pageBytes;
    long used = el2.load(page + USED) & ~(1L << (table - page) / tableBytes);
    if (used != 1) {
      el2.store(page + USED, 8, used);
      return;
    }
    long next = el2.load(page);
    long before = 0;
    for (long at = struct.tablePages(el2); at != page; at = el2.load(at)) {
      before = at;
    }
    if (before == 0) {
      struct.setTablePages(el2, next);
    } else {
      el2.store(before, 8, next);
    }
    el2.free(new Pa(page));
  }
}
