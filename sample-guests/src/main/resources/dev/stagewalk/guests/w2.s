// w2.s - a sieve of Eratosthenes over 65,536 bytes and the product of two
// matrices of 48 by 48 integers.

        .equ    DATA_LEAF, LEAF_2
        .equ    UNMAPPED,  0
        .equ    SIEVE,     DATA
        .equ    NUMBERS,   65536
        .equ    LEFT,      DATA + 0x100000
        .equ    RIGHT,     DATA + 0x110000
        .equ    PRODUCT,   DATA + 0x120000
        .equ    SIDE,      48
        .equ    CELLS,     SIDE * SIDE

guest:
        ldr     x0, =LEFT
        ldr     x1, =RIGHT
        mov     x2, #CELLS
        mov     x3, #1
        ldr     x4, =6364136223846793005
fill:
        madd    x3, x3, x4, x4
        str     x3, [x0], #8
        eor     x5, x3, x3, lsr #29
        str     x5, [x1], #8
        subs    x2, x2, #1
        b.ne    fill
measured:
        ldr     x20, =ROUNDS
        cbz     x20, done
round:
        ldr     x0, =SIEVE
        ldr     x1, =NUMBERS
        mov     x2, x0
clear:
        stp     xzr, xzr, [x2], #16
        subs    x1, x1, #16
        b.ne    clear

        ldr     x1, =NUMBERS
        mov     x3, #1
        mov     x2, #2
sieve:
        ldrb    w4, [x0, x2]
        cbnz    w4, composite
        mul     x5, x2, x2
        cmp     x5, x1
        b.hs    composite
strike:
        strb    w3, [x0, x5]
        add     x5, x5, x2
        cmp     x5, x1
        b.lo    strike
composite:
        add     x2, x2, #1
        cmp     x2, #256
        b.ne    sieve

        mov     x6, #0
        mov     x2, #2
count:
        ldrb    w4, [x0, x2]
        cmp     w4, #0
        cinc    x6, x6, eq
        add     x2, x2, #1
        cmp     x2, x1
        b.ne    count
        ldr     x7, =PRIMES
        cmp     x6, x7
        b.ne    wrong

        ldr     x7, =LEFT
        ldr     x9, =PRODUCT
        mov     x10, #SIDE              // rows
row:
        ldr     x8, =RIGHT
        mov     x11, #SIDE              // columns
column:
        mov     x12, #0
        mov     x13, x7
        mov     x14, x8
        mov     x15, #SIDE
term:
        ldr     x16, [x13], #8
        ldr     x17, [x14]
        add     x14, x14, #SIDE * 8
        madd    x12, x16, x17, x12
        subs    x15, x15, #1
        b.ne    term
        str     x12, [x9], #8
        add     x8, x8, #8
        subs    x11, x11, #1
        b.ne    column
        add     x7, x7, #SIDE * 8
        subs    x10, x10, #1
        b.ne    row

        subs    x20, x20, #1
        b.ne    round
done:
        hvc     #0
wrong:
        b       wrong

        .equ    PRIMES, 6542            // below 65,536
