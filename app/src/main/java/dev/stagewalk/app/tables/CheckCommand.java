package dev.stagewalk.app.tables;

import dev.stagewalk.app.GuestFile;
import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Severity;
import dev.stagewalk.check.Surroundings;
import dev.stagewalk.check.TableCheck;
import dev.stagewalk.check.TableTree;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.trace.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk check FILE|SAMPLE}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Looks for what is wrong with translation tables, and with what was done to them.",
      "FILE is a memory dump, whose tables are judged with the registers that options give; or",
      "something that runs, a source, an ELF executable, an arm64 Image or a recording, which is",
      "run to its end as a SAMPLE is: its tables and its events are judged.",
      "Exit code: 0 if no error was found, 1 if one was, 2 for wrong usage, 3 if no error was",
      "found but a dump has not all tables, or a run has not ended."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk check demand-paging",
      "  stagewalk check demand-paging --defects D2,D9 --json",
      "  stagewalk check lab.s --bare",
      "  stagewalk check hypervisor.elf --max-instructions 50000000",
      "  stagewalk check fault.swrec --json",
      "  stagewalk check vm.elf --regs vm.regs.json",
      "  stagewalk check memory.bin@0x40000000 --vtcr 0x80243558 --vttbr 0x4000043582000",
      "  stagewalk check vm.elf --regs vm.regs.json --stage1 --regime EL2",
      "  stagewalk check --rules"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final int CANNOT_BE_TOLD = 3;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE|SAMPLE",
      description =
          "a memory dump, FILE or FILE@BASE as for --dump; a source, image or recording; or a"
              + " sample by its name")
  private @Nullable String subject;

  @Mixin private WorldOptions options = new WorldOptions();

  @Mixin private Stage1Options stage1 = new Stage1Options();

  @Option(
      names = "--stage1",
      description = "judge the tables of stage 1 too; of EL2 and EL2-0 those alone")
  private boolean withStage1;

  @Option(
      names = "--defects",
      paramLabel = "LIST",
      description =
          "of what runs under the library: as-posted, as-reviewed, none, or a list such as"
              + " D1,remap-no-bbm")
  private @Nullable String defects;

  @Option(
      names = "--tlb",
      paramLabel = "KIND",
      description = "of what runs: realistic, off or adversarial")
  private @Nullable String tlb;

  @Option(
      names = "--bare",
      description = "a source begins at EL2 itself, with no library and no guest")
  private boolean bare;

  @Option(
      names = "--max-instructions",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "stop what runs for longer (default: ${DEFAULT-VALUE})")
  private long most;

  @Option(
      names = "--max-tables",
      paramLabel = "N",
      defaultValue = "1048576",
      description = "tables to enter at most (default: ${DEFAULT-VALUE})")
  private long tables;

  @Option(
      names = "--json",
      description = {
        "print one JSON object: subject, notes, tables, complete, counts (error, warning, info)"
            + " and",
        "findings (id, severity, count, rule, source, first: place, evidence, mend)"
      })
  private boolean json;

  @Option(names = "--rules", description = "list every rule with its id and severity, and end")
  private boolean rules;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    PrintWriter out = command.commandLine().getOut();
    if (most < 1 || tables < 1) {
      throw new ParameterException(
          command.commandLine(), "--max-instructions and --max-tables must be at least 1");
    }
    if (rules) {
      CheckText.rules(out);
      return 0;
    }
    try {
      Checked checked = checked();
      if (json) {
        CheckJson.write(out, checked);
      } else {
        CheckText.write(out, checked);
      }
      if (checked.findings().count(Severity.ERROR) > 0) {
        return 1;
      }
      return checked.complete() ? 0 : CANNOT_BE_TOLD;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Checked checked() {
    String named = subject;
    Optional<Scenario> sample = named == null ? Optional.empty() : Catalogue.standard().find(named);
    if (sample.isPresent()) {
      return ofRun(sample.get(), "the sample '" + sample.get().name() + "'");
    }
    if (named != null && !looksLikeFile(named)) {
      String instead =
          Course.standard().names().contains(named)
              ? ": it is a lesson or a case of the bug zoo, which stagewalk lesson "
                  + named
                  + " goes through"
              : Alike.choice(named, Catalogue.standard().names());
      throw new IllegalArgumentException(
          "'" + named + "' is neither a file nor a sample" + instead);
    }
    Path file = Path.of(named == null ? "" : named);
    if (named != null && CheckFiles.runs(file)) {
      return ofRun(GuestFile.open(file), "'" + named + "'");
    }
    if (defects != null || tlb != null || bare) {
      throw new IllegalArgumentException(
          "--defects, --tlb and --bare are of what runs: a source, or a sample such as"
              + " demand-paging");
    }
    if (named != null && Recording.isOne(file)) {
      return CheckedRuns.ofRecording(file);
    }
    if (named != null) {
      CheckFiles.refuseTrace(file);
    }
    try (World world =
        options.open(stage1.registers(), named == null ? List.of() : List.of(named))) {
      return ofWorld(named == null ? "memory" : named, world);
    }
  }

  private static boolean looksLikeFile(String named) {
    int at = named.lastIndexOf('@');
    return Files.exists(Path.of(named))
        || (at > 0 && Files.exists(Path.of(named.substring(0, at))));
  }

  private Checked ofRun(Scenario plain, String what) {
    Scenario scenario = plain.bare(bare || plain.bare());
    if (defects != null) {
      if (scenario.bare()) {
        throw new IllegalArgumentException(
            what + " begins at EL2 itself: it runs no library that could have --defects");
      }
      scenario = scenario.withDefects(Defects.parse(defects).toString());
    }
    if (tlb != null) {
      scenario = scenario.with(scenario.board().with(TlbPlan.parse(tlb)));
    }
    return CheckedRuns.of(scenario, what, most);
  }

  private Checked ofWorld(String name, World world) {
    BbmSupport bbm = BbmSupport.of(world.register("ID_AA64MMFR2_EL1").orElse(0));
    List<TableTree> trees = new ArrayList<>();
    boolean first = withStage1 || stage1.isGiven();
    boolean ofGuest = stage1.regime() == Regime.EL1_0;
    Stage2Parameters second = first && !ofGuest ? null : world.stage2();
    if (second != null) {
      trees.add(TableTree.of(second, bbm, world.reader()));
    }
    if (first) {
      Stage1Parameters parameters = Stage1Parameters.decode(stage1.of(world), world.features());
      if (!parameters.enabled()) {
        throw new IllegalArgumentException(
            "stage 1 of "
                + parameters.regime().text()
                + " is off: SCTLR.M is 0; leave --sctlr away to assume that it is on");
      }
      trees.addAll(
          TableTree.of(
              parameters, second != null && second.enabled() ? second : null, bbm, world.reader()));
    }
    Surroundings surroundings = world.partial() ? Surroundings.OF_DUMP : Surroundings.OF_MACHINE;
    Findings findings = new Findings();
    TableCheck.Looked looked = TableCheck.of(trees, surroundings, findings, tables);
    return new Checked(name, world.notes(), findings, looked.tables(), looked.complete());
  }
}
