package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.event.Event;
import dev.stagewalk.session.compare.Comparison;
import dev.stagewalk.session.compare.EffectDifference;
import dev.stagewalk.session.compare.EntryDifference;
import dev.stagewalk.session.compare.EventDifference;
import dev.stagewalk.session.compare.MemoryDifference;
import dev.stagewalk.session.compare.Parting;
import dev.stagewalk.session.compare.RegisterDifference;
import dev.stagewalk.session.compare.TlbDifference;
import dev.stagewalk.session.compare.TreeDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A row of a comparison.
 *
 * @param heading whether it says what the rows below it are about
 * @param what what differs; of a heading, what the rows are about
 * @param first what it is at the first moment; of a heading, how much differs
 * @param second what it is at the second moment
 * @param selection what the row selects; empty where panes could light nothing
 * @param event where Enter goes to
 * @param memory physical address that Enter shows
 */
record ComparedRow(
    boolean heading,
    String what,
    String first,
    String second,
    Selection selection,
    Optional<Event> event,
    OptionalLong memory) {

  private static ComparedRow heading(String what, String summary) {
    return heading(what, summary, "");
  }

  private static ComparedRow heading(String what, String summary, String more) {
    return new ComparedRow(
        true, what, summary, more, Selection.NONE, Optional.empty(), OptionalLong.empty());
  }

  private static ComparedRow row(String what, String first, String second, Selection selection) {
    return new ComparedRow(
        false, what, first, second, selection, Optional.empty(), OptionalLong.empty());
  }

  /** All rows of a comparison. */
  static List<ComparedRow> of(Comparison comparison) {
    List<ComparedRow> rows = new ArrayList<>();
    comparison.parting().ifPresent(parting -> addParting(rows, parting));
    comparison.events().divergence().ifPresent(parts -> addDivergence(rows, parts));
    comparison.trees().forEach(tree -> addTree(rows, tree));
    addRegisters(rows, comparison.registers());
    if (comparison.recorded()) {
      rows.add(heading("Tables, memory, TLB", "unknown: a recording does not say them"));
    } else {
      addTlb(rows, comparison.tlb());
      addMemory(rows, comparison.memory());
    }
    addEvents(rows, comparison.events());
    return rows;
  }

  private static void addParting(List<ComparedRow> rows, Parting parting) {
    rows.add(heading("Branches", "part at " + parting.moment()));
    parting
        .left()
        .forEach(branch ->
            rows.add(
                row(
                    "branch " + branch.number(),
                    "left branch " + branch.parent() + " at " + branch.parting(),
                    branch.words(),
                    Selection.NONE)));
  }

  private static void addDivergence(List<ComparedRow> rows, EventDifference.Divergence parts) {
    long number = parts.first().number();
    rows.add(heading("First divergence", "after " + counted(number, "equal event")));
    rows.add(
        new ComparedRow(
            false,
            "event " + number,
            parts.firstWords(),
            parts.secondWords(),
            Selection.NONE,
            Optional.of(parts.second()),
            OptionalLong.empty()));
  }

  private static void addEvents(List<ComparedRow> rows, EventDifference events) {
    Set<EventKind> kinds = new TreeSet<>(events.first().keySet());
    kinds.addAll(events.second().keySet());
    rows.add(heading("Events", kinds.isEmpty() ? "equal" : "of one moment only"));
    for (EventKind kind : kinds) {
      rows.add(
          row(
              kind.word(),
              Long.toString(events.first().getOrDefault(kind, 0L)),
              Long.toString(events.second().getOrDefault(kind, 0L)),
              Selection.NONE));
    }
  }

  private static void addRegisters(List<ComparedRow> rows, List<RegisterDifference> registers) {
    rows.add(
        heading("Registers", registers.isEmpty() ? "equal" : differ(registers.size(), "register")));
    boolean several = registers.stream().anyMatch(register -> register.pe() != 0);
    for (RegisterDifference register : registers) {
      Selection whole = Selection.of(new Selection.Field(register.name(), ""));
      String pe = several ? "PE " + register.pe() + " " : "";
      rows.add(row(pe + register.name(), register.first(), register.second(), whole));
      for (RegisterDifference.FieldDifference field : register.fields()) {
        rows.add(
            row(
                "   " + field.name() + " " + field.bits(),
                field.first(),
                field.second(),
                Selection.of(new Selection.Field(register.name(), field.name()))));
      }
    }
  }

  private static void addTree(List<ComparedRow> rows, TreeDifference tree) {
    String title = "Tables, " + tree.owner().words() + (tree.upper() ? " (TTBR1)" : "");
    if (tree.isEqual()) {
      rows.add(heading(title, "equal"));
      return;
    }
    rows.add(
        heading(
            title,
            tree.sameGeometry()
                ? differ(tree.descriptors(), "descriptor")
                : "are built in another way"));
    if (tree.firstInForce() != tree.secondInForce()) {
      rows.add(
          row("in force", yes(tree.firstInForce()), yes(tree.secondInForce()), Selection.NONE));
    }
    for (EntryDifference entry : tree.entries()) {
      rows.add(row(name(entry), entry.firstSays(), entry.secondSays(), selection(entry)));
    }
    addMore(rows, tree.groups(), tree.entries().size());
    boolean second = tree.owner().stage() == 2;
    rows.add(
        heading(
            "   in effect",
            tree.effects().isEqual()
                ? "every " + tree.owner().input() + " is translated the same"
                : differ(tree.effects().count(), "range")));
    for (EffectDifference range : tree.effects().ranges()) {
      rows.add(
          row(
              tree.owner().input()
                  + " "
                  + Hex.address(range.input())
                  + " ("
                  + Scan.rounded(range.bytes())
                  + ")",
              EffectDifference.words(range.first()),
              EffectDifference.words(range.second()),
              second ? Selection.ofIpa(range.input()) : Selection.NONE));
    }
    addMore(rows, tree.effects().count(), tree.effects().ranges().size());
  }

  private static String name(EntryDifference entry) {
    return Levels.name(entry.place().level())
        + "["
        + entry.place().index()
        + "]"
        + (entry.count() == 1 ? "" : " and " + (entry.count() - 1) + " more")
        + " "
        + entry.place().owner().input()
        + " "
        + Hex.address(entry.place().input())
        + (entry.sameEffect() ? ", same effect" : "");
  }

  private static Selection selection(EntryDifference entry) {
    long at = entry.secondPa() == -1 ? entry.firstPa() : entry.secondPa();
    int index = entry.place().index();
    Selection selection =
        at == -1
            ? Selection.NONE
            : Selection.NONE.withEntries(
                List.of(new Selection.Entry(at - 8L * index, index, entry.place().level())));
    return entry.place().owner().stage() == 2
        ? selection.withIpa(entry.place().input())
        : selection;
  }

  private static void addMemory(List<ComparedRow> rows, MemoryDifference memory) {
    if (memory.isEqual()) {
      rows.add(heading("Memory", memory.note().isEmpty() ? "equal" : memory.note()));
      return;
    }
    rows.add(
        heading(
            "Memory",
            differ(memory.bytes(), "byte") + " in " + counted(memory.count(), "range"),
            memory.tableBytes() == 0 ? memory.note() : memory.tableBytes() + " of them in tables"));
    for (MemoryDifference.Range range : memory.ranges()) {
      String more = range.size() > 8 ? " …" : "";
      rows.add(
          new ComparedRow(
              false,
              Hex.address(range.pa())
                  + " ("
                  + Scan.rounded(range.size())
                  + ")"
                  + (range.what().isEmpty() ? "" : " " + range.what()),
              Hex.full(range.first()) + more,
              Hex.full(range.second()) + more,
              Selection.NONE,
              Optional.empty(),
              OptionalLong.of(range.pa())));
    }
    addMore(rows, memory.count(), memory.ranges().size());
  }

  private static void addTlb(List<ComparedRow> rows, TlbDifference tlb) {
    if (tlb.isEqual()) {
      rows.add(heading("TLB", "equal"));
      return;
    }
    int only = tlb.onlyFirst().size() + tlb.onlySecond().size();
    rows.add(
        heading("TLB", counted(only, "entry") + " at one moment only", tlb.both() + " at both"));
    tlb.onlyFirst().forEach(entry -> rows.add(tlbRow(entry, true)));
    tlb.onlySecond().forEach(entry -> rows.add(tlbRow(entry, false)));
  }

  private static ComparedRow tlbRow(Freshness entry, boolean first) {
    TlbRow tlb = new TlbRow(entry.entry(), entry, "");
    String words = tlb.to() + " · " + tlb.allows() + (entry.isStale() ? " · " + entry.words() : "");
    return row(
        tlb.whose(false) + " " + tlb.from() + " (" + Scan.rounded(entry.entry().size()) + ")",
        first ? words : "none",
        first ? "none" : words,
        Selection.of(entry.entry()));
  }

  private static void addMore(List<ComparedRow> rows, long count, int kept) {
    if (count > kept) {
      rows.add(row("and " + (count - kept) + " more", "", "", Selection.NONE));
    }
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }

  private static String differ(long count, String one) {
    return counted(count, one) + (count == 1 ? " differs" : " differ");
  }

  private static String counted(long count, String one) {
    return count
        + " "
        + (count == 1
            ? one
            : one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s");
  }

  /** One line of text. */
  String text() {
    return heading
        ? what.strip() + ": " + first + (second.isEmpty() ? "" : ", " + second)
        : "  " + what.strip() + ": " + first + (second.isEmpty() ? "" : " → " + second);
  }
}
