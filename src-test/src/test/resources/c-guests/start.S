// Where a program begins: on Linux, or on a bare machine at EL2, whose MMU it turns on flat, because
// compiled code accesses unaligned memory.
    .globl _start
_start:
#ifdef BARE
    adrp    x0, stack_top
    add     sp, x0, :lo12:stack_top
    msr     cptr_el2, xzr
    mov     x0, #0xff00
    msr     mair_el2, x0
    adrp    x0, flat
    msr     ttbr0_el2, x0
    ldr     x0, =0x80823519         // T0SZ 25, 4K, cacheable, 40 bits, RES1
    msr     tcr_el2, x0
    isb
    tlbi    alle2
    dsb     nsh
    isb
    ldr     x0, =0x30c51835         // M, C, I, RES1
    msr     sctlr_el2, x0
    isb
    bl      main
    mov     w0, #8
    movk    w0, #0x8400, lsl #16
    smc     #0
    b       .

    .section .tables, "aw"
    .balign 4096
flat:
    .quad   0x00000000 | 1 << 54 | 1 << 10 | 1
    .quad   0x40000000 | 3 << 8 | 1 << 10 | 1 << 2 | 1
    .fill   510, 8, 0
    .bss
    .balign 16
    .space  65536
stack_top:
#else
    bl      main
    mov     x0, #0
    mov     x8, #94                 // exit_group
    svc     #0
#endif
