package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.TlbWords;
import dev.stagewalk.session.compare.RegisterDifference.FieldDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A comparison as lines of text: what the first moment has stands behind {@code <}, what the second
 * has behind {@code >}.
 */
public final class ComparisonText {
  private final Comparison comparison;
  private final SymbolTable names;
  private final int most;
  private final List<String> lines = new ArrayList<>();

  private ComparisonText(Comparison comparison, SymbolTable names, int most) {
    this.comparison = comparison;
    this.names = names;
    this.most = most;
  }

  /**
   * All of it.
   *
   * @param names what names addresses of the program
   * @param most lines of each list that are shown at most
   */
  public static List<String> lines(Comparison comparison, SymbolTable names, int most) {
    ComparisonText text = new ComparisonText(comparison, names, most);
    text.parting();
    text.divergence();
    comparison.trees().forEach(text::tree);
    text.registers();
    if (comparison.recorded()) {
      text.lines.add(
          "Tables, memory and TLB: unknown, since a recording of a real machine does not say them");
    } else {
      text.tlb();
      text.memory();
    }
    text.events();
    return text.lines;
  }

  private void parting() {
    comparison
        .parting()
        .ifPresent(parts -> {
          lines.add("Branches part at " + parts.moment());
          parts.left().forEach(branch -> lines.add("  " + Parting.words(branch)));
        });
  }

  private void divergence() {
    EventDifference events = comparison.events();
    events
        .divergence()
        .ifPresent(parts -> {
          lines.add(
              "First divergence: "
                  + counted(events.common(), "event is", "events are")
                  + " the same, then");
          lines.add("  < " + parts.firstWords());
          lines.add("  > " + parts.secondWords());
        });
  }

  private void events() {
    EventDifference events = comparison.events();
    if (events.first().isEmpty() && events.second().isEmpty()) {
      lines.add("Events: none that has happened at one of the moments only");
      return;
    }
    lines.add("Events that have happened at one of the moments only");
    counts("  < ", events.first());
    counts("  > ", events.second());
  }

  private void counts(String mark, Map<EventKind, Long> counts) {
    if (!counts.isEmpty()) {
      lines.add(mark + total(counts) + ": " + kinds(counts));
    }
  }

  private static String total(Map<EventKind, Long> counts) {
    return counted(EventDifference.total(counts), "event", "events");
  }

  /** "walk 3, tlbi 1". */
  public static String kinds(Map<EventKind, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getKey().word() + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }

  private void registers() {
    List<RegisterDifference> registers = comparison.registers();
    if (registers.isEmpty()) {
      lines.add("Registers: equal");
      return;
    }
    lines.add("Registers: " + counted(registers.size(), "differs", "differ"));
    boolean several = registers.stream().anyMatch(register -> register.pe() != 0);
    for (RegisterDifference register : registers) {
      lines.add(
          "  "
              + (several ? "PE " + register.pe() + " " : "")
              + register.name()
              + ": "
              + names
                  .named(register.name() + " = " + register.first())
                  .substring(register.name().length() + 3)
              + " → "
              + names
                  .named(register.name() + " = " + register.second())
                  .substring(register.name().length() + 3));
      for (FieldDifference field : register.fields()) {
        lines.add(
            "    "
                + field.name()
                + " "
                + field.bits()
                + ": "
                + field.first()
                + " → "
                + field.second());
      }
    }
  }

  private void tree(TreeDifference tree) {
    String title = "Tables of " + tree.title();
    if (tree.isEqual()) {
      lines.add(title + ": equal");
      return;
    }
    lines.add(title + ": " + summary(tree));
    inForce(tree);
    tree.entries().stream().limit(most).forEach(this::entry);
    more(tree.groups(), tree.entries().size());
    effects(tree);
  }

  /** "3 descriptors differ". */
  private static String summary(TreeDifference tree) {
    String words =
        tree.sameGeometry()
            ? tree.descriptors() == 0
                ? "no descriptor differs"
                : counted(tree.descriptors(), "descriptor differs", "descriptors differ")
            : "they are built in another way, so that descriptors cannot be compared one by one";
    return tree.complete() ? words : words + ", and there are more tables than were looked at";
  }

  private void inForce(TreeDifference tree) {
    if (tree.firstInForce() != tree.secondInForce()) {
      lines.add("  in force only at the " + (tree.firstInForce() ? "first" : "second") + " moment");
    }
  }

  private void entry(EntryDifference entry) {
    lines.add("  " + entry.where() + (entry.sameEffect() ? ": the same in effect" : ""));
    lines.add("    < " + Hex.full(entry.first()) + "  " + entry.firstSays());
    lines.add("    > " + Hex.full(entry.second()) + "  " + entry.secondSays());
  }

  private void effects(TreeDifference tree) {
    Effects effects = tree.effects();
    String input = tree.owner().input();
    if (effects.isEqual()) {
      lines.add("  In effect: every " + input + " is translated the same");
      return;
    }
    lines.add("  In effect:");
    for (EffectDifference range : effects.ranges().stream().limit(most).toList()) {
      lines.add("    " + input + " " + range.range());
      lines.add("      < " + EffectDifference.words(range.first()));
      lines.add("      > " + EffectDifference.words(range.second()));
    }
    more(effects.count(), effects.ranges().size());
  }

  private void memory() {
    MemoryDifference memory = comparison.memory();
    if (memory.isEqual()) {
      lines.add(
          "Memory: " + (memory.note().isEmpty() ? "equal" : "no difference, but " + memory.note()));
      return;
    }
    lines.add(
        "Memory: "
            + counted(memory.bytes(), "byte differs", "bytes differ")
            + " in "
            + counted(memory.count(), "range", "ranges")
            + inTables(memory));
    if (!memory.note().isEmpty()) {
      lines.add("  " + memory.note());
    }
    for (MemoryDifference.Range range : memory.ranges().stream().limit(most).toList()) {
      lines.add("  " + range.words() + (range.what().isEmpty() ? "" : ": " + range.what()));
      lines.add("    < " + Hex.full(range.first()) + more(range));
      lines.add("    > " + Hex.full(range.second()) + more(range));
    }
    more(memory.count(), memory.ranges().size());
  }

  private static String inTables(MemoryDifference memory) {
    if (memory.tableBytes() == 0) {
      return "";
    }
    boolean all = memory.tableBytes() == memory.bytes();
    return ", " + (all ? "" : memory.tableBytes() + " of them ") + "in translation tables";
  }

  private static String more(MemoryDifference.Range range) {
    return range.size() > 8 ? " …" : "";
  }

  private void tlb() {
    TlbDifference tlb = comparison.tlb();
    if (tlb.isEqual()) {
      lines.add("TLB: equal, " + counted(tlb.both(), "entry", "entries"));
      return;
    }
    lines.add(
        "TLB: "
            + counted(tlb.onlyFirst().size(), "entry", "entries")
            + " only at the first moment, "
            + tlb.onlySecond().size()
            + " only at the second, "
            + tlb.both()
            + " at both");
    tlb.onlyFirst().stream().limit(most).forEach(entry -> lines.add("  < " + words(entry)));
    more(tlb.onlyFirst().size(), tlb.onlyFirst().size());
    tlb.onlySecond().stream().limit(most).forEach(entry -> lines.add("  > " + words(entry)));
    more(tlb.onlySecond().size(), tlb.onlySecond().size());
  }

  /** An entry of a TLB, and whether it is stale. */
  public static String words(Freshness entry) {
    return new TlbWords(entry.entry()).line() + (entry.isStale() ? "; " + entry.words() : "");
  }

  private void more(long count, int kept) {
    long left = count - Math.min(kept, most);
    if (left > 0) {
      lines.add("  and " + left + " more");
    }
  }

  static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
