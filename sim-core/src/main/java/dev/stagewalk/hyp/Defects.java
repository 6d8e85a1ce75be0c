package dev.stagewalk.hyp;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Which defects of the posted code are switched on. Immutable. */
public final class Defects {
  /** The corrected hypervisor. */
  public static final Defects NONE = new Defects(EnumSet.noneOf(Defect.class), false);

  /** The code as it was posted: all of them. */
  public static final Defects AS_POSTED = new Defects(EnumSet.allOf(Defect.class), false);

  /**
   * What the review asked for: equal descriptors are left alone, a different valid one and a partly
   * covered leaf are assertions, no table is stored without memory for it, and the VMID is switched
   * around maintenance. The rest is as posted.
   */
  public static final Defects AS_REVIEWED =
      new Defects(
          EnumSet.complementOf(
              EnumSet.of(
                  Defect.TLBI_OTHER_VMID,
                  Defect.REMAP_NO_BBM,
                  Defect.OOM_NULL_TABLE,
                  Defect.NULL_TABLE_FOLLOWED,
                  Defect.PARTIAL_LEAF_KEPT,
                  Defect.BLOCK_OVER_TABLE)),
          true);

  private final Set<Defect> on;
  private final boolean asserts;

  private Defects(EnumSet<Defect> on, boolean asserts) {
    this.on = Collections.unmodifiableSet(on);
    this.asserts = asserts;
  }

  /** Exactly these. */
  public static Defects of(Defect... defects) {
    EnumSet<Defect> set = EnumSet.noneOf(Defect.class);
    Collections.addAll(set, defects);
    return new Defects(set, false);
  }

  /**
   * Reads {@code as-posted}, {@code as-reviewed}, {@code none} (or {@code corrected}), or a list of
   * ids and names separated by commas: {@code D1,remap-no-bbm}.
   *
   * @throws IllegalArgumentException naming the word that is none of these
   */
  public static Defects parse(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    switch (trimmed) {
      case "as-posted":
        return AS_POSTED;
      case "as-reviewed":
        return AS_REVIEWED;
      case "none", "corrected":
        return NONE;
      default:
        break;
    }
    EnumSet<Defect> set = EnumSet.noneOf(Defect.class);
    for (String word : trimmed.split(",", -1)) {
      set.add(named(word.strip()));
    }
    return new Defects(set, false);
  }

  private static Defect named(String word) {
    for (Defect defect : Defect.values()) {
      if (defect.id().equalsIgnoreCase(word) || defect.shortName().equals(word)) {
        return defect;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + word
            + "' is not a defect: write as-posted, as-reviewed, none, or a list of D1 to D"
            + Defect.values().length
            + " and names, such as D1,remap-no-bbm");
  }

  public boolean has(Defect defect) {
    return on.contains(defect);
  }

  /**
   * Whether a situation that a missing defect would have mishandled is an assertion that ends the
   * host, as the review proposed, instead of being mended.
   */
  boolean asserts() {
    return asserts;
  }

  public boolean isEmpty() {
    return on.isEmpty();
  }

  /** In the order of their numbers. */
  public List<Defect> list() {
    return List.copyOf(on);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Defects d && on.equals(d.on) && asserts == d.asserts;
  }

  @Override
  public int hashCode() {
    return Objects.hash(on, asserts);
  }

  /** A text that {@link #parse} reads back. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "none";
    }
    if (equals(AS_POSTED)) {
      return "as-posted";
    }
    if (equals(AS_REVIEWED)) {
      return "as-reviewed";
    }
    return on.stream().map(Defect::id).collect(Collectors.joining(","));
  }
}
