package dev.stagewalk.app.tables;

import dev.stagewalk.check.Finding;
import dev.stagewalk.check.FindingKind;
import dev.stagewalk.check.Findings;
import java.io.PrintWriter;

/** Findings as lines of text: each rule with the first places where it is broken. */
final class CheckText {
  /** Places of a kind that are printed. */
  private static final int SHOWN = 5;

  private CheckText() {}

  static void write(PrintWriter out, Checked checked) {
    checked.notes().forEach(note -> out.println("note: " + note));
    for (Findings.Group group : checked.findings().groups()) {
      write(out, group);
    }
    out.println(
        checked.subject()
            + ": "
            + checked.findings().summary()
            + (checked.tables() < 0
                ? ""
                : "; " + Texts.count(checked.tables(), "table") + " judged")
            + (checked.complete() ? "" : "; not all was looked at"));
    out.flush();
  }

  /** Every rule: id, severity, sentence, section. */
  static void rules(PrintWriter out) {
    for (FindingKind kind : FindingKind.values()) {
      out.println(kind.severity().word() + " " + kind.id());
      out.println("  " + kind.rule() + " (Arm ARM, " + kind.source() + ")");
    }
    out.flush();
  }

  private static void write(PrintWriter out, Findings.Group group) {
    out.println(
        group.kind().severity().word()
            + " "
            + group.kind().id()
            + (group.count() == 1 ? "" : ", " + group.count() + " times"));
    out.println("  rule:  " + group.kind().rule() + " (Arm ARM, " + group.kind().source() + ")");
    for (Finding finding : group.first().stream().limit(SHOWN).toList()) {
      out.println("  at:    " + finding.place().words());
      out.println("  found: " + finding.evidence());
      out.println("  mend:  " + finding.mend());
    }
    long left = group.findings() - Math.min(SHOWN, group.first().size());
    if (left > 0) {
      out.println("  and " + Texts.count(left, "more place") + (json(group) ? " (--json)" : ""));
    }
  }

  /** Whether JSON would name more of them. */
  private static boolean json(Findings.Group group) {
    return group.first().size() > SHOWN;
  }
}
