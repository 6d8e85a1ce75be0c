// dirty_log.s - a guest whose writes are logged, as for live migration.
//
// The guest is its own test: it asks the host to log the writes to eight pages
// of its memory, writes to some, and asks which ones it wrote. With HARDWARE 1
// the walker itself makes a page with DBM writable, where the PE has
// FEAT_HAFDBS, and no first write faults.

        .equ    UART,   0x09000000      // PL011, mapped as a device
        .equ    DATA,   0x40600000      // 8 pages, mapped before we start
        .equ    PAGE,   4096            // the granule of stage 2
        .equ    SIZE,   8 * PAGE
        .equ    HARDWARE, 0

        .equ    LOG_START,   0x5204
        .equ    LOG_COLLECT, 0x5205
        .equ    LOG_STOP,    0x5206
        .equ    UPDATES,     0x5209

_start:
        mov     x20, #0                 // wrong answers
        ldr     x19, =DATA
        ldr     x22, [x19]              // a TLB may hold it as it is now
        str     x22, [x19]

        mov     x0, #HARDWARE           // VTCR_EL2.HA
        mov     x1, #HARDWARE           // VTCR_EL2.HD
        hvc     #UPDATES
        bl      done
        bl      range
        hvc     #LOG_START
        bl      done
        mov     x21, #0                 // nothing was written yet
        bl      collect

        str     x19, [x19]              // page 0: faults, is logged
        add     x9, x19, #8
        str     x19, [x9]               // again: no fault any more
        ldr     x9, =PAGE_2
        ldr     x9, [x9]                // page 2 is only read
        ldr     x9, =PAGE_3
        str     x19, [x9]               // page 3
        mov     x21, #0b1001
        bl      collect

        mov     x21, #0                 // collected, so clean
        bl      collect
        str     x19, [x19]              // armed again: faults again
        mov     x21, #1
        bl      collect

        hvc     #LOG_STOP
        bl      done
        ldr     x9, =PAGE_2
        str     x19, [x9]               // no fault

        ldr     x9, [x19]               // what was written is there
        cmp     x9, x19
        cinc    x20, x20, ne

        adr     x0, good
        cbz     x20, print
        adr     x0, bad
print:  ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, end
        strb    w2, [x1]
        b       next
end:    hvc     #0

// x0, x1: the range
range:  mov     x0, x19
        ldr     x1, =SIZE
        ret

// x0 must be 0
done:   cmp     x0, #0
        cinc    x20, x20, ne
        ret

// The pages written must be those of x21, bit n for page n.
collect:
        mov     x23, x30
        bl      range
        hvc     #LOG_COLLECT
        bl      done
        cmp     x2, x21
        cinc    x20, x20, ne
        ret     x23

        .equ    PAGE_2, DATA + 2 * PAGE
        .equ    PAGE_3, DATA + 3 * PAGE

good:   .asciz  "guest: the log names just the pages that were written\n"
bad:    .asciz  "guest: the log is wrong\n"
