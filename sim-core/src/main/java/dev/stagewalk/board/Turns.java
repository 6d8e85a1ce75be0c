package dev.stagewalk.board;

import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.Interpreter;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which PE executes: each in turn for a quantum of instructions, as long as it has something to
 * execute. All of it follows from the state, so that a run is the same however it is cut.
 *
 * <p>A PE is never interrupted by a check of the time: it is let run up to where a timer may fire.
 */
final class Turns {
  private final List<Pe> pes;
  private final Interpreter[] engines;
  private final long quantum;
  private final SystemCounter counter;
  private final Devices devices;
  private int turn;

  /** Instructions over all PEs at which the turn ends. */
  private long ends;

  /** What has to be looked at before a PE executes. */
  interface Devices {
    /** Brings the devices' signals up to the present time. */
    void update();

    /** Value of the system counter at which a signal may rise; {@link Long#MAX_VALUE} for never. */
    long nextChange();

    /** Whether bytes that come in from outside would interrupt a PE. */
    boolean inputWouldBeNoticed();
  }

  Turns(List<Pe> pes, Interpreter[] engines, long quantum, SystemCounter counter, Devices devices) {
    this.pes = pes;
    this.engines = engines;
    this.quantum = quantum;
    this.counter = counter;
    this.devices = devices;
    this.ends = quantum;
  }

  /** The PE that executes, or that did last. */
  Pe executing() {
    return pes.get(turn);
  }

  /** The PE that executes the next instruction. */
  Pe next() {
    if (pes.size() == 1) {
      return pes.getFirst();
    }
    devices.update();
    int next = chosen(counter.instructions());
    return pes.get(next < 0 ? turn : next);
  }

  /** Whether the machine stands still. */
  boolean isHalted() {
    for (int i = 0; i < pes.size(); i++) {
      if (pes.get(i).isHalted()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Executes up to an instruction count over all PEs, to a breakpoint, or until the machine halts
   * or {@linkplain #awaitsInput waits for input}.
   *
   * @param breakpoint instruction addresses to stop before, the first instruction excepted, or null
   * @return whether a breakpoint was met
   */
  boolean run(long until, @Nullable LongPredicate breakpoint) {
    long first = counter.instructions();
    long now = first;
    while (now < until && !isHalted()) {
      devices.update();
      int next = chosen(now);
      if (next < 0) {
        if (awaitsInput()) {
          return false;
        }
        pass();
        now = counter.instructions();
        continue;
      }
      Pe pe = pes.get(next);
      if (breakpoint != null && now != first && breakpoint.test(pe.pc())) {
        return true;
      }
      if (next != turn || now >= ends) {
        turn = next;
        ends = now + quantum;
      }
      if (pe.waiting().activity() != Activity.RUNS) {
        pe.waiting().end();
      }
      long end = Math.min(until, counter.instructionsAt(devices.nextChange()));
      if (pes.size() > 1) {
        end = Math.min(end, ends);
      }
      long mine = Math.max(1, end - now);
      if (engines[turn].runToBreakpoint(pe.instructions() + mine, breakpoint)) {
        return true;
      }
      if (pe.wiring().stopAsked()) {
        return false;
      }
      now = counter.instructions();
    }
    return false;
  }

  /** The PE to execute next; −1 if none can. */
  private int chosen(long now) {
    if (pes.get(turn).waiting().isOver() && (now < ends || pes.size() == 1)) {
      return turn;
    }
    for (int i = 1; i <= pes.size(); i++) {
      int candidate = (turn + i) % pes.size();
      if (pes.get(candidate).waiting().isOver()) {
        return candidate;
      }
    }
    return -1;
  }

  /**
   * Whether every PE waits, and nothing that will happen inside the machine ends a wait, but bytes
   * from outside could. Then it is their turn: no time passes.
   */
  boolean awaitsInput() {
    for (int i = 0; i < pes.size(); i++) {
      if (pes.get(i).isHalted() || pes.get(i).waiting().activity() == Activity.RUNS) {
        return false;
      }
    }
    devices.update();
    return chosen(counter.instructions()) < 0
        && endOfWait() == Long.MAX_VALUE
        && waitsForEvent() == null
        && devices.inputWouldBeNoticed();
  }

  /** Value of the system counter at which a wait may end; {@link Long#MAX_VALUE} for never. */
  private long endOfWait() {
    long end = devices.nextChange();
    for (int i = 0; i < pes.size(); i++) {
      if (pes.get(i).waiting().activity() != Activity.OFF) {
        end = Math.min(end, pes.get(i).waiting().timeout());
      }
    }
    return end;
  }

  /** The first PE in turn that waits for an event. */
  private @Nullable Pe waitsForEvent() {
    for (int i = 0; i < pes.size(); i++) {
      Pe pe = pes.get((turn + i) % pes.size());
      if (pe.waiting().activity() == Activity.WAITS_FOR_EVENT) {
        return pe;
      }
    }
    return null;
  }

  /**
   * Nobody can execute: time passes to what may end a wait. If nothing will, a WFE ends by itself,
   * as it may at any time; if all wait for interrupts the machine stops.
   */
  private void pass() {
    long until = endOfWait();
    Pe eventless = waitsForEvent();
    Pe reporter = executing();
    if (until != Long.MAX_VALUE) {
      long ticks = until - counter.count();
      counter.skipTo(until);
      reporter.report(new SimEvent.TimePassed(ticks));
      reporter.waiting().passStep();
    } else if (eventless != null) {
      eventless.waiting().end();
    } else {
      boolean off = pes.stream().allMatch(pe -> pe.waiting().activity() == Activity.OFF);
      reporter.halt();
      reporter.report(
          new SimEvent.GuestStopped(
              off
                  ? "every PE is off"
                  : "every PE waits for an interrupt (WFI), and none is to come: no timer is set",
              off));
      reporter.waiting().passStep();
    }
  }

  /** Whose turn it is. */
  int turn() {
    return turn;
  }

  /** Instructions over all PEs at which the turn ends. */
  long ends() {
    return ends;
  }

  void restore(int newTurn, long newEnds) {
    turn = newTurn;
    ends = newEnds;
  }
}
