// hvc.s - asks the hypervisor for something, a few times.
//
// An HVC is taken to EL2 with exception class 0x16; the immediate stands in
// the syndrome. ELR_EL2 points after the HVC, so a plain return goes on.

_start:
        mov     x0, #0
        mov     x1, #5
again:
        hvc     #1
        add     x0, x0, #1
        cmp     x0, x1
        b.lo    again
        hvc     #0                      // finished
