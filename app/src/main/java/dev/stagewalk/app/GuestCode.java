package dev.stagewalk.app;

import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.views.Disassembly;
import dev.stagewalk.views.SourceCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assembler and disassembler as the code panes use them. */
final class GuestCode {
  private GuestCode() {}

  /** All errors of a changed source. */
  static List<SourceCheck.Problem> problems(Scenario scenario, String text) {
    return new Assembler()
            .assemble(scenario.sourceName(), text, scenario.loadAddress(), scenario.includes())
            .errors()
            .stream()
            .map(e -> new SourceCheck.Problem(e.line(), e.column(), e.toString()))
            .toList();
  }

  /** Names branch targets by the program's labels and system registers by their names. */
  static final class Disassembling implements Disassembly {
    private @Nullable Program known;
    private Disassembler disassembler = new Disassembler();

    @Override
    public String text(int word, long address, Program program) {
      if (program != known) {
        known = program;
        disassembler =
            new Disassembler(
                InstructionTable.a64(),
                target -> program.names().name(target).orElse(null),
                SystemRegisterNames::name);
      }
      return disassembler.text(word, address);
    }
  }
}
