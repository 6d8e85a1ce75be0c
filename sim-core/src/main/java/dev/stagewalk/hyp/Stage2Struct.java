package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.cpu.El2;

/**
 * {@code struct s2_mmu} in simulated memory. The first 48 bytes are as posted: pgd at 0, vmid at 8,
 * granule at 12, allow_block at 16, page_shift at 20, level_shift at 24, root_level at 28,
 * page_size at 32, block_size at 40. Behind them: IPA bits at 48, log2 of the root tables at 52,
 * VTCR_EL2 at 56, first IPA whose writes are logged at 64 and first behind them at 72, first of the
 * host pages that are cut into tables at 80.
 *
 * @param at its physical address
 */
record Stage2Struct(long at) {
  void write(El2 el2, long pgd, int vmid, Stage2Shape shape) {
    Granule granule = shape.granule();
    el2.store(at, 8, pgd);
    el2.store(at + 8, 8, pair(vmid, granule.ordinal()));
    el2.store(at + 16, 8, pair(shape.blocks() ? 1 : 0, granule.shift()));
    el2.store(at + 24, 8, pair(granule.bitsPerLevel(), shape.rootLevel()));
    el2.store(at + 32, 8, granule.bytes());
    el2.store(at + 40, 8, 1L << granule.levelShift(2));
    el2.store(at + 48, 8, pair(shape.ipaBits(), shape.rootTablesLog2()));
    setVtcr(el2, shape.vtcr());
    if (logTo(el2) != 0) {
      setLog(el2, 0, 0);
    }
    if (tablePages(el2) != 0) {
      setTablePages(el2, 0);
    }
  }

  long tablePages(El2 el2) {
    return el2.load(at + 80);
  }

  void setTablePages(El2 el2, long page) {
    el2.store(at + 80, 8, page);
  }

  void setVtcr(El2 el2, long vtcr) {
    el2.store(at + 56, 8, vtcr);
  }

  void setLog(El2 el2, long from, long to) {
    el2.store(at + 64, 8, from);
    el2.store(at + 72, 8, to);
  }

  long logFrom(El2 el2) {
    return el2.load(at + 64);
  }

  long logTo(El2 el2) {
    return el2.load(at + 72);
  }

  long pgd(El2 el2) {
    return el2.load(at);
  }

  int vmid(El2 el2) {
    return (int) el2.load(at + 8);
  }

  Stage2Shape shape(El2 el2) {
    return new Stage2Shape(
        Granule.values()[high(el2.load(at + 8))],
        (int) el2.load(at + 48),
        high(el2.load(at + 24)),
        high(el2.load(at + 48)),
        (el2.load(at + 16) & 1) != 0,
        el2.load(at + 56));
  }

  private static long pair(int low, int high) {
    return (long) high << 32 | low & 0xffff_ffffL;
  }

  private static int high(long word) {
    return (int) (word >>> 32);
  }
}
