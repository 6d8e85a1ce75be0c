package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.Finding;
import dev.stagewalk.check.FindingKind;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Place;
import dev.stagewalk.check.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of the findings: one finding, or how many of its kind are only counted.
 *
 * @param kind which rule
 * @param finding the finding; null where it stands for those that are counted
 * @param more how many those are; 0 for a finding
 */
record FindingRow(FindingKind kind, @Nullable Finding finding, long more) {

  /** The rows of findings, the most severe first. */
  static List<FindingRow> of(Findings findings) {
    List<FindingRow> rows = new ArrayList<>();
    for (Findings.Group group : findings.groups()) {
      group.first().forEach(finding -> rows.add(new FindingRow(group.kind(), finding, 0)));
      if (group.more() > 0) {
        rows.add(new FindingRow(group.kind(), null, group.more()));
      }
    }
    return rows;
  }

  /** Shape and word, so that colour is not alone: "◆ error". */
  String severity() {
    return mark(kind.severity()) + " " + kind.severity().word();
  }

  private static String mark(Severity severity) {
    return switch (severity) {
      case ERROR -> "◆";
      case WARNING -> "▲";
      case INFO -> "●";
    };
  }

  /** Where, in few words. */
  String place() {
    Finding found = finding;
    return found == null ? "" : brief(found.place());
  }

  private static String brief(Place place) {
    return switch (place) {
      case Place.Entry e ->
          Levels.name(e.level())
              + "["
              + e.index()
              + "] "
              + e.owner().input()
              + " "
              + Hex.address(e.input());
      case Place.Table t -> Levels.name(t.level()) + " table " + Hex.address(t.base());
      case Place.Input i ->
          i.owner().input() + " " + Hex.address(i.first()) + " (" + Scan.rounded(i.bytes()) + ")";
      case Place.Memory m -> "PA " + Hex.address(m.first()) + " (" + Scan.rounded(m.bytes()) + ")";
      case Place.Controls c -> c.register();
      case Place.Happened h -> "event " + h.event() + ": " + h.what();
    };
  }

  /** What was seen. */
  String evidence() {
    Finding found = finding;
    return found == null ? more + " more of this kind" : found.evidence();
  }

  /** What the row selects; empty where there is nothing that panes could light. */
  Selection selection() {
    Finding found = finding;
    return found == null ? Selection.NONE : of(found.place());
  }

  private static Selection of(Place place) {
    return switch (place) {
      case Place.Entry e -> {
        Selection entry =
            Selection.NONE.withEntries(
                List.of(new Selection.Entry(e.table(), e.index(), e.level())));
        yield e.owner().stage() == 2 ? entry.withIpa(e.input()) : entry;
      }
      case Place.Table t -> t.owner().stage() == 2 ? Selection.ofIpa(t.input()) : Selection.NONE;
      case Place.Input i -> i.owner().stage() == 2 ? Selection.ofIpa(i.first()) : Selection.NONE;
      case Place.Memory _ -> Selection.NONE;
      case Place.Controls c -> Selection.of(new Selection.Field(c.register(), ""));
      case Place.Happened h -> {
        Place about = h.about();
        yield (about == null ? Selection.NONE : of(about)).withEvent(h.event());
      }
    };
  }

  /** What happened there, if the finding is about an event. */
  Optional<Place.Happened> event() {
    Finding found = finding;
    return found != null && found.place() instanceof Place.Happened happened
        ? Optional.of(happened)
        : Optional.empty();
  }

  /** All of it as text. */
  String text() {
    Finding found = finding;
    return severity()
        + " "
        + kind.id()
        + (found == null
            ? ": " + evidence()
            : "\n  at: "
                + found.place().words()
                + "\n  found: "
                + found.evidence()
                + "\n  rule: "
                + rule()
                + "\n  mend: "
                + found.mend());
  }

  /** The rule and where it stands. */
  String rule() {
    return kind.rule() + " (Arm ARM, " + kind.source() + ")";
  }
}
