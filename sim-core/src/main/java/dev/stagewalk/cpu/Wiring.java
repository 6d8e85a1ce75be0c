package dev.stagewalk.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one PE is connected to its board. */
public final class Wiring {
  private final Pe pe;
  private Surroundings surroundings = Surroundings.NONE;
  private Interference interference = new Interference();
  private Pe[] others = {};
  private @Nullable RegisterWatch registerWatch;

  Wiring(Pe pe) {
    this.pe = pe;
  }

  /**
   * Puts the PE on a board.
   *
   * @param source what drives its interrupt inputs
   * @param newOthers the other PEs of the board
   */
  public void place(Surroundings newSurroundings, InterruptSource source, List<Pe> newOthers) {
    surroundings = newSurroundings;
    others = newOthers.toArray(new Pe[0]);
    pe.interrupts.connect(source);
  }

  /** Lets the board look at its devices before the next instruction. */
  public void giveWay() {
    pe.interrupts.giveWay();
  }

  /** The interrupt source may signal something else now. */
  public void interruptsChanged() {
    pe.interrupts.sourceChanged();
  }

  /** What is done to maintenance of the hypervisor, on all PEs of a board. */
  public void use(Interference shared) {
    interference = shared;
  }

  Interference interference() {
    return interference;
  }

  /**
   * Raises an asynchronous exception from outside, which is pending until it is taken, whatever the
   * interrupt controller signals.
   *
   * @param virtual whether it is a virtual interrupt, which is taken only where HCR_EL2 routes its
   *     physical form to EL2
   */
  public void raise(Asynchronous kind, boolean virtual) {
    pe.interrupts.raise(kind, virtual);
  }

  /** Says what is watched in memory; null for nothing. Not while the PE executes. */
  public void watch(@Nullable DataWatch what) {
    pe.memory().watch(what);
  }

  /** Says which register is watched; null for none. Not while the PE executes. */
  public void watch(@Nullable RegisterWatch what) {
    registerWatch = what;
  }

  /** What is watched in memory; null for nothing. */
  public @Nullable DataWatch dataWatch() {
    return pe.memory().dataWatch();
  }

  @Nullable RegisterWatch registerWatch() {
    return registerWatch;
  }

  /** Lets the PE execute nothing after the present instruction in the run that is under way. */
  public void stopAfterThisInstruction() {
    pe.stopAsked = true;
    pe.attention = true;
  }

  /** Whether that was asked for in the latest run. */
  public boolean stopAsked() {
    return pe.stopAsked;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Pe[] others() {
    return others;
  }
}
