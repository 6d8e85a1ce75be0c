package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;

/**
 * An exit as a handler sees it: the guest's structure, its stage 2, and the syndrome that the stub
 * stored. All of it is read from simulated memory.
 */
public final class GuestExit {
  private final El2 el2;
  private final Guest guest;
  private final int vector;

  GuestExit(El2 el2, Guest guest, int vector) {
    this.el2 = el2;
    this.guest = guest;
    this.vector = vector;
  }

  public El2 el2() {
    return el2;
  }

  public Guest guest() {
    return guest;
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
    return guest.struct().get(el2, GuestStruct.ESR);
  }

  /** As stored; 0 where the exit did not write it, unless a defect keeps the stale value. */
  public long far() {
    return guest.struct().get(el2, GuestStruct.FAR);
  }

  /** As stored; 0 where the exit did not write it, unless a defect keeps the stale value. */
  public long hpfar() {
    return guest.struct().get(el2, GuestStruct.HPFAR);
  }

  /** ESR_EL2.EC. */
  public int exceptionClass() {
    return Syndrome.exceptionClass(esr());
  }

  /** General register x0 to x30 as the guest left it. */
  public long x(int register) {
    return guest.struct().x(el2, register);
  }

  /** Changes what the guest finds in a general register when it is resumed. */
  public void setX(int register, long value) {
    guest.struct().set(el2, 8 * register, value);
  }

  /** Makes the guest resume behind the instruction that trapped. */
  public void skipInstruction() {
    long elr = guest.struct().get(el2, GuestStruct.ELR);
    guest.struct().set(el2, GuestStruct.ELR, elr + 4);
  }

  /** Class, fault, level and IPA as one phrase. */
  public String words() {
    return Syndrome.words(esr(), hpfar());
  }
}
