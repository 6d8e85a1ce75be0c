// uart.s - prints a line on the PL011.
//
// The UART is mapped in stage 2 as Device memory at its own address, so the
// stores reach the device without an exit.

        .equ    UART, 0x09000000

_start:
        adr     x0, text
        ldr     x1, =UART
next:
        ldrb    w2, [x0], #1
        cbz     w2, done
        strb    w2, [x1]                // the data register is at offset 0
        b       next
done:
        hvc     #0                      // finished

text:
        .asciz  "Hello from EL1, through stage 2\n"
