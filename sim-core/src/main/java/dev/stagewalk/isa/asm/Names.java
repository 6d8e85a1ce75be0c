package dev.stagewalk.isa.asm;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What an expression may refer to. */
interface Names {

  /** The value of a symbol; null if it has none (yet). */
  @Nullable Value symbol(String name);

  /** The address of the nearest numeric label after or before the current statement. */
  @Nullable Value local(long number, boolean forward);

  /** The address of the current statement: {@code .} */
  Value dot();

  /** op0:op1:CRn:CRm:op2 of a system register's lower-case name. */
  OptionalInt systemRegister(String name);
}
