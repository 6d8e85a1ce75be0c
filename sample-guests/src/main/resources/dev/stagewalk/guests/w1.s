// w1.s - an integer loop.

        .equ    DATA_LEAF, LEAF_2
        .equ    UNMAPPED,  0
        .equ    LOOPS,     1000000      // a round

guest:
        mov     x1, #1
        mov     x2, #3
measured:
        ldr     x6, =ROUNDS
        cbz     x6, done
round:
        ldr     x0, =LOOPS
loop:
        add     x3, x1, x2
        eor     x2, x2, x3, lsl #7
        sub     x4, x3, x1, lsr #3
        and     x5, x4, x2
        orr     x1, x5, #1
        add     x2, x2, x4
        subs    x0, x0, #1
        b.ne    loop
        subs    x6, x6, #1
        b.ne    round
done:
        hvc     #0
