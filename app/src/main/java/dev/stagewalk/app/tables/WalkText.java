package dev.stagewalk.app.tables;

import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.Fact;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A walk as text, for people. */
final class WalkText {
  private final PrintWriter out;
  private final Walk walk;
  private final Translation translation;
  private final SymbolTable names;
  private int reads;

  private WalkText(PrintWriter out, Walk walk) {
    this.out = out;
    this.walk = walk;
    this.translation = walk.translation();
    this.names = walk.world().names();
  }

  static void write(PrintWriter out, Walk walk) {
    WalkText text = new WalkText(out, walk);
    text.heading();
    text.controls();
    text.lookups();
    text.outcome();
    if (walk.translation().outcome() instanceof Translation.Fault && walk.missing().isEmpty()) {
      text.explanation();
    }
    out.flush();
  }

  /** What a fault's explanation has beside what stands above it. */
  private void explanation() {
    for (Explanation.Section section : walk.explanation().sections()) {
      if (section.title().startsWith("What if") || section.title().endsWith(" may do")) {
        out.println();
        out.println(section.title());
        section.lines().forEach(line -> say("  " + line));
      }
    }
  }

  private void heading() {
    say(
        (translation.stage() == 1 ? "Translation of VA " : "Stage-2 walk of IPA ")
            + Hex.full(translation.input())
            + ", "
            + walk.request());
    walk.world().notes().forEach(note -> out.println("note: " + note));
    out.println();
  }

  private void controls() {
    Stage1Parameters first = walk.first();
    if (first != null) {
      out.println("Stage 1, " + first.regime().text() + ": " + (first.enabled() ? "on" : "off"));
      String suffix = "_" + first.registers().suffix();
      row("SCTLR" + suffix, Hex.full(first.registers().sctlr()));
      row("TCR" + suffix, Hex.full(first.registers().tcr()));
      row("TTBR0" + suffix, Hex.full(first.registers().ttbr0()));
      if (first.upper() != null) {
        row("TTBR1" + suffix, Hex.full(first.registers().ttbr1()));
      }
      row("MAIR" + suffix, Hex.full(first.registers().mair()));
      if (first.enabled()) {
        range(first.rangeOf(translation.input()));
      }
      problems(first.problems());
      out.println();
    }
    if (first == null || translation.vmid() >= 0) {
      out.println("Stage 2: " + (walk.second().enabled() ? "on" : "off"));
      row("VTCR_EL2", Hex.full(walk.second().vtcr()));
      row("VTTBR_EL2", Hex.full(walk.second().vttbr()));
      row("HCR_EL2", Hex.full(walk.second().hcr()));
      if (walk.second().enabled()) {
        for (Fact fact : walk.second().derivedFacts()) {
          row(fact.label(), fact.value());
        }
        problems(walk.second().problems());
      }
      out.println();
    }
  }

  private void range(Stage1Range range) {
    row("Range", range.upper() ? "upper, TTBR1 (VA bit 55 is 1)" : "lower, TTBR0 (VA bit 55 is 0)");
    row("Granule", range.granule().text());
    row("VA size", range.inputBits() + " bits");
    row("Output size", range.outputBits() + " bits");
    row("Start level", "" + range.startLevel());
    row(
        "Root base",
        names.named(Hex.full(range.rootBase())) + (walk.second().enabled() ? ", an IPA" : ""));
    problems(range.problems());
  }

  private void problems(List<Problem> problems) {
    problems.forEach(p -> out.println("  " + Texts.problem(p)));
  }

  private void say(String line) {
    out.println(names.named(line));
  }

  private void row(String label, String value) {
    out.printf("  %-30s %s%n", label, value);
  }

  private void lookups() {
    if (translation.lookups().isEmpty()) {
      out.println("No descriptor is read.");
      out.println();
      return;
    }
    boolean ofOutput = false;
    for (Lookup lookup : translation.lookups()) {
      if (lookup.stage() == 1) {
        stage1(lookup);
      } else {
        if (translation.stage() == 1 && !ofOutput) {
          ofOutput = true;
          out.println("Stage 2 of the output of stage 1:");
        }
        one(lookup, translation.stage() == 1 ? "  " : "", "IPA");
      }
    }
    out.println("Descriptor reads: " + translation.reads());
    out.println();
  }

  private void stage1(Lookup lookup) {
    boolean below = !lookup.nested().isEmpty() || lookup.verdict() == Verdict.UNREACHED;
    if (below) {
      say(
          "Stage 1, level "
              + lookup.level()
              + ": its entry stands at IPA "
              + Hex.address(lookup.table() + 8L * lookup.index())
              + ", which stage 2 translates:");
      lookup.nested().forEach(nested -> one(nested, "    ", "IPA"));
    }
    one(lookup, "", "VA");
  }

  private void one(Lookup lookup, String indent, String input) {
    boolean read = lookup.verdict() != Verdict.UNREACHED;
    say(
        indent
            + (read ? "%3d. ".formatted(++reads) : "  -. ")
            + "stage "
            + lookup.stage()
            + ", level "
            + lookup.level()
            + ": table "
            + Hex.address(lookup.table())
            + ", index "
            + lookup.index()
            + " = "
            + input
            + " bits ["
            + lookup.indexHigh()
            + ":"
            + lookup.indexLow()
            + "] = 0b"
            + bits(lookup)
            + (read ? ", at PA " + Hex.address(lookup.descriptorAddress()) : ""));
    String more = indent + "     ";
    if (read && lookup.verdict() != Verdict.EXTERNAL_ABORT) {
      say(more + "descriptor " + Hex.full(lookup.descriptor()) + ": " + verdict(lookup));
      out.println(more + fields(lookup));
    } else {
      say(more + verdict(lookup));
    }
    if (read && lookup.verdict() == Verdict.EXTERNAL_ABORT && walk.world().partial()) {
      return;
    }
    out.println(more + "rule: " + lookup.rule());
  }

  private static String bits(Lookup lookup) {
    int width = lookup.indexHigh() - lookup.indexLow() + 1;
    String digits = Integer.toBinaryString(lookup.index());
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private String verdict(Lookup lookup) {
    return switch (lookup.verdict()) {
      case TABLE -> "table, next at " + Hex.address(lookup.output());
      case BLOCK -> "block, output " + Hex.address(lookup.output());
      case PAGE -> "page, output " + Hex.address(lookup.output());
      case INVALID -> "invalid";
      case REFUSED ->
          "refused"
              + (translation.outcome() instanceof Translation.Fault fault
                  ? ": " + fault.kind().words()
                  : "");
      case EXTERNAL_ABORT -> walk.world().missing().apply(lookup.descriptorAddress());
      case UNREACHED -> "not read, because stage 2 refuses its address";
    };
  }

  private String fields(Lookup lookup) {
    Stage1Parameters first = walk.first();
    List<FieldValue> fields =
        lookup.stage() == 1 && first != null
            ? Texts.fields(lookup.descriptor(), lookup.level(), first.rangeOf(translation.input()))
            : Texts.fields(lookup.descriptor(), lookup.level(), walk.second());
    return fields.stream()
        .map(
            f -> (f.name().contains("[") ? f.name() : f.name() + " " + f.bits()) + " = " + f.text())
        .collect(Collectors.joining(", "));
  }

  private void outcome() {
    Optional<Lookup> missing = walk.missing();
    if (missing.isPresent()) {
      out.println("The result " + walk.untold(missing.get()));
      return;
    }
    switch (translation.outcome()) {
      case Translation.Output output -> {
        say("Output address " + Hex.full(output.address()));
        row("Maps", Size.words(1L << output.leafShift()) + ", level " + output.level());
        stages();
        row("Memory type", output.memoryType().words());
        row("Allowed", allowed(output));
        for (Translation.DescriptorUpdate update : translation.updates()) {
          row(
              "Hardware update",
              "the entry at " + Hex.address(update.pa()) + " becomes " + Hex.full(update.value()));
        }
      }
      case Translation.Fault fault -> {
        out.println(
            fault.kind().at(fault.level())
                + ", by stage "
                + fault.stage()
                + (fault.onStage1Walk() ? ", on the fetch of a stage-1 descriptor" : ""));
        row("Rule", fault.rule());
        stages();
        for (Walk.Syndrome syndrome : walk.syndrome()) {
          String value = syndrome.known() ? Hex.full(syndrome.value()) + ": " : "";
          boolean far = syndrome.register().startsWith("FAR_");
          row(
              syndrome.register(),
              (far ? names.named(value) : value) + names.named(syndrome.meaning()));
        }
      }
    }
  }

  /** What each stage said, where there are two. */
  private void stages() {
    var stages = translation.stages();
    if (stages == null) {
      return;
    }
    if (stages.stage1() != null) {
      row("Stage 1 says", said(stages.stage1(), walk.second().enabled() ? "IPA " : "PA "));
    }
    if (stages.stage2() != null) {
      row("Stage 2 says", said(stages.stage2(), "PA "));
    }
  }

  private String said(StageOutput stage, String kind) {
    Permissions permissions = stage.permissions();
    return kind
        + names.shown(stage.address())
        + ", "
        + permissions.text()
        + ", "
        + stage.attributes().words();
  }

  private static String allowed(Translation.Output output) {
    return (output.readable() ? "read" : "no read")
        + (output.writable() ? ", write" : ", no write")
        + (output.executableAtEl1() ? ", execute at EL1" : ", no execute at EL1")
        + (output.executableAtEl0() ? ", execute at EL0" : ", no execute at EL0");
  }
}
