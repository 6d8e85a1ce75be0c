// Entry, vectors and the way into the guest and out of it, for host.c.

    .section .text.start, "ax"
    .globl _start
_start:
    // x0: the device tree. Nothing that has been relocated may be used before that is done.
    adrp    x1, stack_top
    add     x1, x1, :lo12:stack_top
    mov     sp, x1
    adrp    x1, image_start
    add     x1, x1, :lo12:image_start       // linked for 0: this is what is to be added
    adrp    x2, relocations_start
    add     x2, x2, :lo12:relocations_start
    adrp    x3, relocations_end
    add     x3, x3, :lo12:relocations_end
1:  cmp     x2, x3
    b.hs    2f
    ldp     x4, x5, [x2], #16               // place, kind
    ldr     x6, [x2], #8                    // addend
    cmp     w5, #1027                       // R_AARCH64_RELATIVE
    b.ne    1b
    add     x6, x6, x1
    str     x6, [x4, x1]
    b       1b
2:  adrp    x1, vectors
    add     x1, x1, :lo12:vectors
    msr     vbar_el2, x1
    isb
    bl      host_main
3:  wfi
    b       3b

// int enter_guest(struct guest *guest): runs it up to its next exit.
// Returns 0 for a synchronous exception, 1 for an interrupt.
    .text
    .globl enter_guest
enter_guest:
    stp     x29, x30, [sp, #-96]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    msr     tpidr_el2, x0
    ldp     x1, x2, [x0, #248]
    msr     elr_el2, x1
    msr     spsr_el2, x2
    ldp     x2, x3, [x0, #16]
    ldp     x4, x5, [x0, #32]
    ldp     x6, x7, [x0, #48]
    ldp     x8, x9, [x0, #64]
    ldp     x10, x11, [x0, #80]
    ldp     x12, x13, [x0, #96]
    ldp     x14, x15, [x0, #112]
    ldp     x16, x17, [x0, #128]
    ldp     x18, x19, [x0, #144]
    ldp     x20, x21, [x0, #160]
    ldp     x22, x23, [x0, #176]
    ldp     x24, x25, [x0, #192]
    ldp     x26, x27, [x0, #208]
    ldp     x28, x29, [x0, #224]
    ldr     x30, [x0, #240]
    ldp     x0, x1, [x0]
    eret

    .macro  from_guest kind
    .balign 128
    stp     x0, x1, [sp, #-16]!
    mov     x1, #\kind
    b       guest_exit
    .endm

    .macro  unexpected
    .balign 128
    mrs     x0, esr_el2
    mrs     x1, elr_el2
    mrs     x2, far_el2
    b       host_died
    .endm

    .balign 2048
vectors:
    .rept   8
    unexpected
    .endr
    from_guest 0
    from_guest 1
    .rept   6
    unexpected
    .endr

guest_exit:
    mrs     x0, tpidr_el2
    stp     x2, x3, [x0, #16]
    stp     x4, x5, [x0, #32]
    stp     x6, x7, [x0, #48]
    stp     x8, x9, [x0, #64]
    stp     x10, x11, [x0, #80]
    stp     x12, x13, [x0, #96]
    stp     x14, x15, [x0, #112]
    stp     x16, x17, [x0, #128]
    stp     x18, x19, [x0, #144]
    stp     x20, x21, [x0, #160]
    stp     x22, x23, [x0, #176]
    stp     x24, x25, [x0, #192]
    stp     x26, x27, [x0, #208]
    stp     x28, x29, [x0, #224]
    str     x30, [x0, #240]
    ldp     x2, x3, [sp], #16
    stp     x2, x3, [x0]
    mrs     x2, elr_el2
    mrs     x3, spsr_el2
    stp     x2, x3, [x0, #248]
    mov     x0, x1
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     x29, x30, [sp], #96
    ret

// uint64_t firmware(uint64_t function): asks PSCI.
    .globl firmware
firmware:
    smc     #0
    ret

// The guest. It runs at EL1 without a stage 1, at IPA 0x8000_0000; 0x8000_1000 is mapped from the
// start, and everything else is not.
    .section .guest, "ax"
    .balign 4096
    .globl guest_code
guest_code:
    adr     x19, greeting
    mov     x20, #0x09000000                // the UART, which only the host has
1:  ldrb    w1, [x19], #1
    cbz     w1, 2f
    strb    w1, [x20]
    b       1b
2:  mov     x0, #20
    hvc     #1                              // asks for the sum 1 + … + 20
    mov     x21, x0
    mov     x22, #0x80000000
    add     x22, x22, #0x5, lsl #12         // a page that is mapped when it is touched
    str     x21, [x22, #8]
    ldr     x23, [x22, #8]
    add     x24, x22, #0x1, lsl #12
    ldr     x25, [x24]                      // another, which is zero
    mov     x26, #0x80000000
    add     x26, x26, #0x1, lsl #12
3:  ldr     x27, [x26]                      // until the host has had its timer interrupt
    cbz     x27, 3b
    add     x0, x23, x25
    add     x0, x0, x27
    hvc     #2
    b       .
greeting:
    .asciz  "guest: hello from EL1\n"
    .balign 4096
