// aligned-stack.s - an exception at EL1 with the stack alignment check on.
//
// SCTLR_EL1.SA makes every access through a misaligned SP fault, as kernels
// want it. The framework's code at the vectors has to keep to that.

        .equ    SA,     8

_start:
        mrs     x0, sctlr_el1
        ldr     x1, =SA
        orr     x0, x0, x1
        msr     sctlr_el1, x0
        isb
        mov     x19, #0
        mov     x30, #0x300             // what the frame has to hold
        svc     #7
after:  hvc     #0

// x0: the frame; x1: ESR_EL1.
on_sync:
        add     x19, x19, #1
        ret
