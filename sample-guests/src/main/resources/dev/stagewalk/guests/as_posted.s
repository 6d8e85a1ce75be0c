// as_posted.s - the demand-paging test as it was posted.
//
// It reads a test page, copies the word to a page that faults, reads both
// back and compares them. The host wants the test page at 0x4000_0000, where
// the block that holds this code lies already: mapping it fails, nobody looks
// at the error, and the guest compares the code with itself.

        .equ    TEST_PAGE,  0x40000000  // holds 0xbeefcafe, or so the test thinks
        .equ    FAULT_PAGE, 0x50000000  // mapped by the fault handler

_start:
        ldr     x0, =TEST_PAGE
        ldr     x1, =FAULT_PAGE
        ldr     x2, [x0]
        str     x2, [x1]                // faults
        ldr     x2, [x1]
        ldr     x3, [x0]
        cmp     x2, x3
        cset    x19, eq                 // "handled"
        hvc     #0
