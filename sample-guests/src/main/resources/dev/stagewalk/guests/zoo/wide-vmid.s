// wide-vmid.s - two guests whose VMIDs differ only above bit 7.
//
// Each writes its number to its own page at one IPA and gives the turn away.

        .equ    HEAP,   0x40200000

_start:
        mov     x4, #1
        b       both
second:
        mov     x4, #2
both:   ldr     x19, =HEAP
        str     x4, [x19]
        wfi                             // the other one's turn
        ldr     x20, [x19]              // our number, or the other one's
        wfi
        hvc     #0
