package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with a VTCR_EL2 and a VTTBR_EL2, and what is next best.
 *
 * @param parameters what the walker makes of them, with {@link Stage2Parameters#problems}
 * @param suggestions legal values nearest to the present ones, the nearest first; empty if nothing
 *     is wrong with VTCR_EL2
 * @param roots what to do about the root, in words; empty if nothing is wrong with it, and if no
 *     translation reaches it: then each suggestion says what it asks of the root
 */
public record DesignReview(
    Stage2Parameters parameters, List<Suggestion> suggestions, List<String> roots) {
  private static final int MOST_SUGGESTIONS = 3;

  private static final Set<Problem.Kind> OF_ROOT =
      Set.of(
          Problem.Kind.ROOT_BEYOND_OUTPUT_SIZE,
          Problem.Kind.ROOT_MISALIGNED,
          Problem.Kind.VMID_BITS_IGNORED);

  /**
   * A legal VTCR_EL2.
   *
   * @param vtcr the value; fields that are right already are as they were
   * @param choice the shape it asks for
   * @param changes fields that differ, in words
   * @param roots what must change in the present VTTBR_EL2 for it, in words; empty if nothing
   */
  public record Suggestion(
      long vtcr, Design.Choice choice, List<String> changes, List<String> roots) {
    public Suggestion {
      changes = List.copyOf(changes);
      roots = List.copyOf(roots);
    }
  }

  public DesignReview {
    suggestions = List.copyOf(suggestions);
    roots = List.copyOf(roots);
  }

  /** Looks at the controls of a PE. */
  public static DesignReview of(long vtcr, long vttbr, Features features) {
    Stage2Parameters now = Stage2Parameters.decode(vtcr, vttbr, 1, features);
    boolean wrong = now.problems().stream().anyMatch(p -> !isOfRoot(p));
    return new DesignReview(
        now,
        wrong ? suggestions(now, features) : List.of(),
        now.refusal() == null ? roots(now) : List.of());
  }

  /** Whether a problem is one of VTTBR_EL2. */
  public static boolean isOfRoot(Problem problem) {
    return OF_ROOT.contains(problem.kind());
  }

  private static List<Suggestion> suggestions(Stage2Parameters now, Features features) {
    Granule named = Vtcr.granule(Vtcr.tg0(now.vtcr()));
    Granule granule = named != null && features.granules().contains(named) ? named : now.granule();
    int wanted = 64 - Vtcr.t0sz(now.vtcr());
    List<Suggestion> found = new ArrayList<>();
    for (int distance = 0; distance < 64 && found.isEmpty(); distance++) {
      // At distance 0 both are the same, and the second adds nothing.
      for (int bits : new int[] {wanted - distance, wanted + distance}) {
        if (bits < 1 || bits > 64 || (distance == 0 && !found.isEmpty())) {
          continue;
        }
        for (Design.Choice choice : Design.of(granule, bits, features).choices()) {
          found.add(suggestion(now, choice, features));
        }
      }
    }
    boolean ds = (now.vtcr() & Vtcr.DS) != 0;
    int level = now.startLevel();
    found.sort(
        Comparator.comparingInt((Suggestion s) -> s.choice().ds() == ds ? 0 : 1)
            .thenComparingInt(s -> Math.abs(s.choice().geometry().startLevel() - level))
            .thenComparingInt(s -> s.changes().size()));
    return found.subList(0, Math.min(MOST_SUGGESTIONS, found.size()));
  }

  private static Suggestion suggestion(
      Stage2Parameters now, Design.Choice choice, Features features) {
    long value = choice.geometry().within(now.vtcr(), features);
    List<String> roots =
        now.vttbr() == 0
            ? List.of()
            : roots(Stage2Parameters.decode(value, now.vttbr(), 1, features));
    return new Suggestion(value, choice, changes(now.vtcr(), value), roots);
  }

  private static List<String> changes(long old, long value) {
    List<String> changes = new ArrayList<>();
    change(changes, "T0SZ", Vtcr.t0sz(old), Vtcr.t0sz(value));
    change(changes, "SL0", Vtcr.sl0(old), Vtcr.sl0(value));
    change(changes, "SL2", bit(old, Vtcr.SL2), bit(value, Vtcr.SL2));
    change(changes, "TG0", Vtcr.tg0(old), Vtcr.tg0(value));
    change(changes, "PS", Vtcr.ps(old), Vtcr.ps(value));
    change(changes, "DS", bit(old, Vtcr.DS), bit(value, Vtcr.DS));
    change(changes, "VS", bit(old, Vtcr.VS), bit(value, Vtcr.VS));
    change(changes, "HA", bit(old, Vtcr.HA), bit(value, Vtcr.HA));
    change(changes, "HD", bit(old, Vtcr.HD), bit(value, Vtcr.HD));
    change(changes, "bit 31 (RES1)", bit(old, Vtcr.RES1), bit(value, Vtcr.RES1));
    return changes;
  }

  private static int bit(long value, long mask) {
    return (value & mask) != 0 ? 1 : 0;
  }

  private static void change(List<String> changes, String field, int old, int now) {
    if (old != now) {
      changes.add(field + " " + old + " → " + now);
    }
  }

  private static List<String> roots(Stage2Parameters now) {
    List<String> words = new ArrayList<>();
    for (Problem problem : now.problems()) {
      switch (problem.kind()) {
        case ROOT_MISALIGNED ->
            words.add(
                "put the root at "
                    + Hex.address(now.rootBase())
                    + " or "
                    + Hex.address(now.rootBase() + now.rootAlignment())
                    + ", multiples of "
                    + Size.words(now.rootAlignment()));
        case ROOT_BEYOND_OUTPUT_SIZE ->
            words.add(
                "put the root below "
                    + Hex.address(1L << now.outputBits())
                    + ", or make PS larger if the PE has wider addresses");
        case VMID_BITS_IGNORED ->
            words.add(
                "use a VMID of at most 255"
                    + (now.features().vmid16() ? ", or set VTCR_EL2.VS" : ""));
        default -> {
          // Not one of the root.
        }
      }
    }
    return words;
  }
}
