package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.check.ObservedMachine;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.List;

/** The tables of stage 2 that VTTBR_EL2 and VTCR_EL2 of a PE describe now, in memory as it is. */
final class Stage2InForce {
  private static final long ROOT = 0xffff_ffff_fffeL;

  private final Stage2Parameters parameters;
  private final DescriptorReader memory;

  /**
   * @throws Refused if the registers of that PE describe none
   */
  Stage2InForce(Machine machine, int pe) {
    ObservedMachine observed = new ObservedMachine(machine);
    parameters = observed.second(pe);
    memory = observed.descriptors();
    if ((parameters.vttbr() & ROOT) == 0) {
      throw new Refused(
          "VTTBR_EL2 of PE " + pe + " names no table now: go to a moment when a guest runs");
    }
    if (!parameters.walkable()) {
      throw new Refused(
          "there is no walk with these registers: " + parameters.problems().getFirst().text());
    }
  }

  Stage2Parameters parameters() {
    return parameters;
  }

  /**
   * A leaf.
   *
   * @param at physical address of its descriptor
   * @param input first IPA that it maps
   * @param size bytes that it maps
   */
  record Leaf(long at, long descriptor, int level, long input, long size) {}

  /**
   * The leaf that maps an IPA.
   *
   * @throws Refused if there is none
   */
  Leaf leaf(long ipa) {
    checkInput(ipa);
    Lookup last = path(ipa).getLast();
    if (isLeaf(last)) {
      long size = size(last.level());
      return new Leaf(last.descriptorAddress(), last.descriptor(), last.level(), ipa & -size, size);
    }
    throw new Refused(
        Hex.address(ipa)
            + " is not mapped: its walk ends at level "
            + last.level()
            + " with the descriptor "
            + Hex.full(last.descriptor()));
  }

  /**
   * The descriptor of a table at a level of the walk of an IPA.
   *
   * @throws Refused if the walk finds none there
   */
  Lookup table(long ipa, int level) {
    checkInput(ipa);
    if (level < parameters.startLevel() || level > 2) {
      throw new Refused(
          "a table descriptor of this stage 2 stands at level "
              + parameters.startLevel()
              + " to 2, not at level "
              + level);
    }
    List<Lookup> path = path(ipa);
    for (Lookup lookup : path) {
      if (lookup.level() == level && kind(lookup) == Verdict.TABLE) {
        return lookup;
      }
    }
    Lookup last = path.getLast();
    throw new Refused(
        "the walk of "
            + Hex.address(ipa)
            + " finds no table descriptor at level "
            + level
            + ": it ends at level "
            + last.level()
            + (isLeaf(last) ? " with a leaf" : " with an invalid descriptor"));
  }

  /** The leaves that map a part of a range, in order. */
  List<Leaf> leaves(long from, long size) {
    checkInput(from);
    checkInput(from + size - 1);
    List<Leaf> found = new java.util.ArrayList<>();
    long at = from;
    while (Long.compareUnsigned(at, from + size) < 0) {
      Lookup last = path(at).getLast();
      long covered = size(last.level());
      long first = at & -covered;
      if (isLeaf(last)) {
        found.add(
            new Leaf(last.descriptorAddress(), last.descriptor(), last.level(), first, covered));
      }
      at = first + covered;
    }
    return found;
  }

  private void checkInput(long ipa) {
    if (ipa >>> parameters.inputBits() != 0) {
      throw new Refused(
          "IPA "
              + Hex.address(ipa)
              + " is beyond the "
              + parameters.inputBits()
              + "-bit input size of stage 2");
    }
  }

  private List<Lookup> path(long ipa) {
    return Stage2Walk.walk(parameters, new dev.stagewalk.arch.Ipa(ipa), Access.read(1), memory)
        .lookups();
  }

  private boolean isLeaf(Lookup lookup) {
    Verdict kind = kind(lookup);
    return kind == Verdict.PAGE || kind == Verdict.BLOCK;
  }

  private Verdict kind(Lookup lookup) {
    return lookup.verdict() == Verdict.EXTERNAL_ABORT
        ? Verdict.INVALID
        : parameters.format().kind(lookup.descriptor(), lookup.level());
  }

  private long size(int level) {
    return 1L << parameters.granule().levelShift(level);
  }
}
