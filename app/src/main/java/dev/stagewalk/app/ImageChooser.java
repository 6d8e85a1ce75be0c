package dev.stagewalk.app;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks for the file of a trace, an image or a source. */
final class ImageChooser {
  private ImageChooser() {}

  static Optional<Path> choose(@Nullable Window owner) {
    if (owner == null) {
      return Optional.empty();
    }
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Open a trace, a dump, an image or a source");
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter("All files", "*"),
            new FileChooser.ExtensionFilter(
                "Traces", "*.txt", "*.dat", "*.log", "*.tarmac", "*.jsonl", "*.gz"),
            new FileChooser.ExtensionFilter("Dumps of memory", "*.elf", "*.core", "*.lime", "*.gz"),
            new FileChooser.ExtensionFilter(
                "Images and sources", "*.elf", "*.flat", "*.img", "*.bin", "*.s", "*.S"));
    return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
  }
}
