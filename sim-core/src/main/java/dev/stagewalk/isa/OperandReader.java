package dev.stagewalk.isa;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the rows need of the text of one statement while they read its operands. Every attempt that
 * fails says what it expected; the reader keeps the expectations of the attempt that came furthest.
 */
public interface OperandReader {

  /** The place to come back to with {@link #reset}. */
  int mark();

  void reset(int mark);

  /** Whether nothing of the statement is left. */
  boolean atEnd();

  /** Passes over this punctuation or word if it is next, else notes that it was expected. */
  boolean accept(String symbol);

  /** Whether this punctuation is next; notes nothing. */
  boolean isNext(String symbol);

  /** The word that is next, in lower case, or null where something else is. */
  @Nullable String word();

  /** Passes over the word that is next. */
  void next();

  /**
   * Passes over an expression and gives its value; empty, with the expectation noted, where none is
   * next or it has no value.
   */
  OptionalLong expression();

  /**
   * Passes over a floating-point number, with or without {@code #} and a sign; empty if none is.
   */
  OptionalDouble real();

  /** Which 16 bits of an address the last expression took ({@code :abs_g1:} took 1), else 0. */
  int halfword();

  /** The address of the instruction. */
  long pc();

  /** op0:op1:CRn:CRm:op2 of a named system register. */
  OptionalInt systemRegister(String name);

  /** Notes what would have fitted here. */
  void expected(String what);
}
