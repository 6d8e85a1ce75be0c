package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Device;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one PE reaches memory: alignment, translation, and then RAM or a device.
 *
 * <p>A small cache of pages found in RAM makes repeated accesses cheap. It is no part of the model:
 * it holds only what the TLB model would answer now, and is emptied whenever that may differ.
 */
final class MemoryPort {
  private static final int SLOTS = 256;
  private static final int CODE_SLOTS = 64;

  /** Pages of an evicted TLB entry that are looked for one by one. */
  private static final int MOST_PAGES = 64;

  private static final long PAGE_MASK = -4096L;
  private static final int EPOCHS = 4096;

  private final Pe pe;
  private final PhysicalSpace space;
  private final PhysicalMemory ram;
  private final Tlb tlb;
  private final Translator translator;
  private final ExclusivesMonitor exclusives;

  private final long[] readTags = new long[SLOTS];
  private final long[] writeTags = new long[SLOTS];
  private final @Nullable Frame[] readFrames = new Frame[SLOTS];
  private final @Nullable Frame[] writeFrames = new Frame[SLOTS];

  private final long[] codeTags = new long[CODE_SLOTS];
  private final @Nullable DecodedPage[] codePages = new DecodedPage[CODE_SLOTS];

  /**
   * Goes into the low bits of a tag, so that another one empties the cache. Never 0. Each exception
   * level has its own, so that an exception and its return find again what they left.
   */
  private int epoch = 1;

  /** By exception level and PSTATE.PAN; 0 for one that has none yet. */
  private final int[] epochs = new int[8];

  private int newestEpoch = 1;

  private int ramGeneration;
  private long tlbGeneration;
  private @Nullable DecodedPage fetched;

  /** Where the last load that went the long way found its first byte. */
  private long loadedFrom;

  private final WatchedPort watched;

  MemoryPort(Pe pe, PhysicalSpace space, Tlb tlb, Features features) {
    this.pe = pe;
    this.space = space;
    this.ram = space.ram();
    this.tlb = tlb;
    this.translator = new Translator(pe, ram, tlb, features);
    this.exclusives = new ExclusivesMonitor(pe);
    this.watched = new WatchedPort(pe, ram, translator);
  }

  /** Says what is watched; null for nothing. */
  void watch(@Nullable DataWatch what) {
    watched.watch(what);
    forget();
  }

  @Nullable DataWatch dataWatch() {
    return watched.watch();
  }

  Translator translator() {
    return translator;
  }

  Tlb tlb() {
    return tlb;
  }

  ExclusivesMonitor exclusives() {
    return exclusives;
  }

  /** The exception level or another part of PSTATE has changed. */
  void contextChanged() {
    translator.controls().contextChanged();
    pe.attention = true;
    enterContext();
  }

  private void enterContext() {
    int context = pe.el() << 1 | ((pe.pstateBits() & Pstate.PAN) != 0 ? 1 : 0);
    int known = epochs[context];
    if (known == 0) {
      if (++newestEpoch == EPOCHS) {
        newestEpoch = 1;
        Arrays.fill(epochs, 0);
        Arrays.fill(readTags, 0);
        Arrays.fill(writeTags, 0);
        Arrays.fill(codeTags, 0);
      }
      known = newestEpoch;
      epochs[context] = known;
    }
    epoch = known;
  }

  /** A register has changed that translation may depend on. */
  void controlsChanged() {
    translator.controls().registersChanged();
    forget();
  }

  /** Removes from the page cache what memory or the TLB have changed behind it. */
  void sync() {
    if (ramGeneration != ram.generation() || tlbGeneration != tlb.generation()) {
      synchronise();
    }
  }

  private void synchronise() {
    Frame replaced = ramGeneration + 1 == ram.generation() ? ram.replacedLast() : null;
    TlbEntry evicted = tlbGeneration + 1 == tlb.generation() ? tlb.evictedLast() : null;
    if ((replaced == null && ramGeneration != ram.generation())
        || (evicted == null && tlbGeneration != tlb.generation())
        || (evicted != null && evicted.size() > (long) MOST_PAGES * Frame.SIZE)) {
      forget();
      return;
    }
    if (replaced != null) {
      drop(replaced);
    }
    if (evicted != null) {
      for (long page = 0; page < evicted.size(); page += Frame.SIZE) {
        drop(evicted.input() + page);
      }
    }
    ramGeneration = ram.generation();
    tlbGeneration = tlb.generation();
  }

  /** Whatever lies in the slots of a page goes, under any tag and in any context. */
  private void drop(long address) {
    int slot = (int) (address >>> 12) & (SLOTS - 1);
    readTags[slot] = 0;
    writeTags[slot] = 0;
    dropCode((int) (address >>> 12) & (CODE_SLOTS - 1));
  }

  private void dropCode(int slot) {
    if (codeTags[slot] != 0) {
      codeTags[slot] = 0;
      if (codePages[slot] == fetched) {
        pe.attention = true;
        fetched = null;
      }
    }
  }

  private void drop(Frame frame) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (readFrames[slot] == frame) {
        readTags[slot] = 0;
      }
      if (writeFrames[slot] == frame) {
        writeTags[slot] = 0;
      }
    }
    if (frame.listener() instanceof DecodedPage) {
      for (int slot = 0; slot < CODE_SLOTS; slot++) {
        DecodedPage page = codePages[slot];
        if (page != null && page.isOf(frame)) {
          dropCode(slot);
        }
      }
    }
  }

  private void forget() {
    ramGeneration = ram.generation();
    tlbGeneration = tlb.generation();
    fetched = null;
    pe.attention = true;
    Arrays.fill(epochs, 0);
    enterContext();
  }

  long load(long va, int size, Access.Kind kind, int how) {
    int slot = (int) (va >>> 12) & (SLOTS - 1);
    if (readTags[slot] == ((va & PAGE_MASK) | epoch) && (va & (size - 1)) == 0 && how == 0) {
      Frame frame = readFrames[slot];
      if (frame != null) {
        return frame.read((int) va & (Frame.SIZE - 1), size);
      }
    }
    return loadSlowly(va, size, kind, how);
  }

  void store(long va, int size, long value, Access.Kind kind, int how) {
    int slot = (int) (va >>> 12) & (SLOTS - 1);
    if (writeTags[slot] == ((va & PAGE_MASK) | epoch) && (va & (size - 1)) == 0 && how == 0) {
      Frame frame = writeFrames[slot];
      if (frame != null) {
        frame.write((int) va & (Frame.SIZE - 1), size, value);
        return;
      }
    }
    storeSlowly(va, size, value, kind, how);
  }

  private long loadSlowly(long va, int size, Access.Kind kind, int how) {
    DataAccess data = DataAccess.own(pe, va, size, kind, how);
    return load(data, va, how, kind == Access.Kind.READ && how == 0 && mayCache(data));
  }

  private void storeSlowly(long va, int size, long value, Access.Kind kind, int how) {
    DataAccess data = DataAccess.own(pe, va, size, kind, how);
    store(data, va, value, how, kind == Access.Kind.WRITE && how == 0 && mayCache(data));
  }

  /**
   * Reads what an access names, zero-extended.
   *
   * <p>An access across two pages of different types is CONSTRAINED UNPREDICTABLE: here the type of
   * its first byte decides whether it must be aligned. Source: Arm ARM, "Crossing a page boundary
   * with different memory types or Shareability attributes".
   *
   * @param keep whether the next access to the page may take the short way
   */
  private long load(DataAccess data, long va, int how, boolean keep) {
    Access access = data.wanted();
    int size = access.size();
    if (crossesPage(va, size)) {
      long next = (va | ~PAGE_MASK) + 1;
      int first = (int) (next - va);
      long low = translator.translate(data.regime(), va, access);
      watched.translated(data.regime(), va);
      long high = translator.translate(data.regime(), next, access.asAligned());
      requirePresent(low, first, va, access);
      requirePresent(high, size - first, next, access);
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        long pa = i < first ? low + i : high + (i - first);
        value = value << 8 | readPhysical(pa, 1, va, access);
      }
      watched.loadedAcross(data.regime(), va, low, next, high, size, value);
      sync();
      return data.inOrder(value);
    }
    long pa = translator.translate(data.regime(), va, access);
    requireExclusives(va, access, how);
    loadedFrom = pa;
    sync();
    if (!watched.isOn()) {
      keepForReads(va, pa, size, keep);
      return data.inOrder(readPhysical(pa, size, va, access));
    }
    watched.translated(data.regime(), va);
    keepForReads(va, pa, size, keep && watched.maySkip(WatchedAccess.Kind.READ, pa));
    long value = readPhysical(pa, size, va, access);
    watched.loaded(pa, size, value);
    return data.inOrder(value);
  }

  private void keepForReads(long va, long pa, int size, boolean keep) {
    if (keep && ram.contains(pa, size)) {
      int slot = (int) (va >>> 12) & (SLOTS - 1);
      readTags[slot] = (va & PAGE_MASK) | epoch;
      readFrames[slot] = ram.readable(pa);
    }
  }

  /** Writes what an access names; see {@link #load(DataAccess, long, int, boolean)}. */
  private void store(DataAccess data, long va, long wanted, int how, boolean keep) {
    Access access = data.wanted();
    int size = access.size();
    long value = data.inOrder(wanted);
    if (crossesPage(va, size)) {
      long next = (va | ~PAGE_MASK) + 1;
      int first = (int) (next - va);
      long low = translator.translate(data.regime(), va, access);
      watched.translated(data.regime(), va);
      long high = translator.translate(data.regime(), next, access.asAligned());
      requirePresent(low, first, va, access);
      requirePresent(high, size - first, next, access);
      watched.storesAcross(data.regime(), va, low, next, high, size, value);
      for (int i = 0; i < size; i++) {
        long pa = i < first ? low + i : high + (i - first);
        writePhysical(pa, 1, value >>> (8 * i), va, access);
      }
      sync();
      return;
    }
    long pa = translator.translate(data.regime(), va, access);
    requireExclusives(va, access, how);
    boolean kept = keep;
    if (watched.isOn()) {
      watched.translated(data.regime(), va);
      kept &= watched.maySkip(WatchedAccess.Kind.WRITE, pa);
      requirePresent(pa, size, va, access);
      watched.stores(pa, size, value);
    }
    writePhysical(pa, size, value, va, access);
    sync();
    if (kept && ram.contains(pa, size)) {
      Frame frame = ram.writable(pa);
      if (frame.listener() == null && !mayBeTable(pa) && !exclusives.markedByOthers(pa)) {
        int slot = (int) (va >>> 12) & (SLOTS - 1);
        writeTags[slot] = (va & PAGE_MASK) | epoch;
        writeFrames[slot] = frame;
      }
    }
  }

  /**
   * Throws what DC ZVA throws of translation; on Device memory that may be an Alignment fault,
   * whatever the address.
   */
  void probeZero(long va, int size) {
    DataAccess data = DataAccess.own(pe, va & -size, size, Access.Kind.WRITE, 0);
    Access zeroing = data.wanted();
    translator.translate(data.regime(), va, doubtsMemory() ? zeroing.asUnaligned() : zeroing);
  }

  private boolean doubtsMemory() {
    return tlb.policy().memoryInDoubt() == Policy.MemoryInDoubt.FAULTS;
  }

  /**
   * Exclusives and atomics are certain to work on Normal Write-Back memory only; whether elsewhere
   * is IMPLEMENTATION DEFINED.
   *
   * <p>Source: Arm ARM, "Load-Exclusive and Store-Exclusive"; ESR_EL1, DFSC 0b110101.
   */
  private void requireExclusives(long va, Access access, int how) {
    boolean exclusive = access.kind() == Access.Kind.ATOMIC || (how & Manner.ALIGNED) != 0;
    if (exclusive && doubtsMemory()) {
      translator.requireWriteBack(va, access);
    }
  }

  /** Throws what a write of these bytes would throw of alignment and translation. */
  void probeWrite(long va, int size) {
    DataAccess data = DataAccess.own(pe, va, size, Access.Kind.WRITE, 0);
    translator.translate(data.regime(), va, data.wanted());
    if (crossesPage(va, size)) {
      translator.translate(data.regime(), (va | ~PAGE_MASK) + 1, data.wanted().asAligned());
    }
  }

  /** Without a TLB every access walks, so nothing may be answered without one. */
  private boolean mayCache() {
    return tlb.mode() != Tlb.Mode.OFF;
  }

  /** The short way knows one order of bytes. */
  private boolean mayCache(DataAccess data) {
    return mayCache() && !data.bigEndian();
  }

  private static boolean crossesPage(long va, int size) {
    return ((va & ~PAGE_MASK) + size) > Frame.SIZE;
  }

  /**
   * A cache maintenance instruction by VA that loses nothing: it has no effect, but its address is
   * translated. It needs permission to read from EL0 alone.
   *
   * <p>Source: Arm ARM, "Cache maintenance instructions"; ESR_EL1, ISS of a Data Abort, field CM.
   */
  void maintain(long va) {
    try {
      Access read = new Access(Access.Kind.READ, 1, pe.el() > 0);
      translator.translate(translator.controls().regime(), va, read);
      sync();
    } catch (GuestException e) {
      if (pe.el() == 0 || !pe.pending.lacksPermission()) {
        throw pe.pending.asMaintenance(e);
      }
    }
  }

  /**
   * DC IVAC, which may lose what was written: it needs permission to write, but makes nothing
   * dirty.
   */
  void invalidate(long va) {
    Access write = new Access(Access.Kind.WRITE, 1, pe.el() > 0);
    Translation walk = translator.probe(translator.controls().regime(), true, va, write);
    if (walk.outcome() instanceof Translation.Fault fault) {
      throw pe.pending.asMaintenance(translator.refused(va, walk, fault));
    }
    sync();
  }

  private long readPhysical(long pa, int size, long va, Access access) {
    if (ram.contains(pa, size)) {
      return ram.read(pa, size);
    }
    Device device = space.device(pa);
    if (device == null) {
      throw externalAbort(va, access);
    }
    return device.read(pa - device.base(), size);
  }

  private void writePhysical(long pa, int size, long value, long va, Access access) {
    if (ram.contains(pa, size)) {
      if (mayBeTable(pa)) {
        writeTable(pa, size, value);
      } else {
        ram.write(pa, size, value);
      }
      exclusives.takeFromOthers(pa, size);
      lookAtCode(pa);
      return;
    }
    Device device = space.device(pa);
    if (device == null) {
      throw externalAbort(va, access);
    }
    device.write(pa - device.base(), size, value);
  }

  /** The hardware is about to update a descriptor. */
  void walkerWrites(Translation walk, Translation.DescriptorUpdate update) {
    watched.walkerWrites(walk, update);
  }

  /** The hardware has updated a descriptor, which other PEs see as they see a store. */
  void walkerWrote(long pa) {
    exclusives.takeFromOthers(pa, 8);
    lookAtCode(pa);
  }

  /** Memory was written: if instructions were, those being executed may be among them. */
  void lookAtCode(long pa) {
    Frame frame = ram.frame(pa);
    if (frame != null && frame.listener() instanceof DecodedPage page && page.takeChanged()) {
      pe.attention = true;
    }
  }

  /** A store to memory that walks have read: whoever follows the tables is told. */
  private void writeTable(long pa, int size, long value) {
    long first = pa & -8;
    long last = (pa + size - 1) & -8;
    long old = ram.read(first, 8);
    long oldOfLast = ram.read(last, 8);
    ram.write(pa, size, value);
    tlb.pending().stored(pe.id(), first, old, ram.read(first, 8));
    if (last != first) {
      tlb.pending().stored(pe.id(), last, oldOfLast, ram.read(last, 8));
    }
    if (!tlb.tables().contains(pa)) {
      return;
    }
    tlb.tables().stored(pa);
    Instruction by = new Instruction(pe.instructionAddress, pe.el());
    pe.report(new SimEvent.DescriptorStored(first, old, ram.read(first, 8), by));
    if (last != first) {
      pe.report(new SimEvent.DescriptorStored(last, oldOfLast, ram.read(last, 8), by));
    }
  }

  /**
   * Whether a store may be one of a descriptor: to memory that walks have read, and before an
   * adversarial TLB to any, because a walk may read there before the next barrier.
   */
  private boolean mayBeTable(long pa) {
    return tlb.mode() == Tlb.Mode.ADVERSARIAL || tlb.tables().contains(pa);
  }

  private void requirePresent(long pa, int size, long va, Access access) {
    if (!ram.contains(pa, size) && space.device(pa) == null) {
      throw externalAbort(va, access);
    }
  }

  /** Source: Arm ARM, "Synchronous External aborts"; HCR_EL2.TEA routes them to EL2. */
  private RuntimeException externalAbort(long va, Access access) {
    int target =
        pe.system.hcr(SystemRegisters.HCR_TEA) ? 2 : pe.exceptions().targetOfOwnExceptions();
    return pe.pending.abort(target, FaultKind.EXTERNAL.statusCode(0), va, access.kind());
  }

  /** The decoded page of the next instruction; a misaligned address is no address in any page. */
  DecodedPage fetch(long va) {
    int slot = (int) (va >>> 12) & (CODE_SLOTS - 1);
    DecodedPage page = codePages[slot];
    if (page != null && codeTags[slot] == ((va & PAGE_MASK) | epoch) && (va & 3) == 0) {
      fetched = page;
      return page;
    }
    return fetchSlowly(va);
  }

  /**
   * Whether the page would be the answer for the next address in it without being asked for anew.
   */
  boolean holds(DecodedPage page) {
    return page == fetched;
  }

  private DecodedPage fetchSlowly(long va) {
    if ((va & 3) != 0) {
      throw pe.pending.misalignedPc(pe.exceptions().targetOfOwnExceptions(), va);
    }
    Access access = new Access(Access.Kind.FETCH, 4, pe.el() > 0);
    long pa = translator.translate(translator.controls().regime(), va, access);
    if (!ram.contains(pa, 4)) {
      throw externalAbort(va, access);
    }
    Frame frame = ram.frame(pa);
    if (frame == null || !(frame.listener() instanceof DecodedPage)) {
      frame = ram.watch(pa, DecodedPage::new);
    }
    sync();
    DecodedPage page = (DecodedPage) Objects.requireNonNull(frame.listener());
    boolean told = watched.isOn() && watched.fetched(translator.controls().regime(), va, pa);
    if (told) {
      fetched = null;
    } else if (mayCache()) {
      int slot = (int) (va >>> 12) & (CODE_SLOTS - 1);
      codeTags[slot] = (va & PAGE_MASK) | epoch;
      codePages[slot] = page;
      fetched = page;
    }
    return page;
  }

  /** Marks what was loaded last; that load must have gone the long way, as exclusives do. */
  void markExclusive(long va, int bytes) {
    exclusives.mark(va, bytes, loadedFrom);
  }

  /** Stores to pages in which another PE has a mark go the long way, where they take it. */
  void watchMarksOfOthers() {
    for (Pe other : pe.wiring().others()) {
      ExclusivesMonitor theirs = other.memory().exclusives;
      if (theirs.bytes() != 0 && ram.contains(theirs.granule(), 1)) {
        Frame marked = ram.frame(theirs.granule());
        for (int slot = 0; slot < SLOTS; slot++) {
          if (writeFrames[slot] == marked) {
            writeTags[slot] = 0;
          }
        }
      }
    }
  }
}
