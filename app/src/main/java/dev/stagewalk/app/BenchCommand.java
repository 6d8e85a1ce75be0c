package dev.stagewalk.app;

import dev.stagewalk.app.bench.BackBenchmark;
import dev.stagewalk.app.bench.Comparison;
import dev.stagewalk.app.bench.Qemu;
import dev.stagewalk.app.bench.SpeedReport;
import dev.stagewalk.guests.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the engine on guests of its own, with everything recorded. */
@picocli.CommandLine.Command(
    name = "bench",
    description = {
      "Measure the engines with every event recorded, and QEMU beside them where it is installed.",
      "Figures depend on the machine and its load: compare within one run only."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk bench",
      "  stagewalk bench --only w1,w5 --runs 9",
      "  stagewalk bench --only w1 --json"
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "turns of each workload; the median is printed (default: ${DEFAULT-VALUE})")
  private int runs;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "measure only these: w1 to w6, exits, walks, back, recording")
  private List<String> only = List.of();

  @Option(names = "--no-qemu", description = "measure without QEMU even where it is installed")
  private boolean withoutQemu;

  @Option(
      names = "--quick",
      description = "a twentieth of the work: shows that all runs, the figures say little")
  private boolean quick;

  @Option(names = "--json", description = "print w1 to w6 as one JSON object instead of tables")
  private boolean asJson;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = commandSpec().commandLine().getOut();
    if (runs < 1) {
      throw wrong("--runs must be at least 1");
    }
    for (String name : only) {
      if (!names().contains(name)) {
        throw wrong("there is no workload '" + name + "'; there are " + String.join(", ", names()));
      }
    }
    compare(out);
    if (chosen(ExitBenchmark.NAME) && !asJson) {
      new ExitBenchmark(runs).run(out);
    }
    if (chosen(WalkBenchmark.NAME) && !asJson) {
      new WalkBenchmark(runs).run(out);
    }
    if (chosen(BackBenchmark.NAME) && !asJson) {
      new BackBenchmark(quick).run(out);
    }
    // It writes some hundreds of megabytes: only where it is asked for.
    if (only.contains(RecordingBenchmark.NAME) && !asJson) {
      new RecordingBenchmark(runs, quick).run(out);
    }
    return 0;
  }

  private void compare(PrintWriter out) throws IOException {
    List<Workload> workloads = Workload.all().stream().filter(w -> chosen(w.name())).toList();
    if (workloads.isEmpty()) {
      return;
    }
    Optional<Qemu> qemu = withoutQemu ? Optional.empty() : Qemu.installed();
    try (Comparison comparison = new Comparison(qemu, quick)) {
      SpeedReport report = new SpeedReport(workloads, comparison, qemu, whyNoQemu());
      if (!asJson) {
        report.printHead(out);
      }
      for (Workload workload : workloads) {
        comparison.measure(workload, runs);
        if (!asJson) {
          report.printLine(workload, out);
        }
      }
      if (asJson) {
        report.writeJson(runs, out);
      } else {
        report.printFoot(runs, out);
      }
    }
  }

  private String whyNoQemu() {
    return withoutQemu
        ? "QEMU was left out (--no-qemu)."
        : "QEMU is not installed (qemu-system-aarch64): nothing to compare with.";
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(Workload.all().stream().map(Workload::name).toList());
    names.add(ExitBenchmark.NAME);
    names.add(WalkBenchmark.NAME);
    names.add(BackBenchmark.NAME);
    names.add(RecordingBenchmark.NAME);
    return names;
  }

  private boolean chosen(String workload) {
    return only.isEmpty() || only.contains(workload);
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }
}
