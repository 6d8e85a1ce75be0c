package dev.stagewalk.cpu;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.isa.Op;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The reference engine: executes the instructions of one PE one after the other. */
public final class Interpreter {
  private final Pe pe;
  private final @Nullable El2Software hypervisor;
  private @Nullable Op op;

  /**
   * @param hypervisor what acts at EL2; null when EL2 runs A64 code like any other level
   */
  public Interpreter(Pe pe, @Nullable El2Software hypervisor) {
    this.pe = pe;
    this.hypervisor = hypervisor;
  }

  /**
   * Executes until that many instructions have been started on this PE, or the machine halts.
   *
   * @throws dev.stagewalk.event.StopHere when the sink asks for it
   */
  public void run(long until) {
    pe.memory().sync();
    while (pe.instructions < until && !pe.isHalted()) {
      try {
        if (hypervisor != null && pe.el() == 2) {
          pe.instructionAddress = pe.pc();
          hypervisor.started(pe);
          pe.instructions++;
          pe.memory().sync();
          continue;
        }
        execute(until);
      } catch (GuestException _) {
        exception();
      } catch (Unsimulated e) {
        pe.halt();
        pe.report(new SimEvent.GuestStopped(e.reason(), false));
      }
    }
  }

  /**
   * As {@link #run}, but stops before an instruction whose address is a breakpoint; the first
   * instruction is executed in any case.
   *
   * @return whether a breakpoint was met
   */
  public boolean runToBreakpoint(long until, LongPredicate breakpoint) {
    long first = pe.instructions;
    while (pe.instructions < until && !pe.isHalted()) {
      if (pe.instructions != first && breakpoint.test(pe.pc())) {
        return true;
      }
      run(pe.instructions + 1);
    }
    return false;
  }

  private void execute(long until) {
    Pe p = pe;
    MemoryPort memory = p.memory();
    long executed = p.instructions;
    while (executed < until) {
      long pc = p.pc();
      p.instructionAddress = pc;
      op = null;
      p.checkState();
      DecodedPage.Decoded decoded = memory.fetch(pc).at(pc);
      op = decoded.op();
      p.branch(pc + 4);
      decoded.semantics().execute(p, decoded.op());
      p.instructions = ++executed;
    }
  }

  private void exception() {
    pe.exceptions().take(op);
    if (pe.el() == 2 && hypervisor != null) {
      hypervisor.entered(pe, (int) (pe.pc() - pe.system(SystemRegisters.VBAR_EL2)) / 0x80);
    }
    pe.instructions++;
    pe.memory().sync();
  }
}
