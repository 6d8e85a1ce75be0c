// mmio_no_isv.s - accesses that the syndrome does not describe (ISS.ISV = 0).

        .equ    CONSOLE, 0x0a000000
        .equ    SCRATCH, 0x100

_start:
        adr     x0, vectors
        msr     vbar_el1, x0
        mov     x0, #(3 << 20)          // no trap of SIMD registers
        msr     cpacr_el1, x0
        isb

        ldr     x1, =CONSOLE
        mov     x2, x1
        mov     w3, #'h'
        strb    w3, [x2], #0            // write-back: ISV = 0 even where it adds 0
        mov     w3, #'i'
        strb    w3, [x2]                // and ISV = 1 without it
        mov     w3, #10
        strb    w3, [x2], #SCRATCH - 0x8 // then x2 = CONSOLE + 0xf8

        mov     x4, #0x1111
        mov     x5, #0x2222
        stp     x4, x5, [x2, #8]!       // two registers; x2 = CONSOLE + 0x100
        ldp     w6, w7, [x2], #16       // 0x1111 and 0; x2 moves on by 16
        movi    v0.16b, #0x5a
        str     q0, [x2]                // 16 bytes from a SIMD register
        ldr     d1, [x2, #8]
        mov     x10, sp

        ldxr    x8, [x2]                // what would "exclusive" mean here?
        hvc     #0

// The External abort for the exclusive: pass over it.
        .balign 2048
vectors:
        .space  0x200
        mrs     x9, esr_el1             // DFSC 0x10
        mrs     x11, elr_el1
        add     x11, x11, #4
        msr     elr_el1, x11
        eret
