// unmap-one.s - has a page unmapped that the TLB holds, and uses it again.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    UNMAP,  0x520b

_start:
        ldr     x19, =HEAP
        mov     x4, #0x5ec
        str     x4, [x19]               // the TLB holds the page
        mov     x0, x19
        mov     x1, #4096
        hvc     #UNMAP
        ldr     x20, [x19]              // faults, unless an old translation is used
        hvc     #0
