/**
 * Floating-point arithmetic on the bits of numbers, exactly as the architecture defines it:
 * formats, rounding, NaNs, flushing to zero and the cumulative exceptions. It knows no register
 * file and no instruction.
 */
@NullMarked
package dev.stagewalk.fp;

import org.jspecify.annotations.NullMarked;
