package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.session.Scenario.Region;
import java.util.List;

/**
 * What a scenario says of the guest framework beyond the guest's memory: exit handlers, traps, the
 * guest's own exception handlers, and further guests that take turns with the first.
 *
 * @param handlers names of exit handlers, in the order they are asked, separated by commas; empty
 *     for the usual ones
 * @param traps fields of HCR_EL2 that are set in addition, such as TID3
 * @param el1 handlers of the guest's own exceptions; the guest sees to its vectors itself if there
 *     are none
 * @param others guests behind the first, in the order in which they have their turns
 */
public record Framework(
    String handlers, List<String> traps, List<El1Handler> el1, List<OtherGuest> others) {

  /** The usual handlers, and nothing else. */
  public static final Framework USUAL = new Framework("", List.of(), List.of(), List.of());

  public Framework {
    traps = List.copyOf(traps);
    el1 = List.copyOf(el1);
    others = List.copyOf(others);
  }

  /**
   * A handler for exceptions the guest takes to EL1.
   *
   * @param vector 0 to 15
   * @param label of the function in the source; "none" for no handler
   */
  public record El1Handler(int vector, String label) {}

  /**
   * A further guest. It runs the same program from another label.
   *
   * @param name for messages
   * @param entry label of its first instruction
   * @param vmid not that of another guest; the first has 1
   * @param granule of its stage 2
   * @param ipaBits of its stage 2
   * @param regions its physical address space
   * @param handlers as in {@link Framework}
   */
  public record OtherGuest(
      String name,
      String entry,
      int vmid,
      Granule granule,
      int ipaBits,
      List<Region> regions,
      String handlers) {

    public OtherGuest {
      regions = List.copyOf(regions);
    }
  }
}
