// no-region.s - reads where the host has nothing for the guest.

_start:
        ldr     x19, =0x50000000
        ldr     x20, [x19]
        hvc     #0
