// read_only.s - reads a read-only page, then writes to it.
//
// Stage 2 maps the page with S2AP = read-only. The load succeeds, the store
// is a Permission fault. HPFAR_EL2 is UNKNOWN for it: only FAR_EL2 says where.

        .equ    PAGE, 0x40300000

_start:
        ldr     x0, =PAGE
        ldr     x1, [x0, #0x40]         // allowed
        add     x1, x1, #1
        str     x1, [x0, #0x40]         // refused
        hvc     #0                      // not reached: the hypervisor ends us
