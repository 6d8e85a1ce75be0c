package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.TrapExport;
import dev.stagewalk.views.TrapLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Writes the whole trap log of a run into a file, away from the screen's thread. */
final class LogExport {
  private LogExport() {}

  static Optional<Path> choose(@Nullable Window owner, WindowCommands.ExportForm form) {
    if (owner == null) {
      return Optional.empty();
    }
    String extension = form.name().toLowerCase(Locale.ROOT);
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Export the trap log");
    chooser.setInitialFileName("trap-log." + extension);
    chooser
        .getExtensionFilters()
        .add(new FileChooser.ExtensionFilter(form.name(), "*." + extension));
    return Optional.ofNullable(chooser.showSaveDialog(owner)).map(java.io.File::toPath);
  }

  /** Writes the file; the result is the number of rows. */
  static CompletableFuture<Integer> write(
      Snapshot snapshot, WindowCommands.ExportForm form, Path file) {
    return CompletableFuture.supplyAsync(() -> {
      TrapLog log = new TrapLog();
      log.showAll(snapshot);
      try (Writer out = Files.newBufferedWriter(file)) {
        switch (form) {
          case CSV -> TrapExport.csv(log, out);
          case JSON -> TrapExport.json(log, out);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
      }
      return log.size();
    });
  }
}
