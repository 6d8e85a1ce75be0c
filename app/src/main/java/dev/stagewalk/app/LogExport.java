package dev.stagewalk.app;

import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.RangeExport;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.trace.RunAsTrace;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceExport;
import dev.stagewalk.views.Stage2;
import dev.stagewalk.views.TrapExport;
import dev.stagewalk.views.TrapLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the window shows into a file, away from the screen's thread: the whole trap log, the
 * events, or the ranges that stage 2 maps.
 */
final class LogExport {
  private LogExport() {}

  /**
   * Asks for a file, and writes it.
   *
   * @param say told what was written, on the screen's thread
   * @param refused told why nothing was, likewise
   */
  static void ask(
      @Nullable Window owner,
      Snapshot snapshot,
      WindowCommands.ExportForm form,
      Consumer<String> say,
      Consumer<Throwable> refused) {
    choose(owner, form)
        .ifPresent(file ->
            write(snapshot, form, file)
                .whenComplete((words, problem) ->
                    Platform.runLater(() -> {
                      if (problem == null) {
                        say.accept("Wrote to " + file.getFileName() + ": " + words + ".");
                      } else {
                        refused.accept(problem);
                      }
                    })));
  }

  private static Optional<Path> choose(@Nullable Window owner, WindowCommands.ExportForm form) {
    if (owner == null) {
      return Optional.empty();
    }
    String extension = form.file().substring(form.file().lastIndexOf('.'));
    FileChooser chooser = new FileChooser();
    chooser.setTitle(form.title());
    chooser.setInitialFileName(form.file());
    chooser
        .getExtensionFilters()
        .add(new FileChooser.ExtensionFilter(extension.substring(1), "*" + extension));
    return Optional.ofNullable(chooser.showSaveDialog(owner)).map(java.io.File::toPath);
  }

  /** Writes the file; the result says what was written, and what was left out: "19 ranges". */
  static CompletableFuture<String> write(
      Snapshot snapshot, WindowCommands.ExportForm form, Path file) {
    return CompletableFuture.supplyAsync(() -> {
      refuse(snapshot, form);
      try (Writer out = Files.newBufferedWriter(file)) {
        return switch (form) {
          case CSV -> log(snapshot, out, true);
          case JSON -> log(snapshot, out, false);
          case TRACEFS -> tracefs(snapshot, out);
          case RANGES_CSV -> {
            Stage2Parameters stage2 = Stage2.parameters(snapshot);
            yield RangeExport.csv(stage2, memory(snapshot), out).words();
          }
          case RANGES_PTDUMP -> {
            Stage2Parameters stage2 = Stage2.parameters(snapshot);
            yield RangeExport.ptdump(stage2, memory(snapshot), out).words();
          }
        };
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
      } catch (TraceException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    });
  }

  /** Says why there is nothing to write, before a file is made. */
  private static void refuse(Snapshot snapshot, WindowCommands.ExportForm form) {
    switch (form) {
      case RANGES_CSV, RANGES_PTDUMP -> {
        if (snapshot.recording().isPresent()) {
          throw new IllegalArgumentException(
              "a recording has no tables: what is inferred of its IPAs can be copied from Ranges");
        }
        if (!Stage2.parameters(snapshot).enabled()) {
          throw new IllegalArgumentException(
              snapshot
                  .dump()
                  .flatMap(OpenedDump::unknown)
                  .orElse("stage 2 is off now, so it maps nothing: go to where a guest runs"));
        }
      }
      case CSV, JSON, TRACEFS -> {
        if (snapshot.dump().isPresent()) {
          throw new IllegalArgumentException("a dump is one instant: it has no events to export");
        }
      }
    }
  }

  private static DescriptorReader memory(Snapshot snapshot) {
    return Stage2.reader(snapshot.memory());
  }

  private static String log(Snapshot snapshot, Writer out, boolean csv) throws IOException {
    TrapLog log = new TrapLog();
    log.showAll(snapshot);
    if (csv) {
      TrapExport.csv(log, out);
    } else {
      TrapExport.json(log, out);
    }
    return log.size() + " rows";
  }

  private static String tracefs(Snapshot snapshot, Writer out) throws IOException, TraceException {
    Optional<RecordedEvents> recording = snapshot.recording();
    if (recording.isPresent()) {
      TraceExport.tracefs(recording.get().trace(), out);
      return recording.get().size() + " events";
    }
    Trace told =
        RunAsTrace.of(snapshot.scenario().name(), snapshot.events(), snapshot.eventCount());
    TraceExport.tracefs(told, told.remarks(), out);
    return told.events().size() + " events; " + told.remarks().getLast();
  }
}
