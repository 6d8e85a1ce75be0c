package dev.stagewalk.app;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks for the file of a recording, a trace, a dump of memory, an image or a source. */
final class ImageChooser {
  private static final FileChooser.ExtensionFilter TRACES =
      new FileChooser.ExtensionFilter(
          "Traces", "*.txt", "*.dat", "*.log", "*.tarmac", "*.jsonl", "*.gz");
  private static final FileChooser.ExtensionFilter DUMPS =
      new FileChooser.ExtensionFilter("Dumps of memory", "*.elf", "*.core", "*.lime", "*.gz");
  private static final FileChooser.ExtensionFilter RUNNING =
      new FileChooser.ExtensionFilter(
          "Images and sources", "*.elf", "*.flat", "*.img", "*.bin", "*.s", "*.S");
  private static final FileChooser.ExtensionFilter RECORDINGS =
      new FileChooser.ExtensionFilter(
          "Recordings (of a folder its manifest.json)", "manifest.json", "*.zip");
  private static final FileChooser.ExtensionFilter ALL =
      new FileChooser.ExtensionFilter("All files", "*");

  private ImageChooser() {}

  /** What somebody is looking for; every chooser opens every kind. */
  enum Wanted {
    ANYTHING("Open a recording, a trace, a dump, an image or a source", ALL),
    TABLES("Debug my tables: open a dump of memory, or an image that makes them", DUMPS),
    TRACE("Replay a trace: open what a machine or a model recorded", TRACES);

    private final String title;
    private final FileChooser.ExtensionFilter first;

    Wanted(String title, FileChooser.ExtensionFilter first) {
      this.title = title;
      this.first = first;
    }

    String title() {
      return title;
    }

    /** What may be chosen, that which is meant first. */
    List<FileChooser.ExtensionFilter> filters() {
      List<FileChooser.ExtensionFilter> all =
          new ArrayList<>(List.of(ALL, RECORDINGS, TRACES, DUMPS, RUNNING));
      all.remove(first);
      all.addFirst(first);
      return all;
    }
  }

  static Optional<Path> choose(@Nullable Window owner, Wanted wanted) {
    if (owner == null) {
      return Optional.empty();
    }
    FileChooser chooser = new FileChooser();
    chooser.setTitle(wanted.title());
    chooser.getExtensionFilters().addAll(wanted.filters());
    return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
  }
}
