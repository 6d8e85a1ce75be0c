// exits_paging.s - a storm of stage-2 faults: writes to every page of a region that is
// mapped on demand.

        .equ    HEAP,  0x50000000
        .equ    PAGES, 30000

_start:
        ldr     x0, =HEAP
        ldr     x1, =PAGES
loop:
        str     x1, [x0]
        add     x0, x0, #1, lsl #12
        subs    x1, x1, #1
        b.ne    loop
        hvc     #0
