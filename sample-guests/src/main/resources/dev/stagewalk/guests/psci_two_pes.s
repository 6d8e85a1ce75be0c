// psci_two_pes.s - PSCI by HVC, and a second PE of the same guest.

        .equ    PSCI_VERSION,  0x84000000
        .equ    CPU_OFF,       0x84000002
        .equ    CPU_ON,        0xc4000003
        .equ    AFFINITY_INFO, 0xc4000004
        .equ    SYSTEM_OFF,    0x84000008
        .equ    FEATURES,      0x8400000a
        .equ    UART,          0x09000000
        .equ    LOCK,          0x40300000
        .equ    HEAP,          0x40400000
        .equ    ROUNDS,        10

_start:
        ldr     x0, =PSCI_VERSION
        hvc     #0                      // x0 = 0x10001: version 1.1
        mov     x19, x0
        ldr     x0, =FEATURES
        ldr     x1, =CPU_ON
        hvc     #0                      // 0: there is CPU_ON
        cbnz    x0, failed

        ldr     x0, =CPU_ON
        mov     x1, #1                  // affinity of the second PE
        adr     x2, second
        mov     x3, #7                  // what it finds in x0
        hvc     #0
        cbnz    x0, failed

        bl      count
wait:   ldr     x0, =AFFINITY_INFO
        mov     x1, #1
        mov     x2, #0
        hvc     #0
        cmp     x0, #1                  // 1: off
        b.ne    wait

        ldr     x1, =LOCK
        ldr     x0, [x1, #64]
        cmp     x0, #(2 * ROUNDS)
        b.ne    failed
        ldr     x1, =HEAP
        ldr     x0, [x1]                // what the second PE has written
        cmp     x0, #7
        b.ne    failed
        adr     x1, done
        b       print
failed: adr     x1, wrong
print:  ldr     x2, =UART
next:   ldrb    w0, [x1], #1
        cbz     w0, off
        strb    w0, [x2]
        b       next
off:    ldr     x0, =SYSTEM_OFF
        hvc     #0

// The second PE: x0 is what CPU_ON was given.
second:
        ldr     x1, =HEAP
        str     x0, [x1]                // its own stage-2 fault
        bl      count
        ldr     x0, =CPU_OFF
        hvc     #0

// Adds 1 to the word behind the lock, so many times.
count:
        mov     x20, #ROUNDS
        ldr     x1, =LOCK
        mov     w2, #1
again:  ldaxr   w3, [x1]
        cbnz    w3, again
        stxr    w3, w2, [x1]
        cbnz    w3, again
        ldr     x4, [x1, #64]
        add     x4, x4, #1
        str     x4, [x1, #64]
        stlr    wzr, [x1]
        subs    x20, x20, #1
        b.ne    again
        ret

done:   .asciz  "guest: both PEs have counted\n"
wrong:  .asciz  "guest: something is wrong\n"
