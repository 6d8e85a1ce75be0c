// host_exception.s - a host in A64 at EL2 that runs a guest as posted, and then
// takes an exception of its own.
//
// guest_run loads VBAR_EL2 with the guest's exit vectors and, as posted, nobody
// loads it back. The next exception of the host is taken for an exit: the stub
// stores the host's registers in the guest's structure, finds no handler, pops
// the six pairs that guest_run pushed - but nobody did - and returns to whatever
// lies there. With POSTED 0 the host gets its own vectors back.

        .equ    POSTED, 1

        .equ    UART,       0x09000000
        .equ    STACK,      0x40180000  // grows down from here
        .equ    SYSTEM_OFF, 0x84000008

// struct guest, as far as it is needed here
        .equ    ELR,        248
        .equ    SPSR,       256
        .equ    ESR,        296
        .equ    EXIT_CODE,  320
        .equ    HOST_VBAR,  496

_start:
        ldr     x0, =STACK
        mov     sp, x0
        adr     x1, lost                // what an earlier caller left on the stack
        str     x1, [x0, #(3 * 96 - 8)]
        ldr     x0, =0x80000000         // RW: EL1 is AArch64
        msr     hcr_el2, x0
        adr     x0, host_vectors
        msr     vbar_el2, x0
        isb

        udf     #1                      // before the guest: the host's own vectors
        adr     x0, guest
        bl      guest_run
        adr     x1, ended
        bl      print
        udf     #2                      // after it: whose vectors?
        adr     x1, good
        bl      print
off:    ldr     x0, =SYSTEM_OFF
        smc     #0

// Nobody calls this: its address lay on the stack.
lost:   adr     x1, nowhere
        bl      print
        b       off

// x0: struct guest. Returns when the guest has exited.
guest_run:
        stp     x29, x30, [sp, #-16]!
        stp     x27, x28, [sp, #-16]!
        stp     x25, x26, [sp, #-16]!
        stp     x23, x24, [sp, #-16]!
        stp     x21, x22, [sp, #-16]!
        stp     x19, x20, [sp, #-16]!
        msr     tpidr_el2, x0
        adr     x1, guest_code
        str     x1, [x0, #ELR]
        mov     x2, #0x3c5              // EL1h, all masked
        str     x2, [x0, #SPSR]
        msr     elr_el2, x1
        msr     spsr_el2, x2
        .if     POSTED == 0
        mrs     x1, vbar_el2
        str     x1, [x0, #HOST_VBAR]
        .endif
        adr     x1, hyp_el2_vectors
        msr     vbar_el2, x1
        isb
        eret

guest_code:
        hvc     #0

// The stub behind the exit vectors; x0 is the guest, x1 the vector.
guest_common_exit:
        str     x1, [x0, #EXIT_CODE]
        stp     x2, x3, [x0, #16]
        stp     x4, x5, [x0, #32]
        stp     x19, x20, [x0, #152]
        stp     x29, x30, [x0, #232]
        ldp     x2, x3, [sp], #16
        stp     x2, x3, [x0]
        mrs     x2, elr_el2
        str     x2, [x0, #ELR]
        mrs     x2, esr_el2
        str     x2, [x0, #ESR]
        // No handler is installed, and that means EXIT.
        .if     POSTED == 0
        ldr     x2, [x0, #HOST_VBAR]
        msr     vbar_el2, x2
        isb
        .endif
        ldp     x19, x20, [sp], #16
        ldp     x21, x22, [sp], #16
        ldp     x23, x24, [sp], #16
        ldp     x25, x26, [sp], #16
        ldp     x27, x28, [sp], #16
        ldp     x29, x30, [sp], #16
        ret

print:  ldr     x2, =UART
next:   ldrb    w3, [x1], #1
        cbz     w3, printed
        strb    w3, [x2]
        b       next
printed:
        ret

// The host's handler: says so, and skips the instruction.
host_handler:
        stp     x1, x30, [sp, #-16]!
        adr     x1, own
        bl      print
        mrs     x1, elr_el2
        add     x1, x1, #4
        msr     elr_el2, x1
        ldp     x1, x30, [sp], #16
        eret

own:     .asciz  "host: took an exception of its own\n"
ended:   .asciz  "host: the guest has exited\n"
good:    .asciz  "host: still sane\n"
nowhere: .asciz  "host: is somewhere that nobody called\n"

        .balign 2048
host_vectors:
        .skip   0x200
        b       host_handler            // 4: synchronous, current EL with SP_EL2

        .balign 2048
hyp_el2_vectors:
        .skip   0x200                   // 0 to 3: zero bytes
        .irp    vector, 4, 5, 6, 7, 8, 9, 10, 11
        .balign 128
        stp     x0, x1, [sp, #-16]!
        mrs     x0, tpidr_el2
        mov     x1, #\vector
        b       guest_common_exit
        .endr

        .balign 16
guest:  .skip   512
