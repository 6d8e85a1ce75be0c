/**
 * The A64 instruction table and its uses: decode, disassemble, encode, assemble. A row names its
 * semantics by a string that {@code cpu} binds; this package must know neither registers' contents
 * nor memory, and nothing of what executes an instruction.
 */
@NullMarked
package dev.stagewalk.isa;

import org.jspecify.annotations.NullMarked;
