package dev.stagewalk.app;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Asks for the file of an image. */
final class ImageChooser {
  private ImageChooser() {}

  static Optional<Path> choose(@Nullable Window owner) {
    if (owner == null) {
      return Optional.empty();
    }
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Open an image");
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter("Images", "*.elf", "*.flat", "*.img", "*.bin"),
            new FileChooser.ExtensionFilter("All files", "*"));
    return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
  }
}
