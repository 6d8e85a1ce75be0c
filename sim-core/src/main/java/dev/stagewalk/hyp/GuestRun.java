package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;

/**
 * {@code guest_run} and the stub around the exit handlers, on one PE: which registers are loaded
 * when a guest is entered, stored when it exits, reloaded by RESUME, and given back to the host.
 *
 * <p>As posted RESUME reloads ELR_EL2, SPSR_EL2, SP_EL1 and x0 to x30 only. Without that defect it
 * also reloads HCR_EL2, VTCR_EL2, VTTBR_EL2 and SCTLR_EL1 where a handler has changed them, and
 * several guests on one PE each keep the registers of {@link GuestRegisterSet}.
 */
final class GuestRun {
  private final El2 el2;
  private final GuestRegisters stub;
  private final Defects defects;
  private final boolean several;

  /**
   * @param several whether guests take turns on a PE
   */
  GuestRun(El2 el2, GuestRegisters stub, Defects defects, boolean several) {
    this.el2 = el2;
    this.stub = stub;
    this.defects = defects;
    this.several = several;
  }

  /** {@code guest_run} up to ERET, and that. */
  void enter(Guest guest, String arguments) {
    load(guest, arguments);
    exceptionReturn(guest.struct());
  }

  /** {@code guest_run} up to ERET. */
  void load(Guest guest, String arguments) {
    GuestStruct struct = guest.struct();
    el2.callBegan("guest_run", arguments);
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
    loadEl1(guest);
    if (!defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      el2.isb();
      el2.writeRegister("HCR_EL2", struct.get(el2, GuestStruct.HCR));
    }
    el2.writeRegister("VBAR_EL2", Hypervisor.HYP_EL2_VECTORS);
    el2.isb();
    el2.callEnded("guest_run", "ERET to the guest", true);
  }

  private void loadEl1(Guest guest) {
    if (several && keepsAll()) {
      GuestRegisterSet.load(el2, stub, guest.struct());
    } else if (guest.plan().el1() != null) {
      GuestRegisterSet.load(el2, guest.struct(), "VBAR_EL1");
      GuestRegisterSet.load(el2, guest.struct(), "TPIDR_EL1");
    }
  }

  private boolean keepsAll() {
    return !defects.has(Defect.REGISTERS_NOT_SWITCHED);
  }

  /** RESUME. */
  void resume(Guest guest) {
    GuestStruct struct = guest.struct();
    if (keepsAll()) {
      boolean changed = reload(struct, "HCR_EL2", GuestStruct.HCR);
      changed |= reload(struct, "VTTBR_EL2", GuestStruct.VTTBR);
      changed |= reload(struct, "SCTLR_EL1", GuestStruct.SCTLR);
      if (!defects.has(Defect.VTCR_NOT_IN_GUEST)) {
        changed |= reload(struct, "VTCR_EL2", GuestStruct.VTCR);
      }
      if (changed) {
        el2.isb();
      }
    }
    exceptionReturn(struct);
  }

  private boolean reload(GuestStruct struct, String register, int offset) {
    long value = struct.get(el2, offset);
    if (el2.register(register) == value) {
      return false;
    }
    el2.writeRegister(register, value);
    return true;
  }

  /** ERET, with what RESUME reloads. */
  void exceptionReturn(GuestStruct struct) {
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

  /** The stub at the vectors: stores what the guest had in its structure. */
  void save(Guest guest, int vector) {
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
    words[GuestStruct.HCR / 8] = kept(struct, "HCR_EL2", GuestStruct.HCR);
    words[GuestStruct.VTTBR / 8] = kept(struct, "VTTBR_EL2", GuestStruct.VTTBR);
    words[GuestStruct.SCTLR / 8] = kept(struct, "SCTLR_EL1", GuestStruct.SCTLR);
    words[GuestStruct.SP_EL1 / 8] = el2.register("SP_EL1");
    words[GuestStruct.ESR / 8] = esr;
    words[GuestStruct.FAR / 8] = raw || farValid ? el2.register("FAR_EL2") : 0;
    words[GuestStruct.HPFAR / 8] = raw || hpfarValid ? el2.register("HPFAR_EL2") : 0;
    words[GuestStruct.EXIT_CODE / 8] = vector;
    words[GuestStruct.EXIT_CODE / 8] |= (long) repeats(struct, words) << 32;
    stub.saveContext(vector, struct.at(), words);
  }

  /** What the register holds; as posted what the structure held is never brought up to date. */
  private long kept(GuestStruct struct, String register, int offset) {
    return keepsAll() ? el2.register(register) : struct.get(el2, offset);
  }

  /**
   * How often the exit that is to be stored came directly before; the counter holds to 2^31 − 1.
   */
  private int repeats(GuestStruct struct, long[] words) {
    int exitCode = GuestStruct.EXIT_CODE / 8;
    long before = struct.get(el2, GuestStruct.EXIT_CODE);
    if (before == 0 || (int) before != (int) words[exitCode]) {
      return 0;
    }
    for (int i = exitCode - 1; i >= 0; i--) {
      if (struct.get(el2, 8 * i) != words[i]) {
        return 0;
      }
    }
    int times = (int) (before >>> 32);
    return times == Integer.MAX_VALUE ? times : times + 1;
  }

  /** Stores what the guest would lose to another one on this PE. */
  void switchOut(Guest guest, int vector) {
    if (keepsAll()) {
      GuestRegisterSet.save(el2, stub, vector, guest.struct());
    }
    restoreHost(guest);
  }

  /** What follows {@code guest_run} in the host: its own registers again. */
  void restoreHost(Guest guest) {
    if (!defects.has(Defect.EXIT_KEEPS_GUEST_REGISTERS)) {
      el2.writeRegister("HCR_EL2", guest.struct().get(el2, GuestStruct.HOST_HCR));
      el2.writeRegister("VBAR_EL2", guest.struct().get(el2, GuestStruct.HOST_VBAR));
      el2.isb();
    }
  }

  /** Forgets a guest that this PE does not run any more. */
  void forget() {
    if (!defects.has(Defect.TPIDR_KEEPS_GUEST)) {
      el2.writeRegister("TPIDR_EL2", 0);
    }
  }
}
