// page_moves.s - a host at EL2 that moves a page of its guest to another frame.
//
// No library: the host builds stage 2 itself, and two PEs run the same guest. At HVC #1 the host
// breaks the page's descriptor, invalidates what TLBs hold of it on both PEs, and only then makes
// the new one. Leave out any step, or give one the wrong operand, and `stagewalk check` says which.

        .equ    UART,    0x09000000
        .equ    CPU_ON,  0xc4000003
        .equ    OFF,     0x84000008     // SYSTEM_OFF
        .equ    TABLES,  0x40200000     // level 1 (the root), level 2, level 3
        .equ    FRAME_A, 0x40300000     // where the page is at first
        .equ    FRAME_B, 0x40301000     // ... and later
        .equ    FLAGS,   0x40302000     // words for the two PEs
        .equ    PAGE,    0x40400000     // IPA of the page
        .equ    SHARED,  0x40401000     // IPA of FLAGS
        .equ    VTTBR,   0x0001000040200000     // VMID 1

        .equ    TABLE,   0x3
        .equ    RX,      0x77d          // block: AF, Inner Shareable, Write-Back, read-only
        .equ    RW,      0x00400000000007ff     // page: read-write, execute-never

start:
        ldr     x0, =TABLES
        ldr     x1, =TABLES + 0x1000 + TABLE
        str     x1, [x0, #8]            // the second GiB
        ldr     x1, =0x40000000 + RX
        str     x1, [x0, #0x1000]       // this code
        ldr     x1, =TABLES + 0x2000 + TABLE
        str     x1, [x0, #0x1010]       // IPA 0x40400000 to 0x405fffff
        ldr     x1, =FRAME_A + RW
        str     x1, [x0, #0x2000]       // PAGE
        ldr     x1, =FLAGS + RW
        str     x1, [x0, #0x2008]       // SHARED
        ldr     x0, =FRAME_A
        mov     x1, #'A'
        str     x1, [x0]
        ldr     x0, =FRAME_B
        mov     x1, #'B'
        str     x1, [x0]
        dsb     ish

        ldr     x0, =CPU_ON
        mov     x1, #1                  // affinity of the second PE
        adr     x2, second
        smc     #0
        adr     x5, guest
        b       enter
second:
        adr     x5, other
enter:                                  // x5: where the guest begins
        adr     x0, vectors
        msr     vbar_el2, x0
        ldr     x0, =0x80053559         // 39-bit IPAs, 4K, from level 1
        msr     vtcr_el2, x0
        ldr     x0, =VTTBR
        msr     vttbr_el2, x0
        isb
        tlbi    vmalls12e1              // whatever this PE held of VMID 1 before
        dsb     nsh
        ldr     x0, =0x80000001         // RW, VM
        msr     hcr_el2, x0
        msr     elr_el2, x5
        mov     x0, #0x3c5              // EL1h
        msr     spsr_el2, x0
        eret

// The guest, on two PEs.
guest:
        ldr     x2, =PAGE
        ldr     x6, =SHARED
wait:
        ldr     x7, [x6]                // until the other PE has read the page too
        cbz     x7, wait
        ldr     x3, [x2]
        hvc     #1                      // the host moves the page now
        ldr     x4, [x2]
        mov     x7, #1
        str     x7, [x6, #8]
waits:
        ldr     x7, [x6, #16]           // what the other PE has read by now
        cbz     x7, waits
        hvc     #2
other:
        ldr     x2, =PAGE
        ldr     x6, =SHARED
        ldr     x3, [x2]
        mov     x7, #1
        str     x7, [x6]
moved:
        ldr     x7, [x6, #8]
        cbz     x7, moved
        ldr     x4, [x2]
        str     x4, [x6, #16]
        hvc     #3

// The host, at an exit. Guest and host share the registers: x9 to x15 are the host's.
exit:
        mrs     x9, esr_el2
        lsr     x10, x9, #26
        cmp     x10, #0x16              // HVC
        b.ne    unexpected
        and     x9, x9, #0xffff
        cmp     x9, #1
        b.eq    move
        cmp     x9, #2
        b.eq    finish
sleep:
        wfi
        b       sleep

move:
        ldr     x10, =TABLES + 0x2000
        str     xzr, [x10]              // break
        dsb     ishst                   // walkers see that
        ldr     x11, =PAGE
        lsr     x11, x11, #12
        tlbi    ipas2e1is, x11          // IPA >> 12
        dsb     ish
        tlbi    vmalle1is               // entries that combine both stages
        dsb     ish
        isb
        ldr     x12, =FRAME_B + RW
        str     x12, [x10]              // make
        dsb     ishst
        eret

finish:
        cmp     x4, #'B'
        b.ne    lost
        cmp     x7, #'B'
        b.ne    lost
        adr     x1, good
        b       print
unexpected:
lost:
        adr     x1, bad
print:
        ldr     x2, =UART
next:
        ldrb    w0, [x1], #1
        cbz     w0, printed
        strb    w0, [x2]
        b       next
printed:
        ldr     x0, =OFF
        smc     #0

good:   .asciz  "host: both PEs see the page in its new frame\n"
bad:    .asciz  "host: a PE still sees the old frame\n"

        .balign 2048
vectors:
        .skip   0x400                   // synchronous, from AArch64 below
        b       exit
