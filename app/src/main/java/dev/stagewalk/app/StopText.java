package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventField;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.check.FindingKind;
import dev.stagewalk.event.Event;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.BreakpointGrammar;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** What is printed where a breakpoint has stopped: why, the registers, and the event in words. */
final class StopText {
  private static final int COLUMN = 14;
  private static final int IN_A_LINE = 4;

  /** System registers that say how the machine got there. */
  private static final List<String> SYSTEM =
      List.of(
          "ESR_EL2",
          "FAR_EL2",
          "HPFAR_EL2",
          "ELR_EL2",
          "SPSR_EL2",
          "VTTBR_EL2",
          "VTCR_EL2",
          "HCR_EL2",
          "ESR_EL1",
          "FAR_EL1",
          "ELR_EL1",
          "SPSR_EL1");

  private StopText() {}

  /**
   * Prints it, or why nothing has stopped.
   *
   * @return the exit code
   */
  static int print(StopOptions.Reached reached, CommandLine to) {
    if (!reached.whyNot().isEmpty()) {
      to.getErr().println(reached.whyNot());
      to.getErr().flush();
      return 1;
    }
    lines(reached.at()).forEach(to.getOut()::println);
    to.getOut().flush();
    return CommandLine.ExitCode.OK;
  }

  private static List<String> lines(Snapshot now) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Stopped at " + now.moment() + ": " + now.notice());
    if (now.recording().isEmpty()) {
      registers(now.pe(), now.program().names(), lines);
    }
    if (now.eventCount() > 0) {
      Event event = now.events().get(now.eventCount() - 1);
      if (event.moment().equals(now.moment()) || now.recording().isPresent()) {
        event(event, now, lines);
      }
    }
    return lines;
  }

  private static void registers(PeState pe, SymbolTable names, List<String> lines) {
    lines.add("");
    lines.add("PE" + pe.id() + " at " + pe.mode() + ", flags " + pe.flags());
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      cells.add(cell("x" + i, pe.x(i)));
    }
    cells.add(cell("sp", pe.sp()));
    rows(cells, lines);
    lines.add("  " + cell("pc", pe.pc()) + names.name(pe.pc()).map(n -> " " + n).orElse(""));
    rows(
        SYSTEM.stream()
            .filter(pe.registers().systemNames()::contains)
            .filter(name -> pe.system(name) != 0)
            .map(name -> cell(name, pe.system(name)))
            .toList(),
        lines);
  }

  private static String cell(String name, long value) {
    return "%-9s %s".formatted(name, Hex.full(value));
  }

  private static void rows(List<String> cells, List<String> lines) {
    for (int i = 0; i < cells.size(); i += IN_A_LINE) {
      lines.add("  " + String.join("  ", cells.subList(i, Math.min(cells.size(), i + IN_A_LINE))));
    }
  }

  private static void event(Event event, Snapshot now, List<String> lines) {
    Explanation words = Explainer.explain(Scenes.of(event, now)).named(now.program().names());
    lines.add("");
    lines.add("Event " + event.number());
    for (Explanation.Section section : words.sections()) {
      lines.add(section.title());
      section.lines().forEach(line -> lines.add("  " + line));
    }
  }

  /** How a breakpoint is typed. */
  static List<String> grammar() {
    List<String> lines = new ArrayList<>();
    lines.add("A breakpoint is:");
    BreakpointGrammar.forms().forEach(form -> lines.add("  " + form));
    lines.add("KIND of event:");
    for (EventKind kind : EventKind.values()) {
      lines.add(row(kind.word(), kind.meaning()));
    }
    lines.add("FIELD of an event, also event.FIELD in an expression:");
    for (EventField field : EventField.values()) {
      lines.add(row(field.word(), field.meaning()));
    }
    lines.add(row("iss.NAME", "a field of the syndrome, such as iss.WnR"));
    lines.add("EXPRESSION:");
    lines.add(row("x0 w0 sp pc el", "registers; pstate.n .z .c .v .el .sp .d .a .i .f"));
    lines.add(row("ESR_EL2.EC", "a system register, or a field of one"));
    lines.add(
        row("[0x48001000]", "8 bytes at a PA; [ipa x1], [va x1, 4] for other addresses, sizes"));
    lines.add(row("x0[15:8]", "bits of a number"));
    lines.add(row("symbol(\"main\")", "the address of a label"));
    lines.add(row("operators", "|| && == != < <= > >= | ^ & << >> + - * / % ! ~ and brackets"));
    lines.add(
        "FINDING is one of "
            + Arrays.stream(FindingKind.values())
                .map(FindingKind::id)
                .collect(Collectors.joining(", "))
            + ".");
    return lines;
  }

  private static String row(String what, String meaning) {
    return "  " + what + " ".repeat(Math.max(2, COLUMN + 2 - what.length())) + meaning;
  }
}
