package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import java.util.function.Function;

/**
 * The host program: makes a guest, runs it, answers its exits, ends it. Immutable: the plan, the
 * defects and the handlers' code. What changes lies in simulated memory and system registers; the
 * guest that runs is the one TPIDR_EL2 names.
 *
 * <p>The machine calls {@link #boot} once and {@link #onExit} at each exception taken to EL2. After
 * either, the guest runs if {@link GuestRegisters#exceptionReturn} was called, and stands still if
 * {@link GuestRegisters#guestStopped} was.
 */
public final class Hypervisor {
  /** VBAR_EL2 while a guest runs: where the vectors of a host in A64 would stand. */
  public static final long HYP_EL2_VECTORS = 0x4000_0800L;

  private final GuestPlan plan;
  private final Defects defects;

  public Hypervisor(GuestPlan plan, Defects defects) {
    this.plan = plan;
    this.defects = defects;
  }

  public GuestPlan plan() {
    return plan;
  }

  public Defects defects() {
    return defects;
  }

  /** Makes the guest and enters it: the host's {@code main} up to its first ERET. */
  public void boot(El2 el2, GuestRegisters stub) {
    protect(el2, stub, () -> create(el2, stub));
  }

  private void create(El2 el2, GuestRegisters stub) {
    el2.callBegan("guest_create", "VMID " + plan.vmid() + ", entry " + Words.address(plan.entry()));
    long page = el2.allocate(0).value();
    if (page == 0 && defects.has(Defect.CALLOC_UNCHECKED)) {
      throw new HostFault("guest_create used the null pointer calloc returned");
    }
    Result made;
    if (page == 0) {
      made = Result.refused("out of memory for the guest's structure");
    } else {
      el2.clear(page, el2.hostPageSize());
      made = new Guest(el2, defects, plan, page).create();
    }
    el2.callEnded("guest_create", made.words(), made.ok());
    if (made.ok()) {
      enter(el2, stub, new Guest(el2, defects, plan, page));
    } else {
      stub.guestStopped("the guest could not be made: " + made.words(), false);
    }
  }

  /** {@code guest_run} up to ERET. */
  private void enter(El2 el2, GuestRegisters stub, Guest guest) {
    GuestStruct struct = guest.struct();
    el2.callBegan("guest_run", "entry " + Words.address(plan.entry()));
    if (!defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      struct.set(el2, GuestStruct.HOST_HCR, el2.register("HCR_EL2"));
      struct.set(el2, GuestStruct.HOST_VBAR, el2.register("VBAR_EL2"));
    }
    el2.writeRegister("TPIDR_EL2", struct.at());
    if (defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      // As posted HCR_EL2.VM is set while VTTBR_EL2 is still another's.
      el2.writeRegister("HCR_EL2", struct.get(el2, GuestStruct.HCR));
      el2.writeRegister("VTTBR_EL2", struct.get(el2, GuestStruct.VTTBR));
    } else {
      el2.writeRegister("VTTBR_EL2", struct.get(el2, GuestStruct.VTTBR));
    }
    if (!defects.has(Defect.VTCR_NOT_IN_GUEST)) {
      el2.writeRegister("VTCR_EL2", struct.get(el2, GuestStruct.VTCR));
    }
    el2.writeRegister("SCTLR_EL1", struct.get(el2, GuestStruct.SCTLR));
    if (!defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      el2.isb();
      el2.writeRegister("HCR_EL2", struct.get(el2, GuestStruct.HCR));
    }
    el2.writeRegister("VBAR_EL2", HYP_EL2_VECTORS);
    el2.isb();
    el2.callEnded("guest_run", "ERET to the guest", true);
    resume(el2, stub, guest);
  }

  private void resume(El2 el2, GuestRegisters stub, Guest guest) {
    GuestStruct struct = guest.struct();
    long[] x = new long[GuestStruct.REGISTERS];
    for (int i = 0; i < x.length; i++) {
      x[i] = struct.x(el2, i);
    }
    stub.loadContext(
        struct.at(),
        x,
        struct.get(el2, GuestStruct.ELR),
        struct.get(el2, GuestStruct.SPSR),
        struct.get(el2, GuestStruct.SP_EL1));
    stub.exceptionReturn();
  }

  /**
   * Answers an exception that was taken to EL2.
   *
   * @param vector 0 to 15: offset from VBAR_EL2 divided by 0x80
   * @param instead what a person chose in place of the handler
   */
  public void onExit(El2 el2, GuestRegisters stub, int vector, Instead instead) {
    protect(el2, stub, () -> answer(el2, stub, vector, instead));
  }

  private void answer(El2 el2, GuestRegisters stub, int vector, Instead instead) {
    Guest guest = current(el2);
    save(el2, stub, guest, vector);
    HandlerAnswer answer = decide(new GuestExit(el2, guest, vector), instead);
    switch (answer) {
      case HandlerAnswer.Resume(String handler, String what) -> {
        stub.handlerAnswered(true, handler, what);
        resume(el2, stub, guest);
      }
      case HandlerAnswer.Exit(String handler, String why, boolean wished) -> {
        stub.handlerAnswered(false, handler, why);
        leave(el2, guest);
        stub.guestStopped(why, wished);
      }
      case HandlerAnswer.NotMine _ -> throw new IllegalStateException("nobody decided");
    }
  }

  /** The stub: stores what the guest had in its structure. */
  private void save(El2 el2, GuestRegisters stub, Guest guest, int vector) {
    GuestStruct struct = guest.struct();
    long[] words = new long[GuestStruct.SAVED_WORDS];
    for (int i = 0; i < GuestStruct.REGISTERS; i++) {
      words[i] = stub.x(i);
    }
    long esr = el2.register("ESR_EL2");
    boolean raw = defects.has(Defect.STALE_FAR);
    boolean synchronous = vector % 4 == 0;
    boolean farValid = synchronous && Syndrome.abort(esr);
    boolean hpfarValid = synchronous && Syndrome.hpfarValid(esr);
    words[GuestStruct.ELR / 8] = el2.register("ELR_EL2");
    words[GuestStruct.SPSR / 8] = el2.register("SPSR_EL2");
    words[GuestStruct.HCR / 8] = struct.get(el2, GuestStruct.HCR);
    words[GuestStruct.VTTBR / 8] = struct.get(el2, GuestStruct.VTTBR);
    words[GuestStruct.SCTLR / 8] = struct.get(el2, GuestStruct.SCTLR);
    words[GuestStruct.SP_EL1 / 8] = el2.register("SP_EL1");
    words[GuestStruct.ESR / 8] = esr;
    words[GuestStruct.FAR / 8] = raw || farValid ? el2.register("FAR_EL2") : 0;
    words[GuestStruct.HPFAR / 8] = raw || hpfarValid ? el2.register("HPFAR_EL2") : 0;
    words[GuestStruct.EXIT_CODE / 8] = vector;
    stub.saveContext(vector, struct.at(), words);
  }

  private HandlerAnswer decide(GuestExit exit, Instead instead) {
    switch (instead) {
      case KILL -> {
        return new HandlerAnswer.Exit("you", "ended by you at " + exit.words(), false);
      }
      case MAP_PAGE -> {
        if (exit.vector() == Guest.VECTOR_SYNC_LOWER_64
            && Syndrome.translationFault(exit.esr())
            && Syndrome.hpfarValid(exit.esr())) {
          long ipa = Syndrome.ipaPage(exit.hpfar());
          Result mapped = exit.guest().provide(ipa);
          return mapped.ok()
              ? new HandlerAnswer.Resume("you", "mapped " + Words.address(ipa))
              : new HandlerAnswer.Exit("you", "the page was not mapped: " + mapped.words(), false);
        }
      }
      case HANDLER -> {}
    }
    return handled(exit);
  }

  private HandlerAnswer handled(GuestExit exit) {
    int number = exit.guest().handler(exit.vector());
    if (number < 1 || number > plan.handlers().size()) {
      return new HandlerAnswer.Exit(
          "none", "no handler for vector " + exit.vector() + ": " + vectorWords(exit), false);
    }
    ExitHandler handler = plan.handlers().get(number - 1).handler();
    HandlerAnswer answer = handler.handle(exit);
    if (!(answer instanceof HandlerAnswer.NotMine)) {
      return answer;
    }
    return defects.has(Defect.RESUME_ALWAYS)
        ? new HandlerAnswer.Resume(handler.name(), "unexpected, and resumed: " + exit.words())
        : new HandlerAnswer.Exit(handler.name(), "unexpected exit: " + exit.words(), false);
  }

  private static String vectorWords(GuestExit exit) {
    return switch (exit.vector() % 4) {
      case 0 -> exit.words();
      case 1 -> "IRQ";
      case 2 -> "FIQ";
      default -> "SError";
    };
  }

  /** What follows {@code guest_run} in the host: its own registers again, and no guest. */
  private void leave(El2 el2, Guest guest) {
    GuestStruct struct = guest.struct();
    if (!defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      el2.writeRegister("HCR_EL2", struct.get(el2, GuestStruct.HOST_HCR));
      el2.writeRegister("VBAR_EL2", struct.get(el2, GuestStruct.HOST_VBAR));
      el2.isb();
    }
    el2.callBegan("guest_destroy", "VMID " + plan.vmid());
    Result done = guest.destroy();
    el2.callEnded("guest_destroy", done.words(), done.ok());
  }

  /**
   * The hypervisor unmaps a range of the running guest, with the maintenance it always does.
   *
   * @param ipa a multiple of the granule
   * @param size bytes, a multiple of the granule
   */
  public Result unmap(El2 el2, GuestRegisters stub, long ipa, long size) {
    return onRunning(el2, stub, guest -> guest.stage2().unmap(ipa, size));
  }

  /**
   * The hypervisor maps the memory of a range of the running guest: what a region already has, or
   * fresh zeroed frames.
   */
  public Result mapFresh(El2 el2, GuestRegisters stub, long ipa, long size) {
    return onRunning(el2, stub, guest -> provideAll(guest, ipa, size));
  }

  private Result provideAll(Guest guest, long ipa, long size) {
    long granule = plan.granule().bytes();
    for (long at = ipa & -granule; at - ipa < size; at += granule) {
      Result mapped = guest.provide(at);
      if (!mapped.ok()) {
        return mapped;
      }
    }
    return Result.OK;
  }

  /** Stage 2 of the guest that runs: to ask it something, without a micro-step. */
  public Stage2Mmu stage2(El2 el2) {
    return current(el2).stage2();
  }

  private Guest current(El2 el2) {
    return new Guest(el2, defects, plan, el2.register("TPIDR_EL2"));
  }

  private Result onRunning(El2 el2, GuestRegisters stub, Function<Guest, Result> action) {
    Guest guest = current(el2);
    if (guest.address() == 0) {
      return Result.refused("no guest runs");
    }
    Result[] result = {Result.refused("the hypervisor died")};
    protect(el2, stub, () -> result[0] = action.apply(guest));
    return result[0];
  }

  /** A defect can kill the host itself; then the guest runs no further. */
  private static void protect(El2 el2, GuestRegisters stub, Runnable action) {
    try {
      action.run();
    } catch (HostFault fault) {
      String reason = "the hypervisor died: " + fault.getMessage();
      el2.print(reason);
      stub.guestStopped(reason, false);
    }
  }
}
