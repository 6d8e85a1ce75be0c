package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import java.util.Optional;

/**
 * One guest: {@code guest_create}, {@code guest_install_handler}, {@code guest_destroy}, and the
 * memory behind its regions. A handle, like {@link Stage2Mmu}: everything it is about lies in
 * {@code struct guest} in simulated memory.
 */
public final class Guest {
  /** Vector of a synchronous exception from AArch64 below EL2. */
  public static final int VECTOR_SYNC_LOWER_64 = 8;

  private static final int VECTORS = 16;
  private static final long POSTED_CODE_WINDOW = 2L << 20;
  private static final int STACK_BYTES = 64 << 10;
  private static final long SPSR_EL1H_MASKED = 0x3c5;

  private static final long HCR_VM = 1;
  private static final long HCR_POSTED = HCR_VM | 7L << 3 | 1L << 31 | 1L << 34;
  private static final long HCR_TRAPS =
      1L << 1 | 1L << 9 | 1L << 13 | 1L << 19 | 1L << 20 | 1L << 40 | 1L << 41;
  private static final long HCR_DC = 1L << 12;

  /** RES1 bits of SCTLR_EL1 for a PE without the features that give them meaning, and I. */
  private static final long SCTLR_RESET = 0x30d0_1800L;

  /** What a further PE of a guest begins with as the first does. */
  private static final int[] SHARED = {
    GuestStruct.HCR,
    GuestStruct.VTTBR,
    GuestStruct.VTCR,
    GuestStruct.S2MMU,
    GuestStruct.PLAN,
    GuestRegisterSet.offset("VBAR_EL1"),
    GuestRegisterSet.offset("TPIDR_EL1")
  };

  private static final long SCTLR_M_AND_C = 1L | 1L << 2;
  private static final long SCTLR_I = 1L << 12;

  private final El2 el2;
  private final Defects defects;
  private final GuestPlan plan;
  private final GuestStruct struct;

  Guest(El2 el2, Defects defects, GuestPlan plan, long struct) {
    this.el2 = el2;
    this.defects = defects;
    this.plan = plan;
    this.struct = new GuestStruct(struct);
  }

  /** The structure of the PE this handle is for. */
  GuestStruct struct() {
    return struct;
  }

  /** The structure that holds what all PEs of the guest have in common. */
  GuestStruct owner() {
    return struct.owner(el2);
  }

  /** Begins the description of a guest. */
  public static GuestBuilder builder(String name) {
    return new GuestBuilder(name);
  }

  Defects defects() {
    return defects;
  }

  public GuestPlan plan() {
    return plan;
  }

  /** Physical address of {@code struct guest}. */
  public long address() {
    return struct.at();
  }

  /** Its stage 2. */
  public Stage2Mmu stage2() {
    return stage2(el2, defects, owner().at());
  }

  /** Stage 2 of the guest whose first structure stands at an address. */
  static Stage2Mmu stage2(El2 el2, Defects defects, long owner) {
    return new Stage2Mmu(el2, defects, owner + GuestStruct.S2MMU_STRUCT);
  }

  /** Fills the structure, makes the tables and maps the regions that are there from the start. */
  Result create() {
    Optional<String> overlap = plan.overlap();
    if (overlap.isPresent() && !defects.has(Defect.CREATE_UNCHECKED)) {
      return Result.refused(overlap.get());
    }
    Stage2Mmu mmu = stage2();
    Result made = mmu.init(plan.vmid(), plan.granule(), plan.ipaBits(), true);
    if (!made.ok()) {
      Stage2Mmu none = new Stage2Mmu(el2, defects, 0);
      if (defects.has(Defect.CREATE_UNCHECKED)) {
        // Without tables there is nothing to go on with, whatever is checked.
        mapWindow(none);
        throw new HostFault("guest_create went on without a stage 2");
      }
      none.destroy();
      return made;
    }
    Result complete = complete(mmu);
    if (!complete.ok()) {
      giveBack();
    }
    return complete;
  }

  private Result mapWindow(Stage2Mmu mmu) {
    long window = plan.entry() & -POSTED_CODE_WINDOW;
    return mmu.map(window, window, POSTED_CODE_WINDOW, MapFlags.data(defects));
  }

  /** What follows the tables; where a step fails the rest is left out. */
  private Result complete(Stage2Mmu mmu) {
    if (defects.has(Defect.CODE_WINDOW)) {
      Result mapped = mapWindow(mmu);
      if (stopsAt(mapped)) {
        return mapped;
      }
    }
    for (int i = 0; i < plan.regions().size(); i++) {
      Result mapped = new GuestMemory(el2, defects, this).prepare(i);
      if (stopsAt(mapped)) {
        return mapped;
      }
    }
    Result stack = plan.stack().isPresent() ? Result.OK : makeStack(mmu);
    if (stopsAt(stack)) {
      return stack;
    }
    long stackTop = plan.stack().map(GuestRegion::end).orElseGet(this::stackTop);
    mmu.enable();
    writeFields(mmu, stackTop);
    Result el1 = new GuestEl1(el2, defects, this).prepare();
    if (stopsAt(el1)) {
      return el1;
    }
    Result others = makeOtherPes();
    if (stopsAt(others)) {
      return others;
    }
    for (int i = 0; i < plan.handlers().size(); i++) {
      Result installed = installHandler(plan.handlers().get(i).vector(), i + 1);
      if (stopsAt(installed)) {
        return installed;
      }
    }
    return Result.OK;
  }

  private boolean stopsAt(Result result) {
    return !result.ok() && !defects.has(Defect.CREATE_UNCHECKED);
  }

  /** End of the stack that was made; 0 if there is none. */
  private long stackTop() {
    long stack = struct.get(el2, GuestStruct.STACK);
    return stack == 0 ? 0 : stack + STACK_BYTES;
  }

  /** 64 KiB, mapped at their own address. */
  private Result makeStack(Stage2Mmu mmu) {
    int pages = Math.max(1, STACK_BYTES / el2.hostPageSize());
    Pa stack = el2.allocate(31 - Integer.numberOfLeadingZeros(pages));
    if (stack.equals(El2.NULL)) {
      return Result.refused("out of memory for the stack");
    }
    el2.clear(stack.value(), STACK_BYTES);
    struct.set(el2, GuestStruct.STACK, stack.value());
    return mmu.map(stack.value(), stack.value(), STACK_BYTES, MapFlags.data(defects));
  }

  private void writeFields(Stage2Mmu mmu, long stackTop) {
    struct.set(el2, GuestStruct.ELR, plan.entry());
    struct.set(el2, GuestStruct.SPSR, SPSR_EL1H_MASKED);
    long hcr = HCR_POSTED | plan.traps();
    if (!defects.has(Defect.TRAPS_MISSING)) {
      hcr |= HCR_TRAPS;
    }
    if (!defects.has(Defect.STAGE_1_OFF_DEVICE)) {
      hcr |= HCR_DC;
    }
    struct.set(el2, GuestStruct.HCR, hcr);
    struct.set(el2, GuestStruct.VTTBR, mmu.vttbr());
    long sctlr =
        defects.has(Defect.SCTLR_FROM_HOST)
            ? el2.register("SCTLR_EL2") & ~SCTLR_M_AND_C | SCTLR_I
            : SCTLR_RESET;
    struct.set(el2, GuestStruct.SCTLR, sctlr);
    struct.set(el2, GuestStruct.SP_EL1, stackTop);
    struct.set(el2, GuestStruct.S2MMU, struct.at() + GuestStruct.S2MMU_STRUCT);
    if (!defects.has(Defect.VTCR_NOT_IN_GUEST)) {
      struct.set(el2, GuestStruct.VTCR, mmu.vtcr());
    }
  }

  /** A structure for each PE but the first: off, and else like the first's. */
  private Result makeOtherPes() {
    if (plan.pes() == 1) {
      return Result.OK;
    }
    struct.set(el2, GuestStruct.IS_ON, 1);
    struct.set(el2, GuestStruct.PES, struct.at());
    for (int number = 1; number < plan.pes(); number++) {
      long page = el2.allocate(0).value();
      if (page == 0) {
        return Result.refused("out of memory for PE " + number + " of the guest");
      }
      el2.clear(page, el2.hostPageSize());
      GuestStruct other = new GuestStruct(page);
      for (int offset : SHARED) {
        other.set(el2, offset, struct.get(el2, offset));
      }
      other.set(el2, GuestStruct.NUMBER, number);
      struct.set(el2, GuestStruct.PES + 8 * number, page);
    }
    return Result.OK;
  }

  /** The structure of one of the guest's PEs; 0 if there is no such. */
  long pe(int number) {
    if (number < 0 || number >= plan.pes()) {
      return 0;
    }
    return plan.pes() == 1 ? struct.at() : owner().get(el2, GuestStruct.PES + 8 * number);
  }

  /** Number of the guest's PE this handle is for. */
  int number() {
    return (int) struct.get(el2, GuestStruct.NUMBER);
  }

  /** Whether the guest has a PE switched on. */
  boolean isOn(int number) {
    return plan.pes() == 1 || new GuestStruct(pe(number)).get(el2, GuestStruct.IS_ON) != 0;
  }

  /** Whether a PE is on other than the one this handle is for. */
  boolean othersAreOn() {
    for (int i = 0; i < plan.pes(); i++) {
      if (i != number() && isOn(i)) {
        return true;
      }
    }
    return false;
  }

  /** What the guest's PE shall begin with that is switched on. */
  void prepareStart(int number, long entry, long context) {
    GuestStruct other = new GuestStruct(pe(number));
    for (int i = 0; i < GuestStruct.REGISTERS; i++) {
      if (other.x(el2, i) != 0) {
        other.set(el2, 8 * i, 0);
      }
    }
    other.set(el2, 0, context);
    other.set(el2, GuestStruct.ELR, entry);
    other.set(el2, GuestStruct.SPSR, SPSR_EL1H_MASKED);
    other.set(el2, GuestStruct.SP_EL1, 0);
    other.set(el2, GuestStruct.SCTLR, SCTLR_RESET);
    other.set(el2, GuestStruct.IS_ON, 1);
  }

  /**
   * {@code guest_install_handler}.
   *
   * @param vector 0 to 15; others are refused, which the posted function did silently
   * @param handler its number, from 1; 0 removes
   */
  Result installHandler(int vector, int handler) {
    if (vector < 0 || vector >= VECTORS) {
      return Result.refused("there is no vector " + vector);
    }
    owner().set(el2, GuestStruct.HANDLERS + 8 * vector, handler);
    return Result.OK;
  }

  /** Number of the handler installed for a vector; 0 if none. */
  int handler(int vector) {
    return (int) owner().get(el2, GuestStruct.HANDLERS + 8 * vector);
  }

  /** Counts a call of the guest; how many there were. */
  long countCall() {
    long count = owner().get(el2, GuestStruct.HVC_COUNT) + 1;
    owner().set(el2, GuestStruct.HVC_COUNT, count);
    return count;
  }

  /**
   * Maps the granule that contains an IPA to its memory: a region's own, or a fresh zeroed frame
   * where no region is declared.
   */
  Result provide(long ipa) {
    return new GuestMemory(el2, defects, this).provide(ipa);
  }

  /** Gives the granule that contains an IPA a copy of its own, in a region copied on write. */
  Result copyOnWrite(long ipa) {
    return new GuestMemory(el2, defects, this).copyOnWrite(ipa);
  }

  /** Maps the whole block that contains an IPA; empty if no block fits there. */
  Optional<Result> provideBlock(long ipa) {
    return new GuestMemory(el2, defects, this).provideBlock(ipa);
  }

  /** Memory of the emulated device at an IPA; 0 if there is none. */
  long deviceMemory(long ipa) {
    return new GuestMemory(el2, defects, this).deviceMemory(ipa);
  }

  /** {@code guest_destroy}: frees the tables, the guest's memory and the structure. */
  Result destroy() {
    GuestStruct first = owner();
    long running = el2.register("TPIDR_EL2");
    giveBack();
    el2.free(new Pa(first.at()));
    if (!defects.has(Defect.TPIDR_KEEPS_GUEST) && running == struct.at()) {
      el2.writeRegister("TPIDR_EL2", 0);
    }
    return Result.OK;
  }

  /** Frees everything that was made for the guest but its structure. */
  private void giveBack() {
    GuestStruct first = owner();
    Stage2Mmu mmu = stage2();
    if (defects.has(Defect.NO_TLBI_ON_DESTROY)) {
      mmu.disable();
    }
    mmu.destroy();
    if (!defects.has(Defect.DESTROY_LEAKS)) {
      new GuestMemory(el2, defects, this).freeAll();
      freeIfThere(first, GuestStruct.STACK);
      freeIfThere(first, GuestStruct.EL1_VECTORS);
      for (int number = 1; number < plan.pes(); number++) {
        freeIfThere(first, GuestStruct.PES + 8 * number);
      }
    }
    freeIfThere(first, GuestStruct.EL1_CONTEXT);
  }

  private void freeIfThere(GuestStruct first, int offset) {
    long page = first.get(el2, offset);
    if (page != 0) {
      el2.free(new Pa(page));
    }
  }
}
