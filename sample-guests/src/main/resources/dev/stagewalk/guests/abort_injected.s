// abort_injected.s - probes for memory, and takes the abort where there is none.

        .equ    UART,    0x09000000
        .equ    THERE,   0x40200000     // mapped on demand
        .equ    NOWHERE, 0x70000000     // in no region of this guest

_start:
        adr     x0, vectors
        msr     vbar_el1, x0
        isb
        mov     x20, #0                 // aborts we have taken
        ldr     x0, =THERE
        ldr     x1, [x0]                // an exit, but no abort
        ldr     x0, =NOWHERE
        ldr     x1, [x0]                // an exit, and then an abort at EL1
        mov     x21, #1                 // we come back here

        cmp     x20, #1
        adr     x0, good
        b.eq    print
        adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:   hvc     #0

good:   .asciz  "guest: there is nothing at 0x70000000\n"
bad:    .asciz  "guest: that was not what I expected\n"

        .balign 2048
vectors:
        .space  0x200
        mrs     x10, esr_el1            // EC 0x25, DFSC 0x10
        mrs     x11, far_el1            // NOWHERE
        ubfx    x12, x10, #26, #6
        cmp     x12, #0x25
        b.ne    strange
        add     x20, x20, #1
strange:
        mrs     x12, elr_el1
        add     x12, x12, #4            // pass over the load
        msr     elr_el1, x12
        eret
