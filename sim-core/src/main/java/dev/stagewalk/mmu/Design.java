package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All shapes that stage-2 tables can have for an IPA size and a granule on a PE, and why the others
 * are not possible. What is legal is decided by {@link Stage2Parameters} alone.
 *
 * <p>Source: Arm ARM, VTCR_EL2, Virtualization Translation Control Register; "Concatenated
 * translation tables".
 *
 * @param granule translation granule
 * @param ipaBits input address size, bits
 * @param features of the PE
 * @param choices the legal ones: without DS first, fewest levels first
 * @param rejected the others, in the same order
 */
public record Design(
    Granule granule,
    int ipaBits,
    Features features,
    List<Choice> choices,
    List<Rejected> rejected) {

  /**
   * A legal shape.
   *
   * @param geometry the shape
   * @param ds VTCR_EL2.DS: 52-bit addresses with 4K and 16K, and another descriptor format
   * @param outputSizes what PS may say, in bits
   * @param needs features and sizes without which it were not legal, in words
   */
  public record Choice(
      Geometry geometry, boolean ds, List<Integer> outputSizes, List<String> needs) {
    public Choice {
      outputSizes = List.copyOf(outputSizes);
      needs = List.copyOf(needs);
    }

    /** Levels of lookup of a walk that ends in a page. */
    public int levels() {
      return 4 - geometry.startLevel();
    }

    /** How descriptors are laid out. */
    public Stage2Format format() {
      Granule granule = geometry.granule();
      return new Stage2Format(granule, ds, granule == Granule.K64 && geometry.outputBits() == 52);
    }

    /** Lowest bit of VTTBR_EL2.BADDR that can be set: log2 of the alignment of the root. */
    public int lowestBaseBit() {
      return Long.numberOfTrailingZeros(geometry.rootAlignment());
    }
  }

  /**
   * A start level that is not possible.
   *
   * @param startLevel −1 to 3
   * @param ds with DS = 1
   * @param reasons why, one sentence each
   */
  public record Rejected(int startLevel, boolean ds, List<String> reasons) {
    public Rejected {
      reasons = List.copyOf(reasons);
    }
  }

  public Design {
    choices = List.copyOf(choices);
    rejected = List.copyOf(rejected);
  }

  /**
   * Tries every start level with and without DS.
   *
   * @throws IllegalArgumentException if no IPA can have so many bits
   */
  public static Design of(Granule granule, int ipaBits, Features features) {
    if (ipaBits < 1 || ipaBits > 64) {
      throw new IllegalArgumentException("IPAs have 16 to 52 bits, not " + ipaBits);
    }
    List<Choice> choices = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (boolean ds : new boolean[] {false, true}) {
      if (ds && granule == Granule.K64) {
        continue;
      }
      for (int level = 3; level >= -1; level--) {
        List<String> reasons = reasonsAgainst(granule, ipaBits, level, ds, features);
        if (reasons.isEmpty()) {
          choices.add(choice(granule, ipaBits, level, ds, features));
        } else {
          rejected.add(new Rejected(level, ds, reasons));
        }
      }
    }
    return new Design(granule, ipaBits, features, choices, rejected);
  }

  private static List<String> reasonsAgainst(
      Granule granule, int ipaBits, int level, boolean ds, Features features) {
    if (!features.granules().contains(granule)) {
      return List.of("this PE has no " + granule.text() + " granule at stage 2");
    }
    if (ds && !features.lpa2().contains(granule)) {
      return List.of(
          "this PE has no 52-bit addresses with the " + granule.text() + " granule (FEAT_LPA2)");
    }
    Optional<String> unnamed = notNamed(granule, level, ds);
    if (unnamed.isPresent()) {
      return List.of(unnamed.get());
    }
    Stage2Parameters parameters = parameters(granule, ipaBits, level, ds, features);
    return parameters.problems().stream().map(Problem::sentence).toList();
  }

  /** Why no value of SL0 and SL2 means a level; empty if one does. */
  private static Optional<String> notNamed(Granule granule, int level, boolean ds) {
    String with = " with the " + granule.text() + " granule";
    if (level == -1 && granule == Granule.K4 && !ds) {
      return Optional.of("level -1 is named by SL2 = 1, which counts only with DS = 1");
    }
    boolean exists =
        switch (granule) {
          case K4 -> true;
          case K16 -> level >= 0;
          case K64 -> level >= 1;
        };
    if (!exists) {
      return Optional.of("there is no level " + level + with);
    }
    if (level == 0 && granule == Granule.K16 && !ds) {
      return Optional.of("SL0 = 3, which names level 0" + with + ", is reserved without DS = 1");
    }
    return Optional.empty();
  }

  private static Stage2Parameters parameters(
      Granule granule, int ipaBits, int level, boolean ds, Features features) {
    long vtcr = Geometry.vtcr(granule, ipaBits, level, ds, features);
    return Stage2Parameters.decode(vtcr, 0, 1, features);
  }

  private static Choice choice(
      Granule granule, int ipaBits, int level, boolean ds, Features features) {
    Stage2Parameters p = parameters(granule, ipaBits, level, ds, features);
    Geometry geometry =
        new Geometry(
            granule,
            ipaBits,
            p.outputBits(),
            level,
            p.rootTables(),
            p.rootBytes(),
            p.rootAlignment(),
            p.vtcr());
    List<Integer> sizes = new ArrayList<>();
    for (int ps = 0; Features.bitsOfPs(ps) > 0 && Features.bitsOfPs(ps) <= p.outputBits(); ps++) {
      sizes.add(Features.bitsOfPs(ps));
    }
    return new Choice(geometry, ds, sizes, needs(granule, ipaBits, level, ds));
  }

  private static List<String> needs(Granule granule, int ipaBits, int level, boolean ds) {
    List<String> needs = new ArrayList<>();
    if (ds) {
      needs.add("FEAT_LPA2");
    }
    if (ipaBits < 25 || (granule == Granule.K4 && level == 3)) {
      needs.add("FEAT_TTST");
    }
    if (granule == Granule.K64 && ipaBits > 48) {
      needs.add("FEAT_LPA");
    }
    int wide = Math.max(ipaBits, Stage2Parameters.paBitsForStartLevel(granule, level));
    for (int ps = 0; Features.bitsOfPs(ps) > 0; ps++) {
      if (Features.bitsOfPs(ps) >= wide) {
        if (ps > 0) {
          needs.add("PARange of " + Features.bitsOfPs(ps) + " bits or more");
        }
        break;
      }
    }
    return needs;
  }
}
