// split_merge.s - a block that is split and merged while the guest runs in it.
//
// The guest is its own test: it asks the host to split the 2 MiB block that
// holds this code into pages and to make one block of them again. Each time
// the host breaks the old entry first, so a fetch in between would fault.

        .equ    UART,   0x09000000      // PL011, mapped as a device

        .equ    QUERY,  0x5200
        .equ    SPLIT,  0x5207
        .equ    MERGE,  0x5208
        .equ    BLOCK,  2 << 20
        .equ    PAGE,   4 << 10

_start:
        mov     x20, #0                 // wrong answers
        adr     x19, _start

        mov     x21, #BLOCK
        bl      query
        mov     x0, x19
        hvc     #SPLIT
        bl      done
        mov     x21, #PAGE
        bl      query
        mov     x0, x19
        mov     x1, #2                  // into a block of level 2
        hvc     #MERGE
        bl      done
        mov     x21, #BLOCK
        bl      query

        mov     x0, x19
        mov     x1, #2
        hvc     #MERGE                  // there is nothing to merge any more
        cmn     x0, #1
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

done:   cmp     x0, #0
        cinc    x20, x20, ne
        ret

// Our IPA must lead to itself, through a leaf of x21 bytes.
query:  mov     x0, x19
        hvc     #QUERY
        cmp     x0, x19
        cinc    x20, x20, ne
        cmp     x1, x21
        cinc    x20, x20, ne
        ret

good:   .asciz  "guest: a block, pages, a block again\n"
bad:    .asciz  "guest: not as it should be\n"
