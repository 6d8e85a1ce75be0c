// A source that uses what the assembler knows.
# a line comment
        .equ    UART, 0x09000000
        .set    SIZE, end - table
        COUNT = 3 * (2 + 2) - 1
_start: adr     x0, vectors
        ldr     x1, =UART               /* in the pool */
        ldr     x2, =0x123456789abcdef0
        ldr     w3, =UART + 0x18
        ldr     x4, =UART
        ldr     x5, =COUNT
1:      subs    x5, x5, #1; b.ne 1b
        cbz     x5, 1f
        b.hs    _start
1:      mov     w6, #'A'
        mov     x7, #~0xff
        mov     x8, #SIZE
        movz    x9, #:abs_g1:0x12345678
        movk    x9, #0x5678
        and     x10, x9, #0xff << 4
        ldr     x11, [x10, #(1 + 2) * 8]
        str     x11, [x10, x9, lsl #3]
        ldp     x12, x13, [sp], #16
        stp     x12, x13, [sp, #-16]!
        add     x14, x14, #0x5000
        add     sp, sp, #-32
        cmp     x14, #-1
        sub     x14, x14, #-8
        subs    w14, w14, #-8
        cmn     w14, #-3
        .ltorg
        ldr     x15, =UART
        ldr     w16, table
        tbnz    w16, #3, end
        .align  4
vectors: hvc    #0
        .balign 16
        ret
        .inst   0xd503201f
table:  .word   1, 2, 0x30 | 1, -1
        .byte   'x', '\n', 0377
        .balign 4
        .hword  0xffff, 1
        .short  2
        .balign 8, 0xff
        .quad   0x1122334455667788, table - _start
        .ascii  "ab\tc\\\"", "d"
        .asciz  "hello\n"
        .string "x\x41\101"
        .space  3
        .skip   2, 0x55
        .fill   3, 2, 0x1234
        .balign 4
        .org    0x190
end:    svc     #0
        .section .rodata
        .byte 1
        .data
datum:  .quad 5
