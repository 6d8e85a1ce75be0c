package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;

/**
 * An exit as a handler sees it: the guest's structure, its stage 2, and the syndrome that the stub
 * stored. All of it is read from simulated memory.
 */
public final class GuestExit {
  private static final int ZERO_REGISTER = 31;
  private static final int VECTOR_HALVES = 64;

  private final El2 el2;
  private final GuestRegisters stub;
  private final Guest guest;
  private final int vector;

  GuestExit(El2 el2, GuestRegisters stub, Guest guest, int vector) {
    this.el2 = el2;
    this.stub = stub;
    this.guest = guest;
    this.vector = vector;
  }

  public El2 el2() {
    return el2;
  }

  public Guest guest() {
    return guest;
  }

  /** What the stub can do for the PE that took the exit, beyond saving and loading. */
  GuestRegisters stub() {
    return stub;
  }

  /** 0 to 15; 8 is a synchronous exit from AArch64 below EL2. */
  public int vector() {
    return vector;
  }

  public Defects defects() {
    return guest.defects();
  }

  public Stage2Mmu stage2() {
    return guest.stage2();
  }

  public long esr() {
    return get(GuestStruct.ESR);
  }

  /** As stored; 0 where the exit did not write it, unless a defect keeps the stale value. */
  public long far() {
    return get(GuestStruct.FAR);
  }

  /** As stored; 0 where the exit did not write it, unless a defect keeps the stale value. */
  public long hpfar() {
    return get(GuestStruct.HPFAR);
  }

  /** ESR_EL2.EC. */
  public int exceptionClass() {
    return Syndrome.exceptionClass(esr());
  }

  /** Address of the instruction to go on at: the one that trapped, or that behind an HVC. */
  public long elr() {
    return get(GuestStruct.ELR);
  }

  public void setElr(long address) {
    set(GuestStruct.ELR, address);
  }

  /** PSTATE the guest had. */
  public long spsr() {
    return get(GuestStruct.SPSR);
  }

  public void setSpsr(long pstate) {
    set(GuestStruct.SPSR, pstate);
  }

  /** Changes the SCTLR_EL1 that the guest resumes with. */
  void setSctlr(long value) {
    set(GuestStruct.SCTLR, value);
  }

  /** General register x0 to x30 as the guest left it; 31 is the zero register. */
  public long x(int register) {
    return register == ZERO_REGISTER ? 0 : guest.struct().x(el2, register);
  }

  /** Changes what the guest finds in a general register when it is resumed. */
  public void setX(int register, long value) {
    if (register != ZERO_REGISTER) {
      set(8 * register, value);
    }
  }

  /** The stack pointer the guest uses in the mode it is in. */
  public long sp() {
    return usesSpEl1() ? get(GuestStruct.SP_EL1) : el2.register("SP_EL0");
  }

  public void setSp(long value) {
    if (usesSpEl1()) {
      set(GuestStruct.SP_EL1, value);
    } else {
      el2.writeRegister("SP_EL0", value);
    }
  }

  /** EL1h: PSTATE.M is 0b0101. */
  private boolean usesSpEl1() {
    return (spsr() & 0xf) == 5;
  }

  /** Half of V0 to V31 as the guest left it. */
  public long vector(int register, int half) {
    return stub.vector(register, half);
  }

  /** Changes what the guest finds in V0 to V31. */
  public void setVector(int register, long low, long high) {
    long[] halves = new long[VECTOR_HALVES];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = stub.vector(i / 2, i % 2);
    }
    halves[2 * register] = low;
    halves[2 * register + 1] = high;
    stub.loadVectors(guest.address(), halves);
  }

  /** Makes the guest resume behind the instruction that trapped. */
  public void skipInstruction() {
    setElr(elr() + 4);
  }

  /**
   * How often the very same exit came directly before: the same instruction, syndrome, address and
   * registers.
   */
  public int repeats() {
    return (int) (get(GuestStruct.EXIT_CODE) >>> 32);
  }

  /** Class, fault, level and IPA as one phrase. */
  public String words() {
    return Syndrome.words(esr(), hpfar());
  }

  private long get(int offset) {
    return guest.struct().get(el2, offset);
  }

  private void set(int offset, long value) {
    guest.struct().set(el2, offset, value);
  }
}
