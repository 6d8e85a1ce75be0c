package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.board.Machine;
import java.util.List;

/**
 * What an {@link Injection.Unmap} takes away.
 *
 * @param ipa first byte
 * @param size bytes
 * @param leaves what maps them now
 */
record Unmapping(long ipa, long size, List<Stage2InForce.Leaf> leaves) {

  /**
   * @param splits whether blocks can be split at the ends of the range
   * @throws Refused if nothing is mapped there, or a block would have to be split
   */
  static Unmapping of(Machine machine, Injection.Unmap what, boolean splits) {
    Stage2InForce tables = new Stage2InForce(machine, machine.pe().id());
    long granule = tables.parameters().granule().bytes();
    Unmapping found =
        switch (what.extent()) {
          case PAGE -> {
            Stage2InForce.Leaf leaf = tables.leaf(what.ipa());
            yield new Unmapping(what.ipa() & -granule, granule, List.of(leaf));
          }
          case BLOCK -> {
            Stage2InForce.Leaf leaf = tables.leaf(what.ipa());
            yield new Unmapping(leaf.input(), leaf.size(), List.of(leaf));
          }
          case RANGE -> {
            if (what.size() <= 0 || ((what.ipa() | what.size()) & (granule - 1)) != 0) {
              throw new Refused(
                  "address and size must be multiples of the granule, "
                      + Size.words(granule)
                      + ": "
                      + Hex.address(what.ipa())
                      + ", "
                      + Hex.address(what.size()));
            }
            yield new Unmapping(what.ipa(), what.size(), tables.leaves(what.ipa(), what.size()));
          }
        };
    if (found.leaves.isEmpty()) {
      throw new Refused(
          "nothing is mapped in " + Hex.address(what.ipa()) + ", " + Size.words(what.size()));
    }
    if (!splits) {
      found.leaves.forEach(found::checkWhole);
    }
    return found;
  }

  private void checkWhole(Stage2InForce.Leaf leaf) {
    if (Long.compareUnsigned(leaf.input(), ipa) < 0
        || Long.compareUnsigned(leaf.input() + leaf.size(), ipa + size) > 0) {
      throw new Refused(
          Hex.address(leaf.input())
              + " is mapped by a block of "
              + Size.words(leaf.size())
              + ", and there is no hypervisor here that could split it: unmap the whole block");
    }
  }
}
