package dev.stagewalk.isa.asm;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** What an expression may refer to. */
interface Names {

  /** The value of a symbol; empty if it has none (yet). */
  OptionalLong symbol(String name);

  /** The address of the nearest numeric label after or before the current statement. */
  OptionalLong local(int number, boolean forward);

  /** The address of the current statement: {@code .} */
  long here();

  /** Whether a symbol stands for an address, not a constant. */
  boolean isAddress(String name);

  /** op0:op1:CRn:CRm:op2 of a system register's lower-case name. */
  OptionalInt systemRegister(String name);
}
