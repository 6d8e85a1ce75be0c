// vector_holes.s - a host in A64 at EL2 with the exit vectors as posted.
//
// Only entries 4 to 11 hold code. 0 to 3, for exceptions that EL2 takes from
// itself while it uses SP_EL0, are zero bytes: the host's exception arrives at
// entry 0, which is UDF #0, and that is a second exception, now with SP_EL2, at
// entry 4. What caused the first is lost. 12 to 15 are NOPs that slide into the
// common exit; only an AArch32 level below could reach them, and there is none.
// With POSTED 0 there are sixteen entries.

        .equ    POSTED, 1

        .equ    UART,       0x09000000
        .equ    STACK,      0x40180000
        .equ    STACK_EL0,  0x40190000
        .equ    SYSTEM_OFF, 0x84000008

_start:
        ldr     x0, =STACK
        mov     sp, x0
        ldr     x0, =STACK_EL0
        msr     sp_el0, x0
        adr     x0, vectors
        msr     vbar_el2, x0
        isb
        msr     spsel, #0               // EL2t
        adr     x20, culprit
culprit:
        udf     #0x77

// x0: the entry taken. Says which, and whether the cause is still known.
taken:
        mov     x21, x0
        adr     x1, entry
        bl      print
        add     w3, w21, #'0'
        ldr     x2, =UART
        strb    w3, [x2]
        mrs     x0, elr_el2
        adr     x1, known
        cmp     x0, x20
        b.eq    last
        adr     x1, unknown
last:   bl      print
        ldr     x0, =SYSTEM_OFF
        smc     #0

print:  ldr     x2, =UART
next:   ldrb    w3, [x1], #1
        cbz     w3, printed
        strb    w3, [x2]
        b       next
printed:
        ret

entry:   .asciz  "host: taken at entry "
known:   .asciz  ", from the instruction that caused it\n"
unknown: .asciz  ", from inside the vectors: the cause is lost\n"

        .balign 2048
vectors:
        .if     POSTED
        .skip   0x200
        .irp    vector, 4, 5, 6, 7, 8, 9, 10, 11
        .balign 128
        mov     x0, #\vector
        b       taken
        .endr
        .else
        .irp    vector, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        .balign 128
        mov     x0, #\vector
        b       taken
        .endr
        .endif
