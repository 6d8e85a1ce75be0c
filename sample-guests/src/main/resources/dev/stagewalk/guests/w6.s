// w6.s - a storm of hypervisor calls, 10,000 a round.

        .equ    DATA_LEAF, LEAF_2
        .equ    UNMAPPED,  0
        .equ    CALLS,     10000

guest:
measured:
        ldr     x20, =ROUNDS
        cbz     x20, done
round:
        ldr     x1, =CALLS
call:
        hvc     #1
        subs    x1, x1, #1
        b.ne    call
        subs    x20, x20, #1
        b.ne    round
done:
        hvc     #0
