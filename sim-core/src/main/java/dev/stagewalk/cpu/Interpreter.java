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
    runToBreakpoint(until, null);
  }

  /**
   * As {@link #run}, but stops before an instruction whose address is a breakpoint; the first
   * instruction is executed in any case.
   *
   * @return whether a breakpoint was met
   */
  public boolean runToBreakpoint(long until, @Nullable LongPredicate breakpoint) {
    long first = pe.instructions;
    pe.memory().sync();
    while (pe.instructions < until && !pe.isHalted()) {
      try {
        if (hypervisor != null && pe.el() == 2) {
          pe.instructionAddress = pe.pc();
          start(hypervisor);
        } else if (breakpoint == null) {
          execute(until);
        } else {
          if (pe.instructions != first && breakpoint.test(pe.pc())) {
            return true;
          }
          execute(pe.instructions + 1);
        }
      } catch (GuestException _) {
        exception();
      } catch (Unsimulated e) {
        pe.branch(pe.instructionAddress);
        stop(e.reason());
      }
    }
    return false;
  }

  private void start(El2Software software) {
    if ((pe.pstate() & Pe.PSTATE_IL) != 0) {
      stop("the hypervisor returned to an illegal exception level: SPSR_EL2 is wrong");
      return;
    }
    software.started(pe);
    pe.instructions++;
    pe.memory().sync();
  }

  private void stop(String reason) {
    pe.halt();
    pe.report(new SimEvent.GuestStopped(reason, false));
    pe.instructions++;
  }

  private void execute(long until) {
    Pe p = pe;
    MemoryPort memory = p.memory();
    long executed = p.instructions;
    while (executed < until) {
      long pc = p.pc();
      p.instructionAddress = pc;
      op = null;
      if (p.interrupts.due()) {
        throw p.interrupts.take();
      }
      DecodedPage.Decoded decoded = memory.fetch(pc).at(pc);
      p.checkState();
      op = decoded.op();
      p.branch(pc + 4);
      decoded.semantics().execute(p, decoded.op());
      p.instructions = ++executed;
    }
  }

  private void exception() {
    int vector = pe.exceptions().take(op);
    if (pe.el() == 2 && hypervisor != null) {
      hypervisor.entered(pe, vector);
    }
    pe.instructions++;
    pe.memory().sync();
  }
}
