package dev.stagewalk.cpu;

import java.util.List;

/** How one PE is connected to its board. */
public final class Wiring {
  private final Pe pe;
  private Surroundings surroundings = Surroundings.NONE;
  private Interference interference = new Interference();
  private Pe[] others = {};

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

  Surroundings surroundings() {
    return surroundings;
  }

  Pe[] others() {
    return others;
  }
}
