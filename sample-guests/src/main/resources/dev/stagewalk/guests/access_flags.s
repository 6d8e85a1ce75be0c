// access_flags.s - a guest whose Access flags are harvested.
//
// The guest is its own test. It asks the host to clear the Access flags of
// eight pages, touches some, and asks which ones it touched. With a TLBI the
// first touch of each page faults and is seen. Without one, which is legal,
// what a TLB still holds is used unseen: then the answer may lack pages.

        .equ    UART,   0x09000000      // PL011, mapped as a device
        .equ    DATA,   0x40600000      // 8 pages, mapped before we start
        .equ    PAGE,   4096            // the granule of stage 2
        .equ    SIZE,   8 * PAGE

        .equ    CLEAR,    0x5202
        .equ    ACCESSED, 0x5203

_start:
        mov     x20, #0                 // wrong answers
        ldr     x19, =DATA
        bl      touch

        mov     x24, #1                 // with a TLBI
        bl      clear
        bl      touch
        bl      harvest
        cmp     x2, x21                 // just those that were touched
        cinc    x20, x20, ne

        mov     x24, #0                 // without
        bl      clear
        bl      touch
        bl      harvest
        bics    xzr, x2, x21            // none that was not touched
        cinc    x20, x20, ne

        adr     x0, good
        cbz     x20, print
        adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, end
        strb    w2, [x1]
        b       next
end:    hvc     #0

// Touches pages 1, 2 and 5.
touch:  mov     x21, #0b100110
        ldr     x9, =DATA + 1 * PAGE
        str     x9, [x9]
        ldr     x9, =DATA + 2 * PAGE
        ldr     x9, [x9]
        ldr     x9, =DATA + 5 * PAGE
        str     x9, [x9]
        ret

clear:  mov     x0, x19
        ldr     x1, =SIZE
        mov     x2, x24
        hvc     #CLEAR
        cmp     x0, #0
        cinc    x20, x20, ne
        ret

harvest:
        mov     x0, x19
        ldr     x1, =SIZE
        hvc     #ACCESSED
        cmp     x0, #0
        cinc    x20, x20, ne
        ret

good:   .asciz  "guest: the flags tell the pages that were touched\n"
bad:    .asciz  "guest: the flags are wrong\n"
