package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.Place;
import java.util.List;

/**
 * How the translation tables that one VTTBR_EL2 or TTBR names differ between two moments.
 *
 * @param owner whose they are, at the first moment that has them
 * @param upper whether they are those of TTBR1, for the upper range of VAs
 * @param firstRoot address of the root at the first moment; −1 where no register names such tables
 * @param secondRoot address of the root at the second moment, likewise
 * @param firstInForce whether walks use them at the first moment
 * @param secondInForce whether walks use them at the second moment
 * @param sameGeometry whether they are built alike, so that descriptors can be compared one by one
 * @param entries groups of descriptors that differ, as many as are kept
 * @param groups how many groups there are
 * @param descriptors how many descriptors differ
 * @param effects what is translated differently
 * @param complete false if there were too many tables to look at all
 */
public record TreeDifference(
    Place.Owner owner,
    boolean upper,
    long firstRoot,
    long secondRoot,
    boolean firstInForce,
    boolean secondInForce,
    boolean sameGeometry,
    List<EntryDifference> entries,
    long groups,
    long descriptors,
    Effects effects,
    boolean complete) {

  public TreeDifference {
    entries = List.copyOf(entries);
  }

  /** Whether the tables are the same and stand at the same place. */
  public boolean isEqual() {
    return firstRoot == secondRoot
        && firstInForce == secondInForce
        && sameGeometry
        && descriptors == 0
        && effects.isEqual()
        && complete;
  }

  /** "stage 2, VMID 1, root at 0x4820_0000". */
  public String title() {
    String range = owner.stage() == 1 && upper ? " (TTBR1)" : "";
    return owner.words() + range + ", " + roots();
  }

  private String roots() {
    if (firstRoot == secondRoot) {
      return "root at " + Hex.address(firstRoot);
    }
    if (firstRoot == -1 || secondRoot == -1) {
      return "root at " + Hex.address(firstRoot == -1 ? secondRoot : firstRoot);
    }
    return "roots at " + Hex.address(firstRoot) + " and " + Hex.address(secondRoot);
  }
}
