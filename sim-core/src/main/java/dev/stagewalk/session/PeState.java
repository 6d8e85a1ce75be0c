package dev.stagewalk.session;

import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.RegisterFile;

/**
 * The registers of one PE at one moment.
 *
 * @param id number of the PE, from 0
 * @param activity whether it executes, waits or is off
 * @param el exception level, 0 to 2
 * @param pc address of the next instruction
 * @param sp the stack pointer in use
 * @param pstate PSTATE in the layout of SPSR_EL2
 * @param registers general and system registers
 */
public record PeState(
    int id, Activity activity, int el, long pc, long sp, long pstate, RegisterFile registers) {

  /** Of the first PE, which executes. */
  public PeState(int el, long pc, long sp, long pstate, RegisterFile registers) {
    this(0, Activity.RUNS, el, pc, sp, pstate, registers);
  }

  /** General register 0 to 30. */
  public long x(int number) {
    return registers.x(number);
  }

  /** A system register by its architectural name, such as {@code VTCR_EL2}. */
  public long system(String name) {
    return registers.system(name);
  }

  /** "EL1h", "EL0t". */
  public String mode() {
    return "EL" + el + ((pstate & 1) != 0 ? "h" : "t");
  }

  /** "nZCv": a capital letter for a flag that is set. */
  public String flags() {
    return ((pstate & 1L << 31) != 0 ? "N" : "n")
        + ((pstate & 1L << 30) != 0 ? "Z" : "z")
        + ((pstate & 1L << 29) != 0 ? "C" : "c")
        + ((pstate & 1L << 28) != 0 ? "V" : "v");
  }
}
