// cow.s - four pages that are one, until one of them is written.
//
// Reading needs no exit: stage 2 maps all four pages, read-only, to the same
// frame. A store is a Permission fault at level 3, and HPFAR_EL2 is UNKNOWN
// for it: the hypervisor has to find the IPA from the VA in FAR_EL2.

        .equ    UART,   0x09000000
        .equ    PAGES,  0x40300000
        .equ    PAGE,   0x1000

_start:
        ldr     x0, =PAGES
        ldr     x1, [x0]                // all four read the same word: 0
        ldr     x2, [x0, #PAGE]
        orr     x1, x1, x2

        mov     x3, #1
        str     x3, [x0]                // first write: the page is copied
        str     x3, [x0, #8]            // the copy is ours: no exit
        add     x4, x0, #(2 * PAGE)
        mov     x3, #3
        str     x3, [x4]                // another page, another copy

        ldr     x5, [x0]                // 1
        ldr     x6, [x0, #PAGE]         // still shared, still 0
        ldr     x7, [x4]                // 3
        add     x8, x5, x6
        add     x8, x8, x7
        orr     x8, x8, x1
        cmp     x8, #4

        adr     x0, good
        b.eq    print
        adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:   hvc     #0

good:   .asciz  "guest: two pages are mine, two are still shared\n"
bad:    .asciz  "guest: a page holds what it should not\n"
