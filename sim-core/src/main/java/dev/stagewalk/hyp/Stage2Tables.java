package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The tables of one stage 2 as one library call sees them: reading and writing entries, taking and
 * freeing tables, and the maintenance after a change. Made anew for each call.
 */
final class Stage2Tables {
  static final long VALID = 1;
  static final long TABLE = 2;
  static final long PAGE = 3;
  private static final int LAST_LEVEL = 3;

  final El2 el2;
  final Defects defects;
  final Stage2Shape shape;
  final long pgd;

  /** First IPA whose writes are logged. */
  final long logFrom;

  /** First IPA behind those; no more than {@link #logFrom} if none is. */
  final long logTo;

  private final int vmid;
  private final ArrayDeque<Long> reserve = new ArrayDeque<>();
  private final TablePages pages;

  Stage2Tables(El2 el2, Defects defects, Stage2Struct struct) {
    this.el2 = el2;
    this.defects = defects;
    this.shape = struct.shape(el2);
    this.pgd = struct.pgd(el2);
    this.vmid = struct.vmid(el2);
    this.pages = new TablePages(el2, struct, shape.granule().bytes());
    this.logFrom = struct.logFrom(el2);
    this.logTo = struct.logTo(el2);
  }

  boolean has(Defect defect) {
    return defects.has(defect);
  }

  // Entries

  int index(int level, long ipa) {
    int entries = has(Defect.IPA_ALIAS) ? shape.granule().entries() : shape.entries(level);
    return (int) (ipa >>> shape.shift(level)) & entries - 1;
  }

  long slot(long table, int level, long ipa) {
    return table + 8L * index(level, ipa);
  }

  long read(long slot) {
    dereference(slot);
    return el2.load(slot);
  }

  void store(long slot, long descriptor) {
    dereference(slot);
    el2.storeDescriptor(slot, descriptor);
  }

  private void dereference(long slot) {
    if (Long.compareUnsigned(slot, shape.granule().bytes()) < 0) {
      throw new HostFault("the library dereferenced a table at address 0");
    }
  }

  long address(long descriptor) {
    return descriptor & shape.addressMask();
  }

  /** Whether the walker would use an entry; a pointer to address 0 only counts as posted. */
  boolean valid(int level, long descriptor) {
    return (descriptor & VALID) != 0
        && (has(Defect.NULL_TABLE_FOLLOWED)
            || level == LAST_LEVEL
            || (descriptor & TABLE) == 0
            || address(descriptor) != 0);
  }

  boolean table(int level, long descriptor) {
    return level < LAST_LEVEL && valid(level, descriptor) && (descriptor & TABLE) != 0;
  }

  boolean leaf(int level, long descriptor) {
    return valid(level, descriptor) && !table(level, descriptor);
  }

  /** Output address of a leaf. */
  long output(int level, long leaf) {
    return address(leaf) & -(1L << shape.shift(level));
  }

  /** A leaf without its address and its type. */
  long attributes(long leaf) {
    return leaf & ~shape.addressMask() & ~PAGE;
  }

  long leafOf(int level, long pa, long flags) {
    return pa | flags | (level == LAST_LEVEL ? PAGE : VALID);
  }

  /** Whether any write to part of a range is logged. */
  boolean logs(long from, long to) {
    return from < logTo && logFrom < to;
  }

  /** Whether a leaf is writable Normal memory: the only kind whose writes are logged. */
  boolean worthLogging(long leaf) {
    return (leaf & MapFlags.WRITE) != 0 && !MapFlags.device(leaf);
  }

  boolean empty(long table) {
    for (int i = 0; i < shape.granule().entries(); i++) {
      if ((read(table + 8L * i) & VALID) != 0) {
        return false;
      }
    }
    return true;
  }

  /** What the tables say of an IPA. */
  Optional<Mapping> find(long ipa) {
    if (ipa >>> shape.rootReach() != 0) {
      return Optional.empty();
    }
    long table = pgd;
    for (int level = shape.rootLevel(); ; level++) {
      long descriptor = read(slot(table, level, ipa));
      if (leaf(level, descriptor)) {
        long size = 1L << shape.shift(level);
        long pa = output(level, descriptor) | ipa & size - 1;
        return Optional.of(new Mapping(ipa, pa, level, size, descriptor));
      }
      if (!table(level, descriptor)) {
        return Optional.empty();
      }
      table = address(descriptor);
    }
  }

  // Tables

  /** Order of an allocation: log2 of its host pages, at least one. */
  private static int order(El2 el2, long bytes) {
    int pages = (int) (bytes / el2.hostPageSize());
    return pages <= 1 ? 0 : 31 - Integer.numberOfLeadingZeros(pages);
  }

  /** Allocates and clears the root; 0 if there is no memory. */
  static long allocateRoot(El2 el2, Stage2Shape shape) {
    Pa root = el2.allocate(order(el2, shape.rootBytes()));
    if (!root.equals(El2.NULL)) {
      el2.clear(root.value(), shape.rootBytes());
    }
    return root.value();
  }

  /**
   * Makes sure that so many tables can be taken.
   *
   * @return whether they are there; if not, nothing stays allocated
   */
  boolean reserve(int tables) {
    while (reserve.size() < tables) {
      long table = allocateTable();
      if (table == El2.NULL.value()) {
        giveBackReserve();
        return false;
      }
      reserve.add(table);
    }
    return true;
  }

  void giveBackReserve() {
    for (Long table = reserve.poll(); table != null; table = reserve.poll()) {
      freeTable(table);
    }
  }

  /** Whether host pages are cut into tables; the root always has pages of its own. */
  private boolean cutsPages() {
    return el2.hostPageSize() > shape.granule().bytes() && !has(Defect.TABLE_PAGE_WASTE);
  }

  private long allocateTable() {
    return cutsPages() ? pages.take() : el2.allocate(order(el2, shape.granule().bytes())).value();
  }

  private void freeTable(long table) {
    if (table != pgd && cutsPages()) {
      pages.give(table);
    } else {
      el2.free(new Pa(table));
    }
  }

  /** An empty table, from the reserve if there is one; 0 if there is no memory. */
  long takeTable() {
    Long reserved = reserve.poll();
    long pa = reserved != null ? reserved : allocateTable();
    if (pa != El2.NULL.value()) {
      el2.clear(pa, shape.granule().bytes());
    }
    return pa;
  }

  /** Frees a table and every table below it, children first. */
  void freeSubtree(long table, int level) {
    if (level < LAST_LEVEL) {
      for (int i = 0; i < shape.entries(level); i++) {
        long descriptor = read(table + 8L * i);
        if (table(level, descriptor)) {
          freeSubtree(address(descriptor), level + 1);
        }
      }
    }
    freeTable(table);
  }

  // Maintenance

  long vttbr() {
    return vttbr(defects, shape, pgd, vmid);
  }

  static long vttbr(Defects defects, Stage2Shape shape, long pgd, int vmid) {
    if (defects.has(Defect.VMID_OVER_8BIT)) {
      return pgd | (long) vmid << 48;
    }
    boolean wide = (shape.vtcr() & 1L << 19) != 0;
    return pgd | (vmid & (wide ? 0xffffL : 0xffL)) << 48;
  }

  /** Break: an entry becomes invalid and is forgotten by every TLB, so that it may change. */
  void breakEntry(long slot) {
    store(slot, 0);
    invalidate();
  }

  /**
   * Makes earlier stores of descriptors take effect for this VMID on every PE.
   *
   * <p>Source: Arm ARM, "TLB maintenance instructions" and "Ordering and completion of TLB
   * maintenance instructions": the stores must be complete before the TLBI, the TLBI before what
   * follows; and VMALLS12E1IS acts on the VMID that VTTBR_EL2 names.
   */
  void invalidate() {
    if (!has(Defect.NO_DSB_BEFORE_TLBI)) {
      el2.dsbIshst();
    }
    long current = el2.register("VTTBR_EL2");
    long mine = vttbr();
    boolean other = current >>> 48 != mine >>> 48;
    if (other && !has(Defect.TLBI_OTHER_VMID)) {
      el2.writeRegister("VTTBR_EL2", mine);
      el2.isb();
      invalidateCurrentVmid();
      el2.writeRegister("VTTBR_EL2", current);
    } else {
      invalidateCurrentVmid();
    }
  }

  void invalidateCurrentVmid() {
    el2.tlbiVmalls12e1is();
    el2.dsbIsh();
    el2.isb();
  }

  /**
   * Makes changes of leaves in place take effect.
   *
   * @param held whether a TLB may hold what they were
   */
  void settle(boolean held) {
    if (held) {
      invalidate();
    } else {
      publish();
    }
  }

  /** Makes stores to entries that were invalid visible to the walker; that needs no TLBI. */
  void publish() {
    if (!has(Defect.NO_DSB_BEFORE_TLBI)) {
      el2.dsbIshst();
    }
    el2.isb();
  }
}
