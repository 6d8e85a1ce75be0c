package dev.stagewalk.cpu;

import dev.stagewalk.event.SimEvent;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Executes the instructions of one PE, takes their exceptions, and calls what acts at EL2. */
public final class Interpreter {
  private final Pe pe;
  private final @Nullable El2Software hypervisor;
  private final Execution usual;
  private final Execution stepping;
  private Execution execution;

  /** As below, on the usual engine. */
  public Interpreter(Pe pe, @Nullable El2Software hypervisor) {
    this(pe, hypervisor, Engine.USUAL);
  }

  /**
   * @param hypervisor what acts at EL2; null when EL2 runs A64 code like any other level
   */
  public Interpreter(Pe pe, @Nullable El2Software hypervisor, Engine engine) {
    this.pe = pe;
    this.hypervisor = hypervisor;
    this.stepping = new OneByOne(pe);
    this.usual =
        switch (engine) {
          case REFERENCE -> stepping;
          case SUPERBLOCK, COMPILED, EAGER -> new Superblocks(pe, engine.often());
        };
    this.execution = usual;
  }

  /**
   * Executes until that many instructions have been started on this PE, it gives way because it
   * waits or is off, or the machine halts.
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
    pe.stopAsked = false;
    pe.memory().sync();
    pe.memory().watchMarksOfOthers();
    pe.interrupts.begin();
    boolean watched = pe.wiring().registerWatch() != null;
    while (pe.instructions < until && !pe.isHalted() && !pe.stopAsked) {
      try {
        if (hypervisor != null && pe.el() == 2) {
          if (pe.waiting().activity() == Activity.OFF) {
            return false;
          }
          pe.instructionAddress = pe.pc();
          start(hypervisor);
        } else {
          execution = pe.step.isActive() || watched ? stepping : usual;
          if (execution.execute(until, breakpoint, first)) {
            return true;
          }
        }
      } catch (GuestException _) {
        exception();
      } catch (GiveWay _) {
        return false;
      } catch (Unsimulated e) {
        pe.branch(pe.instructionAddress);
        stop(e.reason());
      }
    }
    return false;
  }

  private void start(El2Software software) {
    if ((pe.pstate() & Pstate.IL) != 0) {
      stop("the hypervisor returned to an illegal exception level: SPSR_EL2 is wrong");
      return;
    }
    software.started(pe);
    look();
    pe.instructions++;
    pe.memory().sync();
  }

  private void look() {
    RegisterWatch watch = pe.wiring().registerWatch();
    if (watch != null) {
      watch.look();
    }
  }

  private void stop(String reason) {
    pe.halt();
    pe.report(new SimEvent.GuestStopped(reason, false));
    pe.instructions++;
  }

  private void exception() {
    int vector = pe.exceptions().take(execution.op());
    if (pe.el() == 2 && hypervisor != null) {
      hypervisor.entered(pe, vector);
    }
    look();
    pe.instructions++;
    pe.memory().sync();
  }
}
