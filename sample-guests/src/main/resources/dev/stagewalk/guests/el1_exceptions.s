// el1_exceptions.s - exceptions that the guest takes to EL1 itself.
//
// The framework has set VBAR_EL1 and TPIDR_EL1 before the first instruction.
// Its code at VBAR_EL1 saves all registers in a frame, calls the handler for
// the vector, and returns with what the frame then holds.

        .equ    UART,   0x09000000
        .equ    ELR,    248             // where the frame holds ELR_EL1

_start:
        mov     x19, #0                 // exceptions we have seen
        svc     #7                      // returns behind the SVC
        udf     #0                      // the handler passes over it
        cmp     x19, #2                 // the handler counts in our x19
        adr     x0, good
        b.eq    print
        adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:   hvc     #0

// x0: the frame; x1: ESR_EL1.
on_sync:
        ubfx    x2, x1, #26, #6
        ldr     x3, [x0, #(8 * 19)]     // the x19 that was interrupted
        add     x3, x3, #1
        str     x3, [x0, #(8 * 19)]
        cbnz    x2, behind              // EC 0: UNDEFINED, ELR_EL1 is at it
        ldr     x3, [x0, #ELR]
        add     x3, x3, #4
        str     x3, [x0, #ELR]
behind: ret

good:   .asciz  "guest: two exceptions, no exit\n"
bad:    .asciz  "guest: lost count\n"
