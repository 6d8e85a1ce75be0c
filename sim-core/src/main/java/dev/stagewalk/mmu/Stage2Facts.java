package dev.stagewalk.mmu;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import java.util.ArrayList;
import java.util.List;

/** What follows from the controls of stage 2, for people. */
final class Stage2Facts {
  private Stage2Facts() {}

  /** One row a fact, in the order one would ask. */
  static List<Fact> of(Stage2Parameters p, boolean startLevelReserved) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Granule", p.granule().text()));
    facts.add(
        new Fact(
            "IPA size", p.inputBits() + " bits, " + Size.words(1L << Math.min(p.inputBits(), 62))));
    facts.add(new Fact("Output size", p.outputBits() + " bits"));
    facts.add(new Fact("Start level", startLevelReserved ? "reserved" : "" + p.startLevel()));
    facts.add(new Fact("Concatenated root tables", "" + p.rootTables()));
    facts.add(new Fact("Root size", Size.words(p.rootBytes())));
    facts.add(new Fact("Root alignment", Size.words(p.rootAlignment())));
    facts.add(new Fact("Root base", Hex.full(p.rootBase())));
    facts.add(new Fact("VMID", p.vmid() + " (" + p.vmidBits() + " bits)"));
    for (int level = p.startLevel(); level <= 3; level++) {
      facts.add(
          new Fact(
              "One entry of level " + level + " covers",
              Size.words(1L << p.granule().levelShift(level))));
    }
    if (p.hardwareAccessFlag()) {
      facts.add(
          new Fact(
              "Hardware updates",
              p.hardwareDirtyState() ? "Access flag and dirty state" : "Access flag"));
    }
    return List.copyOf(facts);
  }
}
