// unmap-part.s - has one page taken out of a block.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a
        .equ    UNMAP,  0x520b

_start:
        ldr     x19, =0x40100000        // in the block that holds this code
        ldr     x4, [x19]
        mov     x0, x19
        mov     x1, #4096
        hvc     #UNMAP                  // 0 in x0: the host says that it is gone
        ldr     x20, [x19]              // faults if it is
        hvc     #0
