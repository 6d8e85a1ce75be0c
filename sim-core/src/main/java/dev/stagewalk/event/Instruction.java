package dev.stagewalk.event;

import dev.stagewalk.arch.Hex;

/**
 * The A64 instruction that did something.
 *
 * @param pc its virtual address
 * @param el the exception level it was executed at
 */
public record Instruction(long pc, int el) {

  /** "the instruction at 0x4008_0010 of EL1". */
  public String words() {
    return "the instruction at " + Hex.address(pc) + " of EL" + el;
  }
}
