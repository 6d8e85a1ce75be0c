// unmap-all.s - has every page of a table unmapped.
//
// The table is empty then and can be freed: after the descriptor that names
// it is gone, and after everything held of it is invalidated.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a
        .equ    UNMAP,  0x520b

_start:
        ldr     x19, =HEAP
        ldr     x4, [x19]               // the TLB holds the page
        ldr     x0, =HEAP
        mov     x1, #64 << 10
        hvc     #UNMAP
        hvc     #0
