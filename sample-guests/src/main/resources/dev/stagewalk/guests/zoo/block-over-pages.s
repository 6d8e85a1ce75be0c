// block-over-pages.s - asks the host for a block where pages are.
//
// A table stands where the block's descriptor would. Whoever stores the block
// over it loses the table, and TLBs may still hold what it said.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a
        .equ    UNMAP,  0x520b

_start:
        ldr     x19, =HEAP
        ldr     x4, [x19]               // the TLB holds the page
        ldr     x0, =HEAP
        mov     x1, #2 << 20
        mov     x2, #0x40000000         // the block that holds this code
        mov     x3, #0
        hvc     #MAP
        ldr     x20, [x19]
        hvc     #0
