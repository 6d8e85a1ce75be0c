package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.Design;
import dev.stagewalk.mmu.DesignReview;
import dev.stagewalk.mmu.Fact;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.TableCost;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/** Designs of tables as text, for people. */
final class DesignText {
  private static final Set<String> OF_THE_ROOT = Set.of("Root base", "VMID");

  private DesignText() {}

  static void write(PrintWriter out, Design design, long mapped) {
    Features features = design.features();
    out.println(
        "Stage-2 tables for "
            + design.ipaBits()
            + "-bit IPAs with the "
            + design.granule().text()
            + " granule on a PE with "
            + features.paBits()
            + "-bit physical addresses (PARange)");
    out.println();
    if (design.choices().isEmpty()) {
      out.println("No shape is legal.");
    }
    for (Design.Choice choice : design.choices()) {
      choice(out, choice, mapped);
    }
    if (!design.rejected().isEmpty()) {
      out.println("Not legal:");
      rejected(out, design.rejected());
    }
    out.flush();
  }

  /** Levels that the same keeps from being legal share a line. */
  private static void rejected(PrintWriter out, List<Design.Rejected> all) {
    for (int i = 0; i < all.size(); ) {
      Design.Rejected first = all.get(i);
      int end = i + 1;
      while (end < all.size()
          && all.get(end).ds() == first.ds()
          && all.get(end).reasons().equals(first.reasons())) {
        end++;
      }
      out.println(
          "  start level"
              + (end - i > 1
                  ? "s " + first.startLevel() + " to " + all.get(end - 1).startLevel()
                  : " " + first.startLevel())
              + (first.ds() ? ", DS = 1: " : ": ")
              + String.join("; ", first.reasons()));
      i = end;
    }
  }

  private static void choice(PrintWriter out, Design.Choice choice, long mapped) {
    Geometry geometry = choice.geometry();
    out.println(
        "Start level "
            + geometry.startLevel()
            + ", "
            + Texts.count(choice.levels(), "level")
            + " of lookup"
            + (choice.ds() ? ", 52-bit descriptors (DS = 1)" : ""));
    row(out, "VTCR_EL2", Hex.full(geometry.vtcr()) + ", VS, HA and HD aside");
    row(out, "Output size (PS)", outputs(choice.outputSizes()));
    row(
        out,
        "Root",
        Texts.count(geometry.rootTables(), "table")
            + (geometry.rootTables() > 1 ? " concatenated" : "")
            + ", "
            + Size.words(geometry.rootBytes()));
    row(
        out,
        "Root alignment",
        Size.words(geometry.rootAlignment())
            + ": VTTBR_EL2.BADDR from bit "
            + choice.lowestBaseBit()
            + " up"
            + (geometry.outputBits() == 52 ? ", address bits 51:48 in bits 5:2" : ""));
    TableCost cost = TableCost.of(choice, 0, mapped);
    row(
        out,
        "Tables for " + Size.words(mapped),
        Size.words(cost.bytesWithPages())
            + " with pages ("
            + Texts.count(cost.pageTables(), "table")
            + " below the root), "
            + Size.words(cost.bytesWithBlocks())
            + " with blocks ("
            + cost.blockTables()
            + ")");
    if (!choice.needs().isEmpty()) {
      row(out, "Needs", String.join(", ", choice.needs()));
    }
    out.println();
  }

  private static String outputs(List<Integer> sizes) {
    StringBuilder words = new StringBuilder();
    for (int ps = 0; ps < sizes.size(); ps++) {
      words.append(ps == 0 ? "" : ", ").append(ps).append(" = ").append(sizes.get(ps));
    }
    return words + " bits";
  }

  static void write(PrintWriter out, DesignReview review, boolean root) {
    out.println(
        "VTCR_EL2 = "
            + Hex.full(review.parameters().vtcr())
            + (root ? ", VTTBR_EL2 = " + Hex.full(review.parameters().vttbr()) : "")
            + " on a PE with "
            + review.parameters().features().paBits()
            + "-bit physical addresses (PARange)");
    for (Fact fact : review.parameters().derivedFacts()) {
      if (root || !OF_THE_ROOT.contains(fact.label())) {
        row(out, fact.label(), fact.value());
      }
    }
    out.println();
    List<Problem> problems =
        review.parameters().problems().stream()
            .filter(p -> root || !DesignReview.isOfRoot(p))
            .toList();
    if (problems.isEmpty()) {
      out.println("Nothing is wrong with it.");
    }
    problems.forEach(p -> out.println(Texts.problem(p)));
    if (root) {
      review.roots().forEach(words -> out.println("better: " + words));
    }
    for (DesignReview.Suggestion suggestion : review.suggestions()) {
      Geometry geometry = suggestion.choice().geometry();
      out.println(
          "better: VTCR_EL2 = "
              + Hex.full(suggestion.vtcr())
              + " ("
              + String.join(", ", suggestion.changes())
              + "): "
              + geometry.ipaBits()
              + "-bit IPA from level "
              + geometry.startLevel()
              + ", root of "
              + Size.words(geometry.rootBytes())
              + " aligned to "
              + Size.words(geometry.rootAlignment())
              + (root && !suggestion.roots().isEmpty()
                  ? "; VTTBR_EL2 must change too: " + String.join("; ", suggestion.roots())
                  : ""));
    }
    out.flush();
  }

  private static void row(PrintWriter out, String label, String value) {
    out.printf("  %-30s %s%n", label, value);
  }
}
