package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A legal shape of stage-2 tables, and the VTCR_EL2 value that asks for it.
 *
 * @param granule translation granule
 * @param ipaBits input address size, bits
 * @param outputBits output address size (PS), bits
 * @param startLevel initial level of lookup, −1 to 3
 * @param rootTables concatenated tables at the root, 1 to 16
 * @param rootBytes size of the root in bytes; less than a granule if a part of a table is enough
 * @param rootAlignment what the root must be aligned to, in bytes
 * @param vtcr the value, without VS, HA and HD: these do not shape tables
 */
public record Geometry(
    Granule granule,
    int ipaBits,
    int outputBits,
    int startLevel,
    int rootTables,
    long rootBytes,
    long rootAlignment,
    long vtcr) {

  /**
   * The usual choice: as few levels as concatenation of up to 16 tables allows.
   *
   * @throws IllegalArgumentException if there is none; the message is what {@link #whyNot} says
   */
  public static Geometry choose(Granule granule, int ipaBits, Features features) {
    List<Geometry> legal = legal(granule, ipaBits, features);
    if (legal.isEmpty()) {
      throw new IllegalArgumentException(
          whyNot(granule, ipaBits, features).orElse("no legal start level"));
    }
    return legal.getFirst();
  }

  /** All legal choices for a granule and an IPA size, fewest levels first. */
  public static List<Geometry> legal(Granule granule, int ipaBits, Features features) {
    List<Geometry> found = new ArrayList<>();
    if (whyNot(granule, ipaBits, features).isPresent()) {
      return found;
    }
    for (int level = 3; level >= -1; level--) {
      if (level == -1 && granule != Granule.K4 || level == 0 && granule == Granule.K64) {
        continue;
      }
      long vtcr = vtcr(granule, ipaBits, level, features);
      Stage2Parameters parameters = Stage2Parameters.decode(vtcr, 0, 1, features);
      if (parameters.problems().isEmpty() && parameters.startLevel() == level) {
        found.add(
            new Geometry(
                granule,
                ipaBits,
                parameters.outputBits(),
                level,
                parameters.rootTables(),
                parameters.rootBytes(),
                parameters.rootAlignment(),
                vtcr));
      }
    }
    return found;
  }

  /** Why no tables of this granule and IPA size are legal on a PE; empty if some are. */
  public static Optional<String> whyNot(Granule granule, int ipaBits, Features features) {
    if (!features.granules().contains(granule)) {
      return Optional.of("this PE has no " + granule.text() + " granule at stage 2");
    }
    int most = widest(granule, features);
    if (ipaBits > most) {
      return Optional.of(
          "IPAs of "
              + ipaBits
              + " bits are too wide: with the "
              + granule.text()
              + " granule this PE has addresses of "
              + most
              + " bits");
    }
    int least = features.smallTables() ? (granule == Granule.K64 ? 17 : 16) : 25;
    if (ipaBits < least) {
      return Optional.of(
          "IPAs of "
              + ipaBits
              + " bits are too narrow: with the "
              + granule.text()
              + " granule this PE takes "
              + least
              + " bits or more");
    }
    return Optional.empty();
  }

  /** Widest IPA of a PE with a granule, in bits. */
  public static int widest(Granule granule, Features features) {
    boolean wide = granule == Granule.K64 || features.lpa2().contains(granule);
    return wide ? features.paBits() : Math.min(48, features.paBits());
  }

  private static long vtcr(Granule granule, int ipaBits, int level, Features features) {
    // Only IPAs above 48 bits are worth the other descriptor format of DS.
    return vtcr(granule, ipaBits, level, granule != Granule.K64 && ipaBits > 48, features);
  }

  /**
   * The VTCR_EL2 that asks for this shape and leaves everything else as it is: VS, HA, HD, how
   * tables are read, an output size that is legal. What the PE has not is cleared.
   *
   * @param present the value now
   */
  public long within(long present, Features features) {
    long value = present & ~Vtcr.SHAPE | vtcr & Vtcr.SHAPE | Vtcr.RES1;
    int psBits = Features.bitsOfPs(Vtcr.ps(present));
    if (psBits > 0 && psBits <= outputBits) {
      value = value & ~Vtcr.PS | present & Vtcr.PS;
    }
    if (!features.vmid16()) {
      value &= ~Vtcr.VS;
    }
    switch (features.hardwareUpdates()) {
      case NONE -> value &= ~(Vtcr.HA | Vtcr.HD);
      case ACCESS_FLAG -> value &= ~Vtcr.HD;
      case ACCESS_FLAG_AND_DIRTY_STATE -> {
        // Both may stay, together.
      }
    }
    return (value & Vtcr.HA) == 0 ? value & ~Vtcr.HD : value;
  }

  /** VTCR_EL2 that asks for a shape, legal or not, with the widest output size there is. */
  static long vtcr(Granule granule, int ipaBits, int level, boolean ds, Features features) {
    int outputBits =
        ds || granule == Granule.K64 ? features.paBits() : Math.min(48, features.paBits());
    return Vtcr.RES1
        | (ds ? Vtcr.DS : 0)
        | (long) Features.psOf(outputBits) << 16
        | (long) Vtcr.tg0(granule) << 14
        | Vtcr.WALKS_WRITE_BACK_INNER_SHAREABLE
        | Vtcr.startLevelFields(granule, level)
        | (64 - ipaBits);
  }
}
