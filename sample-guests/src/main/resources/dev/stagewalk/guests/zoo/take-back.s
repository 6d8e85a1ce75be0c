// take-back.s - a host takes a page from a guest that is not running.
//
// Two guests take turns with WFI. The first one uses a page of its heap; then
// the second has the host unmap that very page from the first.

        .equ    HEAP,   0x40200000      // each guest has its own
        .equ    TAKE,   0x520c          // unmap from the guest whose turn is next

_start:
        ldr     x19, =HEAP
        mov     x4, #1
        str     x4, [x19, #4096]        // so that the table is not empty later
        str     x4, [x19]               // the TLB holds the page, VMID of the first
        wfi                             // the second one's turn
        ldr     x20, [x19]              // 0, a fresh page, unless the old is used
        hvc     #0

second:
        ldr     x0, =HEAP
        mov     x1, #4096
        hvc     #TAKE
        wfi
        hvc     #0
