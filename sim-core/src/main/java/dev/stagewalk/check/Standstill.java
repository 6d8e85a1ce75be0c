package dev.stagewalk.check;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.mem.Mix;

/**
 * Finds out whether a machine goes round in a circle: whether it comes to the very state in which
 * it was before, time excepted, with no timer set that could lead out of it. As everything that
 * follows is decided by the state, it then goes round for ever.
 */
public final class Standstill {
  /** Comparing everything takes long; where registers agree and memory does not, it goes on. */
  private static final int MOST_COMPARISONS = 16;

  /** What was found. */
  public enum Finding {
    /** Something changes, or the circle is longer than what was looked at. */
    GOES_ON,
    /** Nothing will ever change. */
    STANDS_STILL,
    /** Nothing will change unless a byte comes in at the UART, and that would be noticed. */
    WAITS_FOR_INPUT
  }

  private Standstill() {}

  /**
   * Lets a machine go on until it has come round, and says whether it has.
   *
   * @param most instructions to execute for it
   */
  public static Finding look(Machine machine, long most) {
    if (machine.awaitsInput()) {
      return Finding.WAITS_FOR_INPUT;
    }
    if (machine.isHalted() || machine.awaitsTimer()) {
      return Finding.GOES_ON;
    }
    long until = machine.instructions() + most;
    long pc = machine.executing().pc();
    long registers = registers(machine);
    long all = machine.timelessHash();
    long polls = machine.uartPolls();
    int comparisons = 0;
    while (machine.instructions() < until
        && machine.runToBreakpoint(until, at -> at == pc)
        && !machine.awaitsTimer()) {
      if (registers(machine) != registers) {
        continue;
      }
      if (machine.timelessHash() == all) {
        return machine.uartPolls() != polls || machine.inputWouldBeNoticed()
            ? Finding.WAITS_FOR_INPUT
            : Finding.STANDS_STILL;
      }
      comparisons++;
      if (comparisons == MOST_COMPARISONS) {
        break;
      }
    }
    return Finding.GOES_ON;
  }

  private static long registers(Machine machine) {
    long h = machine.executing().id();
    for (Pe pe : machine.pes()) {
      for (int i = 0; i <= 30; i++) {
        h = Mix.mix(h, pe.x(i));
      }
      h = Mix.mix(Mix.mix(Mix.mix(h, pe.sp()), pe.pc()), pe.pstate());
    }
    return Mix.mix(h, machine.turnLeft());
  }
}
