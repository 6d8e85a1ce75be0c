// w4.s - follows a chain of pointers through 16,384 pages, one a page, in an
// order that no cache of translations likes.

        .equ    DATA_LEAF, LEAF_2
        .equ    UNMAPPED,  0
        .equ    PAGES,     16384

guest:
        ldr     x0, =DATA
        mov     x1, #0                  // page
        ldr     x2, =12077
        ldr     x3, =4099
link:
        and     x4, x1, #63
        add     x4, x0, x4, lsl #6
        add     x4, x4, x1, lsl #12     // its word
        madd    x5, x1, x2, x3
        and     x5, x5, #PAGES - 1      // the next page: all of them in turn
        and     x6, x5, #63
        add     x6, x0, x6, lsl #6
        add     x6, x6, x5, lsl #12
        str     x6, [x4]
        mov     x1, x5
        cbnz    x1, link
measured:
        ldr     x20, =ROUNDS
        cbz     x20, done
round:
        ldr     x0, =DATA
        ldr     x1, =PAGES
chase:
        ldr     x0, [x0]
        subs    x1, x1, #1
        b.ne    chase
        ldr     x1, =DATA
        cmp     x0, x1                  // the chain is closed
        b.ne    wrong
        subs    x20, x20, #1
        b.ne    round
done:
        hvc     #0
wrong:
        b       wrong
