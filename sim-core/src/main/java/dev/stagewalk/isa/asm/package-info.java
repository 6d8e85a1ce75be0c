/**
 * The assembler: from text in the syntax of GNU as to bytes, symbols, lines and errors. What an
 * instruction looks like is in the rows of the table; this package knows statements, directives,
 * expressions and layout.
 */
@NullMarked
package dev.stagewalk.isa.asm;

import org.jspecify.annotations.NullMarked;
