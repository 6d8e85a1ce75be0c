package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.TraceException;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** The recording of the window's run, begun and ended by one action. */
final class RunRecording {
  private static final String EXTENSION = ".swrec";
  private static final String TOOL = "Stagewalk 0.1.0";

  private final Supplier<Snapshot> now;
  private final Function<Command, CompletableFuture<Snapshot>> submit;
  private final Consumer<Throwable> refused;
  private volatile @Nullable Recorder recorder;

  /**
   * @param now the newest snapshot
   * @param submit carries a command out, and tells of one that is refused
   * @param refused told why a recording cannot be begun, on the screen's thread
   */
  RunRecording(
      Supplier<Snapshot> now,
      Function<Command, CompletableFuture<Snapshot>> submit,
      Consumer<Throwable> refused) {
    this.now = now;
    this.submit = submit;
    this.refused = refused;
  }

  /** Ends the recording, or asks where to write one and begins it. */
  void toggle(@Nullable Window owner) {
    if (isOn()) {
      var _ = submit.apply(new Command.EndRecording());
    } else {
      choose(owner).ifPresent(this::begin);
    }
  }

  private static Optional<Path> choose(@Nullable Window owner) {
    if (owner == null) {
      return Optional.empty();
    }
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Record the run, from its start, into a folder");
    chooser.setInitialFileName("run" + EXTENSION);
    chooser
        .getExtensionFilters()
        .add(new FileChooser.ExtensionFilter("Recordings", "*" + EXTENSION));
    return Optional.ofNullable(chooser.showSaveDialog(owner)).map(File::toPath);
  }

  /**
   * Begins a recording of the run, with all that it has gone through, away from the screen's
   * thread.
   *
   * @return completed when it has begun, or was refused
   */
  CompletableFuture<Void> begin(Path folder) {
    return CompletableFuture.supplyAsync(() -> begun(folder))
        .thenCompose(begun -> {
          recorder = begun;
          return submit.apply(new Command.Record(begun));
        })
        .handle((_, problem) -> {
          if (problem != null) {
            end();
            Platform.runLater(() -> refused.accept(problem));
          }
          return null;
        });
  }

  private Recorder begun(Path folder) {
    String name = String.valueOf(folder.getFileName());
    Path named = name.endsWith(EXTENSION) ? folder : folder.resolveSibling(name + EXTENSION);
    try {
      return Recorder.begin(named, now.get().scenario(), TOOL);
    } catch (TraceException e) {
      throw new CompletionException(new IllegalArgumentException(e.getMessage(), e));
    }
  }

  /** Closes what is open, so that it ends as a whole. */
  void end() {
    Recorder open = recorder;
    if (open != null && open.isOpen()) {
      open.close();
    }
    recorder = null;
  }

  private boolean isOn() {
    Recorder open = recorder;
    return open != null && open.isOpen();
  }

  /** "◉ recording run.swrec"; empty if nothing is recorded. */
  String words() {
    Recorder open = recorder;
    return open != null && open.isOpen() ? "◉ recording " + open.path().getFileName() : "";
  }
}
