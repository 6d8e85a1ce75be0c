// far-away.s - reads at 512 GiB, which the second entry of level 0 translates.

        .equ    FAR,    0x8000000000

_start:
        ldr     x19, =FAR
        ldr     x20, [x19]
        hvc     #0
