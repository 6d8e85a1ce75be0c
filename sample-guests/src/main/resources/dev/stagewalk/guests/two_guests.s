// two_guests.s - one program, two guests that know nothing of each other.
//
// Both write to IPA 0x40200000, which is another page of memory for each, and
// wait. WFI is an exit: the hypervisor lets the other guest run.

        .equ    UART,   0x09000000
        .equ    HEAP,   0x40200000
        .equ    ROUNDS, 3

_start:
        mov     x19, #'1'
        b       guest
second:
        mov     x19, #'2'

guest:
        mov     x20, #ROUNDS
        ldr     x21, =HEAP
        msr     tpidr_el1, x19          // each guest has its own
        str     x19, [x21]
round:
        wfi                             // the other one's turn
        ldr     x0, [x21]
        cmp     x0, x19                 // is it still our word?
        b.ne    failed
        mrs     x0, tpidr_el1
        cmp     x0, x19
        b.ne    failed
        subs    x20, x20, #1
        b.ne    round

        adr     x0, good
        b       print
failed: adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        cmp     w2, #'#'
        csel    w2, w19, w2, eq         // our number
        strb    w2, [x1]
        b       next
done:   hvc     #0

good:   .asciz  "guest #: my word is still mine\n"
bad:    .asciz  "guest #: somebody has changed my word\n"
