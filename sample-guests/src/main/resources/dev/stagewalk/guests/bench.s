// bench.s - what stands before every workload of the benchmark: a small
// hypervisor. It starts at EL2 with the MMU off, builds the tables of both
// stages (four levels, 4K pages, every address mapped to itself), and enters
// the workload at EL1. The same image runs here and on other machines of this
// memory map.
//
// A workload defines
//   ROUNDS      how often it does what it does
//   DATA_LEAF   stage-2 attributes of the data: LEAF_2, or 0 for "not mapped"
//   guest       where it begins, at EL1 with stage 1 on
//   measured    from where on it is measured
// and calls
//   hvc #0      the end
//   hvc #1      nothing: back to the guest
//   hvc #2      unmaps the data again, of which a fault has mapped pages

        .equ    RAM,      0x40000000
        .equ    TABLES,   0x41000000    // handed out from here on, upwards
        .equ    DATA,     0x44000000
        .equ    DATA_END, 0x48000000
        .equ    LEAF_1,   0x703         // page, AttrIndx 0, EL1 RW, inner shareable, AF
        .equ    LEAF_2,   0x7ff         // page, Normal Write-Back, read-write, AF

_start:
        ldr     x0, =RAM + 0x70000
        mov     sp, x0
        ldr     x28, =TABLES

        mov     x20, x28                // root of stage 2
        add     x28, x28, #0x1000
        mov     x0, x20
        ldr     x1, =RAM
        mov     x2, #16384
        mov     x3, #LEAF_2
        bl      map
        mov     x22, x28                // level 3 of the data: 32 tables in a row
        mov     x2, #16384
        mov     x3, #DATA_LEAF
        bl      map

        mov     x21, x28                // root of stage 1
        add     x28, x28, #0x1000
        mov     x0, x21
        ldr     x1, =RAM
        mov     x2, #32768
        mov     x3, #LEAF_1
        bl      map
        dsb     ish

        adr     x0, vectors
        msr     vbar_el2, x0
        ldr     x0, =0x80053590         // VTCR: 48-bit IPA from level 0, 4K, 48-bit PA
        msr     vtcr_el2, x0
        msr     vttbr_el2, x20
        mov     x0, #0xff
        msr     mair_el1, x0
        ldr     x0, =0x500803510        // TCR: 48-bit VA from level 0, 4K, TTBR0 only
        msr     tcr_el1, x0
        msr     ttbr0_el1, x21
        ldr     x0, =0x30d01805         // SCTLR: M, C, I
        msr     sctlr_el1, x0
        ldr     x0, =0x80000001         // HCR: RW, VM
        msr     hcr_el2, x0
        adr     x0, guest
        msr     elr_el2, x0
        mov     x0, #0x3c5              // EL1h, masked
        msr     spsr_el2, x0
        isb
        eret

// Maps x2 pages from x1 on to themselves: root x0, leaf attributes x3. Moves x1
// behind them; uses x4 to x7.
map:
        mov     x4, x0
        mov     x5, #39
level:
        lsr     x6, x1, x5
        and     x6, x6, #511
        add     x6, x4, x6, lsl #3
        ldr     x7, [x6]
        cbnz    x7, there
        orr     x7, x28, #3
        str     x7, [x6]
        add     x28, x28, #0x1000
there:
        and     x4, x7, #0xfffffffff000
        sub     x5, x5, #9
        cmp     x5, #12
        b.ne    level
        ubfx    x6, x1, #12, #9
        orr     x7, x1, x3
        str     x7, [x4, x6, lsl #3]
        add     x1, x1, #0x1000
        subs    x2, x2, #1
        b.ne    map
        ret

        .balign 2048
vectors:
        .space  0x400
        // A synchronous exception from the guest.
        stp     x0, x1, [sp, #-16]!
        mrs     x0, esr_el2
        lsr     x1, x0, #26
        cmp     x1, #0x24               // a data abort
        b.eq    map_page
        cmp     x1, #0x16               // HVC
        b.ne    failed
        ands    x0, x0, #0xffff
        b.eq    finish
        cmp     x0, #2
        b.eq    unmap
        ldp     x0, x1, [sp], #16
        eret

        .balign 2048
map_page:
        mrs     x0, hpfar_el2
        ubfx    x0, x0, #4, #36         // the number of the page
        ldr     x1, =DATA >> 12
        sub     x1, x0, x1
        lsl     x0, x0, #12
        orr     x0, x0, #LEAF_2
        str     x0, [x22, x1, lsl #3]
        dsb     ishst
        ldp     x0, x1, [sp], #16
        eret

unmap:
        ldr     x0, =UNMAPPED
        mov     x1, x22
zero:
        stp     xzr, xzr, [x1], #16
        subs    x0, x0, #2
        b.ne    zero
        dsb     ish
        tlbi    vmalls12e1is
        dsb     ish
        isb
        ldp     x0, x1, [sp], #16
        eret

failed:
        b       failed                  // not a workload of this file

finish:
        ldr     x0, =0x84000008         // PSCI SYSTEM_OFF
        smc     #0
        b       finish
        .ltorg

