// exits_hvc.s - 300,000 hypervisor calls.

        .equ    CALLS, 300000

_start:
        ldr     x1, =CALLS
loop:
        hvc     #1
        subs    x1, x1, #1
        b.ne    loop
        hvc     #0
