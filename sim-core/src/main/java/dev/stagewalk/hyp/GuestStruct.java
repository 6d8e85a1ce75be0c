package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;

/**
 * {@code struct guest} in simulated memory, one a PE of the guest. Up to 464 bytes it is as posted;
 * behind that stands what the posted one lacks. {@code struct s2_mmu} lies in the host page of the
 * first PE's, which owns what all PEs of the guest have in common.
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

  /** The vector; in the upper half, padding as posted, how often the very same exit came before. */
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

  /** Number of the PE this is for. */
  static final int NUMBER = 0x380;

  /** Whether the guest has this PE switched on: 1 or 0. */
  static final int IS_ON = 0x388;

  /** Which of the hypervisor's plans the guest is made from. */
  static final int PLAN = 0x390;

  /** The guest that runs after this one; round in a ring. */
  static final int NEXT = 0x398;

  /** The structures of all PEs, the owner's first. */
  static final int PES = 0x3a0;

  /** 0; 1 once the guest is ending, 2 if by its own wish: its PEs leave it one after the other. */
  static final int ENDING = 0x3c0;

  /** The page of the guest's own exception handlers, and that of their vectors; 0 without. */
  static final int EL1_CONTEXT = 0x3c8;

  static final int EL1_VECTORS = 0x3d0;

  /** Bytes of {@link #REASON}. */
  static final int REASON_LENGTH = 0x3d8;

  /** Where struct s2_mmu stands behind the guest's structure. */
  static final int S2MMU_STRUCT = 0x400;

  /** The guest's registers while another guest has them, by {@link GuestRegisterSet}. */
  static final int EL1_REGISTERS = 0x480;

  /** V0 to V31 while another guest has them. */
  static final int VECTORS = 0x600;

  /** Why the guest ends, while there are PEs that have not left it: so many bytes, UTF-8. */
  static final int REASON = 0x800;

  static final int MOST_REASON = 0x100;

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

  /** The structure of the guest's first PE: this one, or the one whose stage 2 it uses. */
  GuestStruct owner(El2 el2) {
    long mmu = get(el2, S2MMU);
    return mmu == 0 ? this : new GuestStruct(mmu - S2MMU_STRUCT);
  }
}
