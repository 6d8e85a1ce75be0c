// remap.s - asks the host to let a page in use lead to another frame.
//
// The load before makes the TLB hold the page, so the host may not simply
// store a new descriptor: it has to break the old one first.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a
        .equ    UNMAP,  0x520b

_start:
        ldr     x19, =HEAP
        mov     x4, #1
        str     x4, [x19]               // the first page holds 1
        mov     x4, #2
        add     x19, x19, #4096
        str     x4, [x19]               // the second 2
        mov     x0, x19
        hvc     #QUERY                  // x0: where the second leads
        mov     x2, x0
        ldr     x0, =HEAP
        mov     x1, #4096
        mov     x3, #0                  // as data
        hvc     #MAP                    // the first page leads there too
        ldr     x19, =HEAP
        ldr     x20, [x19]              // 2, unless an old translation is used
        hvc     #0
