// Two processing elements at EL2, with no hypervisor. The first switches the second on by PSCI
// (SMC), both count under a spinlock, and the second wakes the first from WFI by an interrupt.

        .equ  CPU_ON, 0xc4000003
        .equ  CPU_OFF, 0x84000002
        .equ  SYSTEM_OFF, 0x84000008
        .equ  UART, 0x09000000
        .equ  GICD, 0x08000000
        .equ  GICR, 0x080a0000
        .equ  LOCK, 0x40200000
        .equ  ROUNDS, 20

start:
        adr   x0, vectors
        msr   vbar_el2, x0
        ldr   x0, =0x80000010       // RW, IMO: interrupts come to EL2
        msr   hcr_el2, x0
        ldr   x10, =GICD
        mov   w0, #2                // Group 1
        str   w0, [x10]
        ldr   x11, =GICR
        str   wzr, [x11, #0x14]     // wake the redistributor of this PE
        add   x12, x11, #0x10, lsl #12
        mov   w0, #2                // SGI 1
        str   w0, [x12, #0x80]
        str   w0, [x12, #0x100]
        mov   x0, #0xff
        msr   icc_pmr_el1, x0
        mov   x0, #1
        msr   icc_igrpen1_el1, x0

        ldr   x0, =CPU_ON
        mov   x1, #1                // affinity of the second PE
        adr   x2, second
        mov   x3, #7                // what it finds in x0
        smc   #0
        cbnz  x0, failed

        mov   x20, #ROUNDS
        bl    count
        msr   daifclr, #2
wait:
        cbnz  x25, woken            // set by the interrupt's handler
        wfi
        b     wait
woken:
        ldr   x1, =LOCK
        ldr   x0, [x1, #64]
        cmp   x0, #(2 * ROUNDS)
        b.ne  failed
        adr   x1, done
        bl    print
        ldr   x0, =SYSTEM_OFF
        smc   #0

failed:
        adr   x1, wrong
        bl    print
        ldr   x0, =SYSTEM_OFF
        smc   #0

second:
        mov   x20, #ROUNDS
        bl    count
        mov   x0, #1                // SGI 1 to the PE with affinity 0
        orr   x0, x0, #(1 << 24)
        msr   icc_sgi1r_el1, x0
        isb
        ldr   x0, =CPU_OFF
        smc   #0

// Adds 1 to the word behind the lock, x20 times.
count:
        ldr   x1, =LOCK
        mov   w2, #1
        sevl
acquire:
        wfe
        ldaxr w3, [x1]
        cbnz  w3, acquire
        stxr  w3, w2, [x1]
        cbnz  w3, again
        ldr   x4, [x1, #64]
        add   x4, x4, #1
        str   x4, [x1, #64]
        stlr  wzr, [x1]
        sub   x20, x20, #1
        sevl
        cbnz  x20, acquire
        ret
again:
        sevl
        b     acquire

print:
        ldr   x2, =UART
next:
        ldrb  w0, [x1], #1
        cbz   w0, printed
        strb  w0, [x2]
        b     next
printed:
        ret

done:   .asciz "both have counted\n"
wrong:  .asciz "something is wrong\n"
        .balign 4

irq:
        mrs   x21, icc_iar1_el1
        mov   x25, #1
        msr   icc_eoir1_el1, x21
        eret

        .balign 2048
vectors:
        .skip 0x200
        b     failed                // synchronous: an exclusive may fault while the MMU is off
        .skip 0x7c
        b     irq                   // IRQ, current EL, SP_EL2
