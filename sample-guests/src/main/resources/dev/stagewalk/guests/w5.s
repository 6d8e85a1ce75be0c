// w5.s - a storm of stage-2 faults: writes to 4,096 pages that are mapped on
// demand, and has them unmapped again.

        .equ    DATA_LEAF, 0
        .equ    UNMAPPED,  4096
        .equ    PAGES,     4096

guest:
measured:
        ldr     x20, =ROUNDS
        cbz     x20, done
round:
        ldr     x0, =DATA
        ldr     x1, =PAGES
touch:
        str     x1, [x0]
        add     x0, x0, #1, lsl #12
        subs    x1, x1, #1
        b.ne    touch
        hvc     #2
        subs    x20, x20, #1
        b.ne    round
done:
        hvc     #0
