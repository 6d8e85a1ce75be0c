package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Device;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one PE reaches memory: alignment, translation through the TLB or a walk, permission, and then
 * RAM or a device.
 *
 * <p>A small cache of pages found in RAM makes repeated accesses cheap. It is no part of the model:
 * it holds only what the TLB model would answer now, and is emptied whenever that may differ.
 *
 * <p>Stage 1 is off for EL1&amp;0 (a guest that turns it on is stopped), so a VA is the IPA, and
 * data is Device-nGnRnE unless HCR_EL2.DC makes it Normal. Source: Arm ARM, "The effects of
 * disabling a stage of address translation".
 */
final class MemoryPort {
  private static final int SLOTS = 256;
  private static final long PAGE_MASK = -4096L;
  private static final int EPOCHS = 4096;
  private static final long SCTLR_M = 1L;
  private static final long SCTLR_A = 1L << 1;
  private static final int ID_AA64MMFR2 = SystemRegisters.index("ID_AA64MMFR2_EL1");

  /** ID_AA64MMFR2_EL1.AT: FEAT_LSE2 is implemented. */
  private static final long MMFR2_AT = 0xfL << 32;

  private final Pe pe;
  private final PhysicalSpace space;
  private final PhysicalMemory ram;
  private final Tlb tlb;
  private final Features features;
  private final DescriptorReader descriptors;

  private final long[] readTags = new long[SLOTS];
  private final long[] writeTags = new long[SLOTS];
  private final @Nullable Frame[] readFrames = new Frame[SLOTS];
  private final @Nullable Frame[] writeFrames = new Frame[SLOTS];

  /** Goes into the low bits of a tag, so that raising it empties the cache. Never 0. */
  private int epoch = 1;

  private int ramGeneration;
  private long tlbGeneration;
  private @Nullable Stage2Parameters parameters;
  private @Nullable DecodedPage code;
  private long codePage;
  private long exclusiveAddress;
  private int exclusiveBytes;

  MemoryPort(Pe pe, PhysicalSpace space, Tlb tlb, Features features) {
    this.pe = pe;
    this.space = space;
    this.ram = space.ram();
    this.tlb = tlb;
    this.features = features;
    this.descriptors =
        pa -> {
          if (!ram.contains(pa, 8)) {
            throw ExternalAbort.ABORT;
          }
          return ram.read(pa, 8);
        };
  }

  /** The exception level or another part of PSTATE has changed. */
  void contextChanged() {
    forget();
  }

  /** A register has changed that translation may depend on. */
  void controlsChanged() {
    parameters = null;
    forget();
  }

  /** Empties the page cache if memory or the TLB have changed behind it. */
  void sync() {
    if (ramGeneration != ram.generation() || tlbGeneration != tlb.generation()) {
      forget();
    }
  }

  private void forget() {
    ramGeneration = ram.generation();
    tlbGeneration = tlb.generation();
    code = null;
    epoch++;
    if (epoch == EPOCHS) {
      epoch = 1;
      Arrays.fill(readTags, 0);
      Arrays.fill(writeTags, 0);
    }
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

  /**
   * An access across two pages of different types is CONSTRAINED UNPREDICTABLE: here the type of
   * its first byte decides whether it must be aligned. Source: Arm ARM, "Crossing a page boundary
   * with different memory types or Shareability attributes".
   */
  private long loadSlowly(long va, int size, Access.Kind kind, int how) {
    boolean privileged = privileged(how);
    Access access = new Access(kind, size, privileged);
    checkAlignment(va, size, access, how);
    if (crossesPage(va, size)) {
      long next = (va | ~PAGE_MASK) + 1;
      int first = (int) (next - va);
      long low = translate(va, access, false);
      long high = translate(next, access, true);
      requirePresent(low, first, va, access);
      requirePresent(high, size - first, next, access);
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        long pa = i < first ? low + i : high + (i - first);
        value = value << 8 | readPhysical(pa, 1, va, access);
      }
      sync();
      return value;
    }
    long pa = translate(va, access, (va & (size - 1)) == 0);
    sync();
    if (kind == Access.Kind.READ && how == 0 && mayCache() && ram.contains(pa, size)) {
      Frame frame = ram.frame(pa);
      if (frame != null) {
        int slot = (int) (va >>> 12) & (SLOTS - 1);
        readTags[slot] = (va & PAGE_MASK) | epoch;
        readFrames[slot] = frame;
      }
    }
    return readPhysical(pa, size, va, access);
  }

  private void storeSlowly(long va, int size, long value, Access.Kind kind, int how) {
    boolean privileged = privileged(how);
    Access access = new Access(kind, size, privileged);
    checkAlignment(va, size, access, how);
    if (crossesPage(va, size)) {
      long next = (va | ~PAGE_MASK) + 1;
      int first = (int) (next - va);
      long low = translate(va, access, false);
      long high = translate(next, access, true);
      requirePresent(low, first, va, access);
      requirePresent(high, size - first, next, access);
      for (int i = 0; i < size; i++) {
        long pa = i < first ? low + i : high + (i - first);
        writePhysical(pa, 1, value >>> (8 * i), va, access);
      }
      sync();
      return;
    }
    long pa = translate(va, access, (va & (size - 1)) == 0);
    writePhysical(pa, size, value, va, access);
    sync();
    if (kind == Access.Kind.WRITE && how == 0 && mayCache() && ram.contains(pa, size)) {
      Frame frame = ram.writable(pa);
      if (frame.listener() == null) {
        int slot = (int) (va >>> 12) & (SLOTS - 1);
        writeTags[slot] = (va & PAGE_MASK) | epoch;
        writeFrames[slot] = frame;
      }
    }
  }

  /** Throws what a write of these bytes would throw of alignment and translation. */
  void probeWrite(long va, int size) {
    Access access = new Access(Access.Kind.WRITE, size, privileged(0));
    checkAlignment(va, size, access, 0);
    translate(va, access, (va & (size - 1)) == 0);
    if (crossesPage(va, size)) {
      translate((va | ~PAGE_MASK) + 1, access, true);
    }
  }

  /** Without a TLB every access walks, so nothing may be answered without one. */
  private boolean mayCache() {
    return tlb.mode() != Tlb.Mode.OFF;
  }

  private static boolean crossesPage(long va, int size) {
    return ((va & ~PAGE_MASK) + size) > Frame.SIZE;
  }

  private boolean privileged(int how) {
    return pe.el() > 0 && (how & Pe.UNPRIVILEGED) == 0;
  }

  /**
   * Source: Arm ARM, "Alignment of data accesses": Device memory and ordered or exclusive accesses
   * must be aligned; SCTLR_ELx.A asks for it everywhere.
   */
  private void checkAlignment(long va, int size, Access access, int how) {
    if ((va & (size - 1)) == 0) {
      return;
    }
    boolean device = pe.el() == 2 || !pe.system.hcr(SystemRegisters.HCR_DC);
    long sctlr =
        pe.system.get(pe.el() == 2 ? SystemRegisters.SCTLR_EL2 : SystemRegisters.SCTLR_EL1);
    boolean strict =
        (how & Pe.ALIGNED) != 0 || ((how & Pe.WITHIN_16) != 0 && !allowedByLse2(va, size));
    if (device || strict || (sctlr & SCTLR_A) != 0) {
      throw pe.pending.abort(
          pe.exceptions().targetOfOwnExceptions(),
          FaultKind.ALIGNMENT.statusCode(0),
          va,
          access.kind());
    }
  }

  private boolean allowedByLse2(long va, int size) {
    return (pe.system.get(ID_AA64MMFR2) & MMFR2_AT) != 0 && (va & 15) + size <= 16;
  }

  /**
   * Output address of an access by the PE's present regime; throws the abort if there is none.
   *
   * @param aligned whether the whole access is, as Device memory asks for
   */
  private long translate(long va, Access access, boolean aligned) {
    if (pe.el() == 2) {
      return va;
    }
    if (va >>> features.paBits() != 0) {
      throw pe.pending.abort(
          pe.exceptions().targetOfOwnExceptions(),
          FaultKind.ADDRESS_SIZE.statusCode(0),
          va,
          access.kind());
    }
    Stage2Parameters now = parameters();
    if (!now.enabled()) {
      return va;
    }
    TlbEntry entry = tlb.lookup(pe.id(), now.vmid(), va, access);
    if (entry != null) {
      requireAligned(aligned, entry.memoryType(), va, access);
      Translation.Fault refusal = entry.refusal(va, access);
      if (refusal != null) {
        Translation none = new Translation(2, now.vmid(), va, access, List.of(), refusal);
        throw pe.pending.stage2Abort(va, none, refusal);
      }
      return entry.output(va);
    }
    return walk(now, va, access, aligned);
  }

  /** Source: Arm ARM, "Alignment of data accesses": stage 2 alone made this Device memory. */
  private void requireAligned(boolean aligned, MemoryType type, long va, Access access) {
    if (!aligned && type.isDevice()) {
      throw pe.pending.stage2Alignment(va, access.kind());
    }
  }

  private long walk(Stage2Parameters now, long ipa, Access access, boolean aligned) {
    long before = pe.interventions();
    Translation translation = Stage2Walk.walk(now, ipa, access, descriptors);
    pe.report(new SimEvent.Translated(pe.instructionAddress, translation));
    if (pe.interventions() != before) {
      // What was read may be no longer so: the walk is made again.
      return translate(ipa, access, aligned);
    }
    translation.update().ifPresent(u -> ram.write(u.pa(), 8, u.value()));
    tlb.insert(pe.id(), now, translation);
    return switch (translation.outcome()) {
      case Translation.Output output -> {
        requireAligned(aligned, output.memoryType(), ipa, access);
        yield output.address();
      }
      case Translation.Fault fault -> throw pe.pending.stage2Abort(ipa, translation, fault);
    };
  }

  /** Source: Arm ARM, SCTLR_EL1.M; HCR_EL2.DC and HCR_EL2.TGE make it behave as 0. */
  private void refuseStage1() {
    if ((pe.system.get(SystemRegisters.SCTLR_EL1) & SCTLR_M) != 0
        && !pe.system.hcr(SystemRegisters.HCR_DC)
        && !pe.system.hcr(SystemRegisters.HCR_TGE)) {
      throw new Unsimulated(
          "the guest turned stage 1 on (SCTLR_EL1.M = 1), which this version does not translate");
    }
  }

  private Stage2Parameters parameters() {
    Stage2Parameters now = parameters;
    if (now == null) {
      refuseStage1();
      now =
          Stage2Parameters.decode(
              pe.system.get(SystemRegisters.VTCR_EL2),
              pe.system.get(SystemRegisters.VTTBR_EL2),
              pe.system.get(SystemRegisters.HCR_EL2),
              features);
      parameters = now;
    }
    return now;
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
      ram.write(pa, size, value);
      return;
    }
    Device device = space.device(pa);
    if (device == null) {
      throw externalAbort(va, access);
    }
    device.write(pa - device.base(), size, value);
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
    DecodedPage page = code;
    if (page != null && codePage == (va & (PAGE_MASK | 3))) {
      return page;
    }
    return fetchSlowly(va);
  }

  private DecodedPage fetchSlowly(long va) {
    if ((va & 3) != 0) {
      throw pe.pending.misalignedPc(pe.exceptions().targetOfOwnExceptions(), va);
    }
    Access access = new Access(Access.Kind.FETCH, 4, pe.el() > 0);
    long pa = translate(va, access, true);
    if (!ram.contains(pa, 4)) {
      throw externalAbort(va, access);
    }
    Frame frame = ram.frame(pa);
    if (frame == null || !(frame.listener() instanceof DecodedPage)) {
      frame = ram.watch(pa, DecodedPage::new);
    }
    sync();
    DecodedPage page = (DecodedPage) Objects.requireNonNull(frame.listener());
    if (mayCache()) {
      code = page;
      codePage = va & PAGE_MASK;
    }
    return page;
  }

  void markExclusive(long va, int bytes) {
    exclusiveAddress = va;
    exclusiveBytes = bytes;
  }

  boolean takeExclusive(long va, int bytes) {
    boolean mine = exclusiveBytes == bytes && exclusiveAddress == va;
    exclusiveBytes = 0;
    return mine;
  }

  void clearExclusive() {
    exclusiveBytes = 0;
  }

  long exclusiveAddress() {
    return exclusiveAddress;
  }

  int exclusiveBytes() {
    return exclusiveBytes;
  }

  void restoreExclusive(long address, int bytes) {
    exclusiveAddress = address;
    exclusiveBytes = bytes;
  }
}
