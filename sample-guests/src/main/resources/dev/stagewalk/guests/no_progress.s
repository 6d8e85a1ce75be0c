// no_progress.s - stores where no region of the guest is.

        .equ    HEAP,    0x40200000
        .equ    NOWHERE, 0x70000000

_start:
        ldr     x0, =HEAP
        str     x0, [x0]                // one exit, mended
        ldr     x0, =NOWHERE
        str     x0, [x0]                // an exit that nobody mends
        hvc     #0                      // never reached
