// mmio.s - prints through a console that the hypervisor emulates.
//
// Look at ESR_EL2 at each exit: SAS is the size of the access, SRT the register,
// SF whether a load fills 64 bits, SSE whether it extends the sign, WnR a store.

        .equ    CONSOLE, 0x0a000000
        .equ    DR,      0x00           // a byte written here is printed
        .equ    FR,      0x18           // flags: bit 5 would say "no room"
        .equ    SCRATCH, 0x100          // keeps what is written

_start:
        ldr     x1, =CONSOLE
        adr     x0, text
next:   ldrb    w2, [x0], #1
        cbz     w2, check
full:   ldr     w3, [x1, #FR]           // SAS 2, SRT 3, SF 0
        tbnz    w3, #5, full
        strb    w2, [x1, #DR]           // SAS 0, SRT 2, WnR 1
        b       next

check:  mov     w4, #0xff80
        strh    w4, [x1, #SCRATCH]      // SAS 1
        ldrsh   x5, [x1, #SCRATCH]      // SSE 1, SF 1: x5 = -128
        ldrh    w6, [x1, #SCRATCH]      // SSE 0: w6 = 0xff80
        ldrsb   w7, [x1, #SCRATCH]      // SSE 1, SF 0: w7 = 0xffffff80
        str     xzr, [x1, #SCRATCH]     // SRT 31 is the zero register
        ldr     x8, [x1, #SCRATCH]
        hvc     #0

text:   .asciz  "hi\n"
