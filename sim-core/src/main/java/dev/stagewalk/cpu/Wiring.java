package dev.stagewalk.cpu;

import java.util.List;

/** How one PE is connected to its board. */
public final class Wiring {
  private final Pe pe;
  private Surroundings surroundings = Surroundings.NONE;
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

  Surroundings surroundings() {
    return surroundings;
  }

  Pe[] others() {
    return others;
  }
}
