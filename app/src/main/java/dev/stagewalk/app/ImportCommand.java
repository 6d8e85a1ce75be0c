package dev.stagewalk.app;

import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.app.tables.DumpReport;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.TraceSession;
import dev.stagewalk.trace.FormatNames;
import dev.stagewalk.trace.ImportedRecording;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceExport;
import dev.stagewalk.trace.TraceImport;
import dev.stagewalk.trace.TraceKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk import FILE}: what a trace, a dump or a recording holds. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Reads what a real machine or a model left and prints what was understood: a trace, or a"
          + " dump",
      "of memory with the registers beside it (vm.regs.json of vm.elf, or --regs); also what a"
          + " recorded",
      "run of the simulator holds.",
      "The kind is told from the content; a file packed with gzip or zstd is unpacked on the way."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk import trace.txt",
      "  stagewalk import trace.txt --json",
      "  stagewalk import trace.dat --export trace.csv",
      "  stagewalk import trace.dat --out trace.swrec",
      "  stagewalk import trace.dat --break 'on exit ec=0x24'",
      "  stagewalk import raw.txt --formats formats.txt",
      "  stagewalk import vm.elf --regs registers.txt",
      "  stagewalk import memory.bin@0x43582000 --vttbr 0x4000043582000 --vtcr 0x80243558",
      "%nExit code: 0 if the file was read, also where lines were not understood; 2 if it is"
          + " nothing that is known."
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "a trace, a dump, a recording, or raw memory as FILE@BASE")
  private Path file = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description =
          "read it as tracefs, trace-cmd, perf-script, perf-trace, trace-dat, qemu, tarmac,"
              + " stage2-tables or gdb-traps")
  private @Nullable String as;

  @Option(
      names = "--formats",
      paramLabel = "FILE",
      description =
          "the text of the kernel's events/kvm/*/format, which names the events of a raw trace")
  private @Nullable Path formats;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "write the events: to FILE.txt as tracefs text, to FILE.csv, or to FILE.jsonl as a JSON"
              + " object a line")
  private @Nullable Path export;

  @Option(
      names = "--out",
      paramLabel = "NAME.swrec",
      description = "keep the trace in the form of a recording, which import and open read again")
  private @Nullable Path recording;

  @Mixin private StopOptions stops = new StopOptions();

  @Mixin private DumpOptions beside = new DumpOptions();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (as == null && OpenedFile.isDump(file)) {
      return dump(out);
    }
    if (beside.isGiven()) {
      throw wrong(
          "'"
              + file
              + "' is no dump of memory, with which --regs, --dump, --cpu, --vttbr, --vtcr and"
              + " --hcr go; raw memory is named FILE@BASE");
    }
    if (isRun()) {
      return run(out);
    }
    Trace trace = read();
    if (stops.isGiven()) {
      return stopped(trace);
    }
    if (json) {
      TraceReport.json(trace, out);
    } else {
      TraceReport.text(trace, out);
    }
    out.flush();
    Path named = export;
    if (named != null) {
      export(trace, named);
    }
    Path kept = recording;
    if (kept != null) {
      keep(trace, kept);
    }
    return 0;
  }

  /** Whether it is a run that this program recorded. */
  private boolean isRun() {
    try {
      return Recording.isOne(file) && !ImportedRecording.isImported(Recording.open(file));
    } catch (TraceException damaged) {
      // Reading it as a trace says what is wrong with it.
      return false;
    }
  }

  private int run(PrintWriter out) throws IOException {
    if (as != null || formats != null || export != null || recording != null || stops.isGiven()) {
      throw wrong(
          "'"
              + file
              + "' is a recorded run of the simulator, and no trace: 'replay' executes it, also to"
              + " a breakpoint; its events are JSON Lines already (events.jsonl.gz)");
    }
    try {
      RunReport report = RunReport.of(file);
      if (json) {
        report.json(out);
      } else {
        report.text(out);
      }
      out.flush();
      return 0;
    } catch (TraceException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void keep(Trace trace, Path to) {
    if (!String.valueOf(to.getFileName()).endsWith(".swrec")) {
      throw wrong("--out: '" + to + "' must end in .swrec");
    }
    try {
      ImportedRecording.write(trace, to, Objects.requireNonNull(spec).root().version()[0]);
    } catch (TraceException e) {
      throw wrong("--out: " + e.getMessage());
    } catch (IOException e) {
      throw wrong("--out: '" + to + "' cannot be written: " + e.getMessage());
    }
  }

  /** At an event of the trace that a breakpoint means. */
  private int stopped(Trace trace) {
    try (TraceSession session = new TraceSession(trace)) {
      return StopText.print(
          stops.goInRecording(session), Objects.requireNonNull(spec).commandLine());
    } catch (CompletionException e) {
      throw wrong(Refusals.words(e));
    }
  }

  private int dump(PrintWriter out) throws IOException {
    if (formats != null || export != null || recording != null) {
      throw wrong(
          "'"
              + file
              + "' is a dump of memory, which has no events: 'tables' writes its ranges (--csv,"
              + " --ptdump)");
    }
    try {
      OpenedDump dump = beside.open(file.toString());
      if (json) {
        DumpReport.json(dump, out);
      } else {
        DumpReport.text(dump, out);
      }
      out.flush();
      return 0;
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void export(Trace trace, Path to) {
    String name = String.valueOf(to.getFileName());
    if (!name.matches(".+\\.(txt|csv|jsonl)")) {
      throw wrong("'" + to + "' must end in .txt (tracefs text), .csv or .jsonl");
    }
    try (Writer out = Files.newBufferedWriter(to)) {
      if (name.endsWith(".txt")) {
        TraceExport.tracefs(trace, out);
      } else if (name.endsWith(".csv")) {
        TraceExport.csv(trace, out);
      } else {
        TraceExport.jsonLines(trace, out);
      }
    } catch (TraceException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw wrong("'" + to + "' cannot be written: " + e.getMessage());
    }
  }

  private Trace read() {
    try {
      Path named = formats;
      Map<Integer, String> names = named == null ? Map.of() : FormatNames.read(named);
      String wanted = as;
      return TraceImport.read(file, wanted == null ? null : kind(wanted), names);
    } catch (TraceException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private TraceKind kind(String id) {
    List<TraceKind> kinds = Arrays.asList(TraceKind.values());
    return kinds.stream()
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            wrong(
                "'"
                    + id
                    + "' is no kind of trace; there are "
                    + kinds.stream().map(TraceKind::id).collect(Collectors.joining(", "))));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
