package dev.stagewalk.board;

import dev.stagewalk.mmu.Tlb;

/** What programs at EL2 with timers and the interrupt controller have in common. */
final class InterruptPrograms {
  static final String OFF =
      """
      off:
          mov   w0, #0x84000000
          add   w0, w0, #8
          smc   #0
      """;

  /** Wakes redistributor 0, enables Group 1, and unmasks; x10 GICD, x11 GICR, x12 its SGI frame. */
  static final String GIC =
      """
          adr   x0, vectors
          msr   vbar_el2, x0
          mov   x0, #0x80000000
          orr   x0, x0, #0x10
          msr   hcr_el2, x0
          mov   x10, #0x08000000
          mov   x11, #0x080a0000
          mrs   x9, mpidr_el1
          and   x9, x9, #3
          add   x11, x11, x9, lsl #17
          add   x12, x11, #0x10, lsl #12
          str   wzr, [x11, #0x14]
          mov   w0, #2
          str   w0, [x10]
          mov   w0, #-1
          str   w0, [x12, #0x80]
          mov   x0, #0xff
          msr   icc_pmr_el1, x0
          mov   x0, #1
          msr   icc_igrpen1_el1, x0
      """;

  static final String VECTORS =
      """
          .balign 2048
      vectors:
          .skip 0x280
          b     irq
          .balign 128
          .skip 0x100
          b     lower
          .balign 128
          b     irq
          .balign 128
      """;

  static Boards run(String body, String handlers) {
    String source = GIC + body + OFF + handlers + VECTORS;
    return new Boards(BoardPlan.ofPes(1, 100), Tlb.Mode.REALISTIC, source).toEnd(200_000);
  }

  /** A guest at EL1 that takes virtual interrupts and says so to EL2 by HVC. */
  static final String GUEST =
      """
          adr   x0, guest_vectors
          msr   vbar_el1, x0
          movz  x0, #0x80000000 >> 16, lsl #16
          orr   x0, x0, #0x18
          msr   hcr_el2, x0
          mov   x0, #0xff
          lsl   x0, x0, #24
          orr   x0, x0, #2
          msr   ich_vmcr_el2, x0
          mov   x0, #1
          msr   ich_hcr_el2, x0
          adr   x0, guest
          msr   elr_el2, x0
          mov   x0, #0x345
          msr   spsr_el2, x0
      """;

  static final String GUEST_VECTORS =
      """
          .balign 2048
      guest_vectors:
          .skip 0x280
          mrs   x21, icc_iar1_el1
          mrs   x28, icc_rpr_el1
          msr   icc_eoir1_el1, x21
          eret
      """;

  private InterruptPrograms() {}
}
