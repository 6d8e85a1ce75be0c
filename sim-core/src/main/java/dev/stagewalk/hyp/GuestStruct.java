package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;

/**
 * {@code struct guest} in simulated memory. Up to 464 bytes it is as posted; behind that stands
 * what the posted one lacks. {@code struct s2_mmu} lies in the same host page.
 *
 * @param at its physical address
 */
record GuestStruct(long at) {
  static final int REGISTERS = 31;
  static final int ELR = 248;
  static final int SPSR = 256;
  static final int HCR = 264;
  static final int VTTBR = 272;
  static final int SCTLR = 280;
  static final int SP_EL1 = 288;
  static final int ESR = 296;
  static final int FAR = 304;
  static final int HPFAR = 312;
  static final int EXIT_CODE = 320;
  static final int HANDLERS = 328;
  static final int S2MMU = 456;

  static final int VTCR = 464;
  static final int STACK = 472;
  static final int HVC_COUNT = 480;
  static final int HOST_HCR = 488;
  static final int HOST_VBAR = 496;

  /** For each region of the plan the table of its frames, or 0. */
  static final int FRAMES = 512;

  /** Where struct s2_mmu stands behind the guest's structure. */
  static final int S2MMU_STRUCT = 0x400;

  /** Words that the exit stub stores: from x0 to exit_code. */
  static final int SAVED_WORDS = EXIT_CODE / 8 + 1;

  long get(El2 el2, int offset) {
    return el2.load(at + offset);
  }

  void set(El2 el2, int offset, long value) {
    el2.store(at + offset, 8, value);
  }

  long x(El2 el2, int register) {
    return get(el2, 8 * register);
  }
}
