package dev.stagewalk.hyp;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;

/**
 * {@code guest_el1_vectors}: the code at a guest's VBAR_EL1 that saves its registers, calls the
 * handler its context names for the vector, and returns. A vector without handler prints a line on
 * the UART and ends in HVC #0xFFFF.
 *
 * <p>The frame holds x0 to x30, ELR_EL1 and SPSR_EL1 in this order; a handler may change any.
 */
final class El1Vectors {
  /** Where the code prints. */
  static final long UART = 0x0900_0000L;

  /** The call that ends a guest which has no handler for an exception of its own. */
  static final int UNHANDLED_CALL = 0xffff;

  private static final int VECTORS = 16;
  private static final int FIRST_POSTED = 4;
  private static final int LAST_POSTED = 7;
  private static final int FRAME = 272;

  private El1Vectors() {}

  /** The machine code, for an address that is a multiple of 2 KiB. */
  static byte[] code(Defects defects, long address) {
    Assembled assembled = new Assembler().assemble("guest_el1_vectors", source(defects), address);
    if (!assembled.errors().isEmpty()) {
      throw new IllegalStateException("guest_el1_vectors: " + assembled.errors().getFirst());
    }
    return assembled.image();
  }

  private static String source(Defects defects) {
    boolean posted = defects.has(Defect.EL1_STUB_FRAME);
    StringBuilder text = new StringBuilder();
    for (int vector = 0; vector < VECTORS; vector++) {
      text.append(".balign 128\n");
      if (posted && (vector < FIRST_POSTED || vector > LAST_POSTED)) {
        text.append(".space 128\n");
        continue;
      }
      text.append("stp x29, x30, [sp, #-16]!\nmov x29, #").append(vector).append("\nb common\n");
    }
    text.append(".balign 128\ncommon:\n");
    frame(text, posted ? FRAME - 8 : FRAME, posted);
    text.append(DISPATCH);
    return text.toString();
  }

  /** As posted the frame leaves SP misaligned, x30 is in the place of x29, and x29 in none. */
  private static void frame(StringBuilder text, int size, boolean posted) {
    text.append("sub sp, sp, #").append(size).append('\n');
    pairs(text, "stp");
    text.append("str x28, [sp, #224]\nldp x0, x1, [sp, #").append(size).append("]\n");
    text.append(posted ? "str x1, [sp, #232]\n" : "stp x0, x1, [sp, #232]\n");
    text.append("mrs x0, elr_el1\nmrs x1, spsr_el1\nstr x0, [sp, #248]\nstr x1, [sp, #256]\n");
    text.append("mov x0, sp\nmov x1, x29\nbl dispatch\n");
    text.append("ldr x0, [sp, #248]\nldr x1, [sp, #256]\nmsr elr_el1, x0\nmsr spsr_el1, x1\n");
    if (!posted) {
      text.append("ldp x0, x1, [sp, #232]\nstp x0, x1, [sp, #").append(size).append("]\n");
    }
    text.append("ldr x28, [sp, #224]\n");
    pairs(text, "ldp");
    text.append("add sp, sp, #").append(size).append("\nldp x29, x30, [sp], #16\neret\n");
  }

  private static void pairs(StringBuilder text, String what) {
    for (int x = 0; x < 28; x += 2) {
      text.append("%s x%d, x%d, [sp, #%d]\n".formatted(what, x, x + 1, 8 * x));
    }
  }

  private static final String DISPATCH =
      """
      dispatch:                       // guest_el1_c_handler(frame, vector)
              mrs     x2, tpidr_el1
              ldr     x3, [x2, x1, lsl #3]
              mrs     x4, esr_el1
              cbz     x3, unhandled
              mov     x1, x4
              br      x3
      unhandled:
              mov     x5, #0x09000000
              adr     x6, message
              bl      print
              cmp     x1, #10
              b.lo    ones
              mov     w8, #'1'
              strb    w8, [x5]
              sub     x1, x1, #10
      ones:   add     w8, w1, #'0'
              strb    w8, [x5]
              adr     x6, syndrome
              bl      print
              mov     x9, #28                 // hexadecimal, without leading zeros
      skip:   lsr     x8, x4, x9
              cbnz    x8, digits
              cbz     x9, digits
              sub     x9, x9, #4
              b       skip
      digits: lsr     x8, x4, x9
              and     x8, x8, #0xf
              cmp     x8, #10
              add     w10, w8, #'0'
              add     w11, w8, #('a' - 10)
              csel    w8, w10, w11, lo
              strb    w8, [x5]
              subs    x9, x9, #4
              b.pl    digits
              mov     w8, #10
              strb    w8, [x5]
              hvc     #0xffff
      never:  b       never
      print:  ldrb    w8, [x6], #1
              cbz     w8, printed
              strb    w8, [x5]
              b       print
      printed:
              ret
      message:
              .asciz  "Guest: Unhandled Exception Vector "
      syndrome:
              .asciz  ", ESR=0x"
              .balign 8
      """;
}
