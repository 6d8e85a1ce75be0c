// w1.s - an integer loop: 100 million instructions, no exit.

        .equ    ROUNDS, 12500000

_start:
        ldr     x0, =ROUNDS
        mov     x1, #1
        mov     x2, #3
loop:
        add     x3, x1, x2
        eor     x2, x2, x3, lsl #7
        sub     x4, x3, x1, lsr #3
        and     x5, x4, x2
        orr     x1, x5, #1
        add     x2, x2, x4
        subs    x0, x0, #1
        b.ne    loop
        hvc     #0
