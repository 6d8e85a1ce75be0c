// map-call.s - asks the host to map a page, and reads there.
//
// What it asks for stands in x0 to x3 at "ask": an IPA, a size, the frame it
// leads to, and the bits of the leaf, where 0 stands for those of data.

        .equ    HEAP,   0x40400000      // data, mapped in pages
        .equ    FREE,   0x40410000      // nothing is mapped here
        .equ    QUERY,  0x5200
        .equ    MAP,    0x520a

_start:
        ldr     x0, =HEAP
        hvc     #QUERY                  // x0: a frame of ours
        mov     x2, x0
        ldr     x0, =FREE
        mov     x22, x0
        mov     x1, #4096
        mov     x3, #0
ask:    hvc     #MAP
        mov     x21, x0                 // 0, or -1 where the host refuses
        ldr     x20, [x22]
        hvc     #0
