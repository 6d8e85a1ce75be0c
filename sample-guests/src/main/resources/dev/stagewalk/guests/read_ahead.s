// read_ahead.s - touches two large blocks, then a few single pages.

        .equ    UART,   0x09000000
        .equ    LARGE,  0x40400000      // 4 MiB: two blocks
        .equ    SMALL,  0x40a00000      // too small for a block

_start:
        ldr     x0, =LARGE
        mov     x1, #64
large:  str     x1, [x0]                // faults twice, not 64 times
        add     x0, x0, #0x10, lsl #12  // every sixteenth page
        subs    x1, x1, #1
        b.ne    large

        ldr     x0, =SMALL
        mov     x1, #3
small:  str     x1, [x0]                // faults each time
        add     x0, x0, #1, lsl #12
        subs    x1, x1, #1
        b.ne    small

        adr     x0, text
        ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:   hvc     #0

text:   .asciz  "guest: 64 pages for two exits, three for three\n"
