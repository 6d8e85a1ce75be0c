// map-conflict.s - asks the host for a page where a block is.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a
        .equ    UNMAP,  0x520b

_start:
        ldr     x0, =HEAP
        hvc     #QUERY
        mov     x2, x0                  // a frame of ours
        ldr     x0, =0x40100000         // in the block that holds this code
        mov     x1, #4096
        mov     x3, #0
        hvc     #MAP
        mov     x20, x0                 // 0: the host says that it is mapped
        hvc     #0
