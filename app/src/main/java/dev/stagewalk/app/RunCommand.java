package dev.stagewalk.app;

import dev.stagewalk.app.boot.ImageFiles;
import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.image.boot.ImageException;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.PlannedEdit;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.History;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk run SAMPLE|FILE.s|IMAGE}. */
@picocli.CommandLine.Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a guest to its end, without a window, and prints its trap log and console.",
      "Exit code: 0 if the guest ended by its own wish, 1 if not, 2 for wrong usage; with --break"
          + " or --back-to 0 if it has stopped there, 1 if nothing did."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk run demand-paging",
      "  stagewalk run demand-paging --granule 64K --events events.jsonl",
      "  stagewalk run demand-paging --defects D9,remap-no-bbm",
      "  stagewalk run demand-paging --tlb adversarial",
      "  stagewalk run demand-paging --profile cortex-a57",
      "  stagewalk run guest.s --ipa-bits 40 --max-instructions 1000000",
      "  stagewalk run program.s --bare --pes 2 --quantum 100",
      "  stagewalk run demand-paging --inject 'clear-af ipa 0x40200000 @ exit 2'",
      "  stagewalk run demand-paging --inject 'skip-next tlbi @ start' --inject 'unmap ipa"
          + " 0x40200000 @ exit 3'",
      "  stagewalk run demand-paging --break 'on fault translation level=3 if x0 > 0x40200000'",
      "  stagewalk run demand-paging --back-to 'on tlbi vmid=1'",
      "  stagewalk run demand-paging --record fault.swrec",
      "  stagewalk run hypervisor.elf --profile cortex-a76"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SAMPLE|FILE.s|IMAGE",
      description =
          "a sample by its name, or A64 source in GNU syntax, which gets the memory of the"
              + " demand-paging sample, or an image to boot at EL2")
  private String guest = "";

  @Option(names = "--granule", paramLabel = "4K|16K|64K", description = "granule of stage 2")
  private @Nullable String granule;

  @Option(names = "--ipa-bits", paramLabel = "N", description = "IPA size of stage 2, 32 to 48")
  private @Nullable Integer ipaBits;

  @Option(
      names = "--profile",
      paramLabel = "CPU",
      description = "kind of CPU; `stagewalk profiles` lists them")
  private @Nullable String profile;

  @Option(
      names = "--defects",
      paramLabel = "LIST",
      description = "as-posted, as-reviewed, none, or a list such as D1,remap-no-bbm")
  private @Nullable String defects;

  @Option(
      names = "--tlb",
      paramLabel = "KIND",
      description =
          "realistic (bounded), off (every access walks) or adversarial (keeps all that the"
              + " architecture lets it keep, UNKNOWN registers hold 0x0bad…)")
  private @Nullable String tlb;

  @Option(
      names = "--tlb-seed",
      paramLabel = "N",
      description = "decides which entries of a realistic TLB make room (default: 1)")
  private @Nullable Long tlbSeed;

  @Mixin private EventsFile events = new EventsFile();

  @Option(
      names = "--pes",
      paramLabel = "N",
      description = "processing elements, 1 to 4; all but the first are off until PSCI CPU_ON")
  private @Nullable Integer pes;

  @Option(
      names = "--quantum",
      paramLabel = "N",
      description = "instructions a PE executes before the next has its turn")
  private @Nullable Long quantum;

  @Option(
      names = "--bare",
      description = "the program begins at EL2 itself, with no hypervisor and no guest")
  private boolean bare;

  @Option(
      names = "--max-instructions",
      paramLabel = "N",
      defaultValue = "1000000000",
      description = "stop a guest that goes on for longer (default: ${DEFAULT-VALUE})")
  private long most;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "compiled",
      description = "executes the guest: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Engine engine = Engine.USUAL;

  @Option(
      names = "--inject",
      paramLabel = "EDIT@TIME",
      description =
          "do this to the machine when its time comes, such as 'clear-af ipa 0x40200000 @ exit 3';"
              + " as often as needed")
  private List<String> injections = List.of();

  @Option(
      names = "--history",
      paramLabel = "SIZE",
      description =
          "memory that going back may take, such as 64M (default: 1 GiB, or half of Java's heap if"
              + " that is less); says at the end what it took")
  private @Nullable String history;

  @Option(
      names = "--record",
      paramLabel = "NAME.swrec",
      description = "write the run down, while it runs, into a folder for `stagewalk replay`")
  private @Nullable Path recording;

  @Mixin private StopOptions stops = new StopOptions();

  @Option(names = "--list-breakpoints", description = "say what --break can be given, and end")
  private boolean listBreakpoints;

  @Option(names = "--list-injections", description = "say what --inject can be given, and end")
  private boolean listInjections;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = commandSpec().commandLine().getOut();
    if (listInjections || listBreakpoints) {
      (listInjections ? InjectionLines.all() : StopText.grammar()).forEach(out::println);
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    if (guest.isEmpty()) {
      throw wrong("say what to run: a sample, FILE.s or an image");
    }
    if (most < 1) {
      throw wrong("--max-instructions must be at least 1");
    }
    long budget = historyBudget();
    Scenario scenario = configured(scenario());
    @Nullable Recorder recorder;
    Session session;
    try {
      recorder = recording == null ? null : recorder(scenario, recording);
      session =
          recorder == null
              ? Session.open(scenario, engine)
              : Session.open(scenario, engine, recorder);
    } catch (IllegalArgumentException e) {
      if (Catalogue.standard().find(guest).isPresent()) {
        throw wrong(String.valueOf(e.getMessage()));
      }
      // One line for each error of the source.
      commandSpec().commandLine().getErr().println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    int code;
    try (recorder;
        session;
        Writer eventFile = events.open()) {
      session.submit(new Command.StopAtExits(false)).join();
      session.submit(new Command.HistoryBudget(budget)).join();
      StopOptions.Reached reached = stops.isGiven() ? stops.go(session, most) : null;
      Snapshot end =
          reached == null ? session.submit(new Command.GoTo(Moment.at(most))).join() : reached.at();
      RunText.print(
          end,
          reached != null && reached.whyNot().isEmpty()
              ? "a breakpoint has stopped it"
              : "--max-instructions",
          out);
      if (history != null) {
        out.println("History: " + HistorySize.used(end) + ". " + HistorySize.begins(end));
        out.flush();
      }
      if (events.isNamed()) {
        events
            .write(guest, end.events(), end.eventCount(), eventFile)
            .ifPresent(commandSpec().commandLine().getErr()::println);
      }
      InjectionLines.neverCame(end).forEach(commandSpec().commandLine().getErr()::println);
      code =
          reached != null
              ? StopText.print(reached, commandSpec().commandLine())
              : RunText.endedWell(end) ? 0 : 1;
    } catch (CompletionException e) {
      throw wrong((recorder != null ? "--record: " : "") + Refusals.words(e));
    }
    if (recorder != null) {
      recorder.failure().ifPresent(commandSpec().commandLine().getErr()::println);
    }
    return code;
  }

  private long historyBudget() {
    try {
      return history == null ? History.usualBudget() : HistorySize.parse(history);
    } catch (IllegalArgumentException e) {
      throw wrong("--history: " + e.getMessage());
    }
  }

  private Recorder recorder(Scenario scenario, Path folder) {
    if (!String.valueOf(folder.getFileName()).endsWith(".swrec")) {
      throw wrong("--record: '" + folder + "' must end in .swrec");
    }
    try {
      return Recorder.begin(folder, scenario, commandSpec().root().version()[0]);
    } catch (TraceException e) {
      throw wrong("--record: " + e.getMessage());
    }
  }

  private Scenario scenario() {
    Catalogue catalogue = Catalogue.standard();
    Optional<Scenario> sample = catalogue.find(guest);
    if (sample.isPresent()) {
      return sample.get();
    }
    if (!guest.endsWith(".s") && !guest.endsWith(".S")) {
      return image(catalogue);
    }
    try {
      return GuestFile.source(Path.of(guest));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Scenario image(Catalogue catalogue) {
    if (!guest.matches(".*\\.(elf|flat|img|bin)") && !Files.isRegularFile(Path.of(guest))) {
      throw wrong(
          "'" + guest + "' is no FILE.s and no sample" + Alike.choice(guest, catalogue.names()));
    }
    try {
      return ImageFiles.scenario(Path.of(guest));
    } catch (ImageException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Scenario configured(Scenario scenario) {
    try {
      Granule chosen = granule == null ? scenario.granule() : Granule.parse(granule);
      BoardPlan board = profile == null ? scenario.board() : scenario.board().withProfile(profile);
      Features features = Profiles.standard().require(board.profile()).features();
      int bits = ipaBits == null ? Math.min(scenario.ipaBits(), features.paBits()) : ipaBits;
      Optional<String> whyNot =
          bits < 32 || bits > 48
              ? Optional.of("--ipa-bits must be 32 to 48, not " + bits)
              : Geometry.whyNot(chosen, bits, features);
      if (whyNot.isPresent()) {
        throw wrong(whyNot.get());
      }
      String chosenDefects =
          defects == null ? scenario.defects() : Defects.parse(defects).toString();
      TlbPlan plan = tlb == null ? scenario.board().tlb() : TlbPlan.parse(tlb);
      BoardPlan chosenBoard =
          new BoardPlan(
              pes == null ? board.pes() : pes,
              board.others(),
              quantum == null ? board.quantum() : quantum,
              board.epoch(),
              tlbSeed == null ? plan : plan.withSeed(tlbSeed),
              board.profile(),
              board.hostPage());
      return scenario
          .with(chosen, bits)
          .withDefects(chosenDefects)
          .with(chosenBoard)
          .bare(bare || scenario.bare())
          .withInjections(planned(scenario));
    } catch (IllegalArgumentException e) {
      throw wrong(Objects.requireNonNullElse(e.getMessage(), "wrong usage"));
    }
  }

  /** What the scenario itself does to the machine, then what was asked for. */
  private List<PlannedEdit> planned(Scenario scenario) {
    List<PlannedEdit> all = new ArrayList<>(scenario.injections());
    for (String injection : injections) {
      try {
        all.add(InjectionGrammar.parsePlanned(injection));
      } catch (IllegalArgumentException e) {
        throw wrong("--inject " + e.getMessage());
      }
    }
    return all;
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }
}
