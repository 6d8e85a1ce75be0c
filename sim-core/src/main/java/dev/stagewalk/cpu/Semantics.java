package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;

/**
 * What one instruction does to a PE. The program counter already points at the next instruction.
 */
@FunctionalInterface
public interface Semantics {
  void execute(Pe pe, Op op);
}
