// own_tables.s - a guest that turns its stage 1 on, under stage 2.
//
// Four levels of tables with the 4K granule. Code, tables and UART are mapped
// at their own addresses; pages at VA 0x70000000 lead to the heap, which the
// hypervisor maps on demand. The table for VA 0x70200000 lies in a page that
// stage 2 does not map yet: the walk itself faults there.

        .equ    UART,   0x09000000      // PL011
        .equ    CODE,   0x40000000
        .equ    HEAP,   0x40200000      // nothing mapped here at first
        .equ    TABLES, 0x40400000      // L0, L1, two L2 tables, one L3 table
        .equ    LATE,   0x40600000      // an L3 table that stage 2 does not map
        .equ    VIEW,   0x70000000      // VA of the heap

        .equ    TABLE,  0x3
        .equ    BLOCK,  0x701           // AF, Inner Shareable, AttrIndx 0
        .equ    PAGE,   0x703
        .equ    READ_ONLY, 0x80         // AP[2]
        .equ    DEVICE, 0x60000000000405 // a block, UXN, PXN, AF, AttrIndx 1

_start:
        hvc     #1                      // tell the hypervisor that we are up
        adr     x0, vectors
        msr     vbar_el1, x0

        // Tables: L0[0] names L1; L1[0] and L1[1] name an L2 table each.
        ldr     x0, =TABLES
        ldr     x1, =TABLES + 0x1000 + TABLE
        str     x1, [x0]
        ldr     x1, =TABLES + 0x2000 + TABLE
        str     x1, [x0, #0x1000]
        ldr     x1, =TABLES + 0x3000 + TABLE
        str     x1, [x0, #0x1008]

        // The first GiB: the UART, entry 72 of its L2 table.
        ldr     x1, =UART + DEVICE
        str     x1, [x0, #0x2240]

        // The second GiB: blocks for code, tables and the late table ...
        add     x2, x0, #0x3000
        ldr     x1, =CODE + BLOCK
        str     x1, [x2]
        ldr     x1, =TABLES + BLOCK
        str     x1, [x2, #16]
        ldr     x1, =LATE + BLOCK
        str     x1, [x2, #24]
        // ... and L3 tables for VIEW (entry 384) and the 2 MiB after it.
        ldr     x1, =TABLES + 0x4000 + TABLE
        str     x1, [x2, #0xc00]
        ldr     x1, =LATE + TABLE
        str     x1, [x2, #0xc08]

        // Pages of VIEW: two to write, one to read only.
        add     x2, x0, #0x4000
        ldr     x1, =HEAP + PAGE
        str     x1, [x2]
        ldr     x1, =HEAP + 0x1000 + PAGE
        str     x1, [x2, #8]
        ldr     x1, =HEAP + 0x2000 + PAGE + READ_ONLY
        str     x1, [x2, #16]

        mov     x1, #0xff               // 0: Normal Write-Back, 1: Device-nGnRnE
        msr     mair_el1, x1
        ldr     x1, =0x200803510        // 48-bit VAs, 4K, 40-bit IPAs, EPD1
        msr     tcr_el1, x1
        msr     ttbr0_el1, x0
        dsb     ish
        isb
        mrs     x1, sctlr_el1
        orr     x1, x1, #1
        msr     sctlr_el1, x1           // stage 1 is on from here
        isb

        ldr     x0, =VIEW
        mov     x20, #0                 // words that did not read back
        mov     x21, #0                 // faults we have mended
        ldr     x2, =0xdeadbeef
        str     x2, [x0, #0x18]         // up to 24 reads: no page at stage 2 yet
        ldr     x3, [x0, #0x18]
        cmp     x3, x2
        cinc    x20, x20, ne
        add     x4, x0, #0x1000
        str     x2, [x4, #0x18]         // another table entry, another page
        add     x4, x0, #0x2000
        ldr     x3, [x4, #0x20]         // we may read this page
        str     x2, [x4, #0x20]         // ... but not write it: stage 1 faults
        ldr     x3, [x4, #0x20]
        cmp     x3, x2
        cinc    x20, x20, ne
        add     x4, x0, #0x200000
        str     x2, [x4, #0x28]         // stage 2 lacks the table that stage 1 needs
        ldr     x3, [x4, #0x28]
        cmp     x3, x2
        cinc    x20, x20, ne

        adr     x0, all_good
        cbnz    x20, failed
        cmp     x21, #2
        b.eq    print
failed: adr     x0, lost
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:   hvc     #0                      // finished

all_good:
        .asciz  "guest: every word read back, two faults mended\n"
lost:
        .asciz  "guest: something went wrong\n"

// Stage-1 faults come here; those of stage 2 go to the hypervisor.
        .balign 2048
vectors:
        .space  0x200
        mrs     x9, far_el1
        ubfx    x10, x9, #12, #9        // index at level 3
        ldr     x11, =TABLES + 0x4000
        tbz     x9, #21, known
        ldr     x11, =LATE
known:  add     x11, x11, x10, lsl #3   // the entry
        mrs     x12, esr_el1
        and     x12, x12, #0x3c
        cmp     x12, #0xc               // Permission fault?
        b.eq    permit
        cmp     x12, #0x4               // Translation fault?
        b.ne    failed
        ldr     x13, =HEAP + 0x8000 + PAGE
        str     x13, [x11]              // invalid to valid needs no TLBI
        dsb     ishst
        isb
        b       mended
permit: ldr     x13, [x11]
        bic     x13, x13, #READ_ONLY
        str     x13, [x11]              // more permission: no break-before-make,
        dsb     ishst
        lsr     x14, x9, #12
        tlbi    vae1is, x14             // but the old entry must go
        dsb     ish
        isb
mended: add     x21, x21, #1
        eret
