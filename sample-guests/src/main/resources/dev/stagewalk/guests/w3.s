// w3.s - copies over 64 MiB: the lower half of the data to the upper one.

        .equ    DATA_LEAF, LEAF_2
        .equ    UNMAPPED,  0
        .equ    HALF,      0x2000000

guest:
measured:
        ldr     x20, =ROUNDS
        cbz     x20, done
round:
        ldr     x0, =DATA
        ldr     x1, =DATA + HALF
        ldr     x2, =HALF
copy:
        ldp     x4, x5, [x0], #16
        ldp     x6, x7, [x0], #16
        ldp     x8, x9, [x0], #16
        ldp     x10, x11, [x0], #16
        stp     x4, x5, [x1], #16
        stp     x6, x7, [x1], #16
        stp     x8, x9, [x1], #16
        stp     x10, x11, [x1], #16
        subs    x2, x2, #64
        b.ne    copy
        subs    x20, x20, #1
        b.ne    round
done:
        hvc     #0
