package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.DesignReview;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.List;

/** What is wrong with the controls of tables, as findings. */
final class ControlRules {
  private ControlRules() {}

  static void judge(TableTree tree, Findings findings) {
    for (Problem problem : tree.problems()) {
      String effect =
          switch (problem.effect()) {
            case TRANSLATION_FAULT -> " Every access is a Translation fault, level 0.";
            case ADDRESS_SIZE_FAULT -> " Every access is an Address size fault, level 0.";
            case WALK_GOES_ON -> "";
          };
      findings.accept(
          new Finding(
              kind(problem.kind()),
              tree.controls().apply(problem),
              sentence(problem.sentence())
                  + effect
                  + (leadsAstray(problem) ? " The tables were not judged." : ""),
              mend(tree, problem)));
    }
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  static FindingKind kind(Problem.Kind problem) {
    return switch (problem) {
      case GRANULE_RESERVED, GRANULE_NOT_SUPPORTED -> FindingKind.GRANULE_ILLEGAL;
      case T0SZ_TOO_SMALL, T0SZ_TOO_LARGE -> FindingKind.T0SZ_ILLEGAL;
      case START_LEVEL_RESERVED,
          START_LEVEL_NEEDS_SMALL_TABLES,
          START_LEVEL_HAS_NOTHING_TO_RESOLVE,
          START_LEVEL_NEEDS_MORE_THAN_16_TABLES ->
          FindingKind.START_LEVEL_ILLEGAL;
      case START_LEVEL_NEEDS_WIDER_PA -> FindingKind.PARANGE_TOO_SMALL;
      case ROOT_BEYOND_OUTPUT_SIZE -> FindingKind.ROOT_BEYOND_PS;
      case ROOT_MISALIGNED -> FindingKind.ROOT_MISALIGNED;
      case OUTPUT_SIZE_RESERVED, OUTPUT_SIZE_WIDER_THAN_IMPLEMENTED -> FindingKind.PS_ILLEGAL;
      case RES1_CLEAR -> FindingKind.CONTROL_RESERVED;
      case HARDWARE_UPDATE_NOT_IMPLEMENTED -> FindingKind.HARDWARE_UPDATE_ABSENT;
      case BIG_ENDIAN_NOT_SIMULATED -> FindingKind.NOT_JUDGED;
      case DS_NOT_IMPLEMENTED,
          SL2_IGNORED,
          VMID_16_NOT_IMPLEMENTED,
          VMID_BITS_IGNORED,
          ASID_16_NOT_IMPLEMENTED,
          HIERARCHICAL_DISABLE_NOT_IMPLEMENTED,
          E0PD_NOT_IMPLEMENTED,
          EPAN_NOT_IMPLEMENTED,
          DIRTY_STATE_WITHOUT_ACCESS_FLAG ->
          FindingKind.CONTROL_WITHOUT_EFFECT;
    };
  }

  /** Whether a walk begins elsewhere than at the tables, or not at all. */
  static boolean leadsAstray(Problem problem) {
    return switch (kind(problem.kind())) {
      case GRANULE_ILLEGAL,
          T0SZ_ILLEGAL,
          START_LEVEL_ILLEGAL,
          PARANGE_TOO_SMALL,
          ROOT_BEYOND_PS,
          ROOT_MISALIGNED ->
          true;
      default -> false;
    };
  }

  private static String mend(TableTree tree, Problem problem) {
    Stage2Parameters second = tree.second();
    if (second == null) {
      return "Write another value to "
          + tree.controls().apply(problem).register()
          + "; what is legal is said in "
          + problem.source()
          + ".";
    }
    DesignReview review = DesignReview.of(second.vtcr(), second.vttbr(), second.features());
    if (DesignReview.isOfRoot(problem)) {
      List<String> roots = review.roots();
      return roots.isEmpty()
          ? "Give VTTBR_EL2 a root that suits the VTCR_EL2 that is mended."
          : sentence(String.join("; ", roots));
    }
    if (review.suggestions().isEmpty()) {
      return "No VTCR_EL2 near this one is legal on this PE: choose another granule.";
    }
    DesignReview.Suggestion nearest = review.suggestions().getFirst();
    String roots =
        nearest.roots().isEmpty() ? "" : " " + sentence(String.join("; ", nearest.roots()));
    return "Write VTCR_EL2 = "
        + Hex.plain(nearest.vtcr())
        + ": "
        + String.join(", ", nearest.changes())
        + "."
        + roots;
  }
}
