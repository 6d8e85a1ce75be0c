// A source that uses every directive, macro form and expression that changes bytes.
        .arch   armv8.2-a
        .file   "directives.s"
        .equ    UART, 0x09000000
        .set    SIZE, end - table
        .equiv  ONCE, 17
        LOOPS = 3 * (2 + 2) - 1
count   .req    x19
        .macro  enter frame=16, first=x29, second=x30
        stp     \first, \second, [sp, #-\frame]!
        .if     \frame > 16
        str     count, [sp, #16]
        .else
        nop
        .endif
        .endm
        .macro  store reg:req, base, offset=0
        .ifb    \base
        str     \reg, [sp, #\offset]
        .exitm
        .endif
        str     \reg, [\base, #\offset]
        .endm
        .macro  load_all base, regs:vararg
        .irp    r, \regs
        ldr     \r, [\base], #8
        .endr
        .endm
        .macro  spin reg
spin_\@_\reg\()_loop:
        subs    \reg, \reg, #1
        b.ne    spin_\@_\reg\()_loop
        .endm
        .macro  nested a, b
        .macro  inner_\a x
        add     \x, \x, #\b
        .endm
        inner_\a x7
        .endm
        .macro  text string, tail="\n"
        .ascii  "\string", "\tail"
        .endm

        .text
        .global _start
        .type   _start, %function
_start: adr     x0, vectors
        ldr     x1, =UART
        ldr     x2, =0x123456789abcdef0
        ldr     w3, =UART + 0x18
        ldr     x4, =UART
        ldr     x5, =LOOPS
        ldr     d6, =0x3ff0000000000000
        ldr     s7, =0x3f800000
        ldr     x8, =1f
1:      subs    x5, x5, #1; b.ne 1b
        cbz     x5, 1f
        ldr     x8, =1f
        b.hs    _start
1:      mov     w6, #'A'
        mov     x7, #~0xff
        mov     x8, #SIZE
        movz    x9, #:abs_g1:0x12345678
        movk    x9, #:abs_g0_nc:0x12345678
        movz    x9, #:abs_g3:_start
        movk    x9, #:abs_g2_nc:_start
        movk    x9, #:abs_g1_nc:_start
        movk    x9, #:abs_g0_nc:_start
        adrp    x10, datum
        add     x10, x10, :lo12:datum
        ldr     x11, [x10, :lo12:datum]
        ldrb    w12, [x10, #:lo12:datum + 3]
        adrp    x10, :pg_hi21:zeros
        and     x10, x9, #0xff << 4
        ldr     x11, [x10, #(1 + 2) * 8]
        add     sp, sp, #-32
        cmp     x14, #-1
        enter
        enter   32
        enter   second = x20 , first=count
        store   x0
        store   x1, x2
        store   x3 offset=8
        store   x4, sp, 1 + 2 * 4 - 1
        load_all x9, x1, x2, x3
        spin    x3
        spin    w4
        nested  one, 5
        inner_one count
        .rept   2
        .rept   3
        nop
        .endr
        hvc     #LOOPS
        .endr
        .irpc   n, 0123
        add     x\n, x\n, #\n
        .endr
        .ltorg
        .if     ONCE == 17 && LOOPS > 10
        hvc     #1
        .elseif 1
        hvc     #2
        .else
        hvc     #3
        .endif
        .ifdef  UART
        hvc     #4
        .endif
        .ifndef UART
        hvc     #5
        .else
        hvc     #6
        .endif
        .ifdef  later
        hvc     #7
        .endif
        .ifc    a b, a b
        hvc     #8
        .endif
        .ifnc   a, b
        hvc     #9
        .endif
        .ifeq   LOOPS - 11
        hvc     #10
        .endif
        .iflt   LOOPS
        hvc     #11
        .endif
        .set    later, 5
        .set    later, later + 1
        hvc     #later
        ldr     x15, =datum
        ldr     w16, table
        tbnz    w16, #3, end
        .size   _start, . - _start
        .align  4
vectors: hvc    #0
        .balign 16
        ret
        .p2align 5,,31
        ret
        .p2align 5,,3
        .inst   0xd503201f, 0xd65f03c0
table:  .word   1, 2, 0x30 | 1, -1
        .byte   'x', '\n', 0377, -128, 255
        .balign 4
        .hword  0xffff, 1, -32768
        .short  2
        .balign 8, 0xff
        .quad   0x1122334455667788, table - _start, . - table, datum + 4
        .xword  -1
        .ascii  "ab\tc\\\"", "d"
        .asciz  "hello\n"
        .string "x\x41\101", "y"
        text    "a, b"
        text    c, ""
        .space  3
        .skip   2, 0x55
        .zero   5
        .fill   3, 2, 0x1234
        .fill   2
        .fill   2, 8, -1
        .float  1.5, -0.1, 3
        .double 1.5, -1e300, 0.1
        .balign 4
        .org    0x500
        .org    _start + 0x510, 0xaa
end:    svc     #0
        .data
datum:  .quad   5, zeros, end - _start
        .pushsection .rodata
        .byte   1
        .popsection
        .byte   2
        .section .rodata.str1.1,"aMS",@progbits,1
        .string "in another"
        .previous
        .byte   3
        .bss
        .balign 32
zeros:  .skip   40
        .word   0
        .section .note.GNU-stack,"",@progbits
        .ident  "none"
