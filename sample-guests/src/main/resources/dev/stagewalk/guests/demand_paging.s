// demand_paging.s - touches pages that nobody has mapped.
//
// Stage 1 is off: a virtual address is the intermediate physical address.
// The first store to each page faults in stage 2. The hypervisor maps a page
// and returns to the same store, which then succeeds.

        .equ    UART,   0x09000000      // PL011, mapped as a device
        .equ    HEAP,   0x40200000      // nothing mapped here at first
        .equ    PAGES,  4
        .equ    ROUNDS, 8

_start:
        hvc     #1                      // tell the hypervisor that we are up
        mov     x19, #0                 // round
        mov     x20, #0                 // words that did not read back

round:
        add     x19, x19, #1
        ldr     x0, =HEAP
        mov     x1, #PAGES
touch_pages:
        mov     x3, #4096
        mov     x2, #0xbeef
        movk    x2, #0xdead, lsl #16
        add     x2, x2, x19             // another word in every round
        str     x2, [x0, #0x18]         // the store that faults
        ldr     x4, [x0, #0x18]
        cmp     x4, x2
        cinc    x20, x20, ne
        add     x0, x0, x3
        subs    x1, x1, #1
        b.ne    touch_pages
        cmp     x19, #ROUNDS
        b.ne    round

        adr     x0, all_good
        cbz     x20, print
        adr     x0, lost
print:
        ldr     x1, =UART
next:   ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]
        b       next
done:
        hvc     #0                      // finished

all_good:
        .asciz  "guest: every word read back\n"
lost:
        .asciz  "guest: a word was lost\n"
