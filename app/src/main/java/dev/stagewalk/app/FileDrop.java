package dev.stagewalk.app;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.input.DragEvent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;

/** A file that is dropped on the window is opened. */
final class FileDrop {
  private FileDrop() {}

  /**
   * @param open gets the file; of several the first
   */
  static void on(Node target, Consumer<Path> open) {
    target.addEventHandler(
        DragEvent.DRAG_OVER,
        e -> {
          if (hasFile(e.getDragboard())) {
            e.acceptTransferModes(TransferMode.COPY);
            e.consume();
          }
        });
    target.addEventHandler(
        DragEvent.DRAG_DROPPED,
        e -> {
          boolean dropped = hasFile(e.getDragboard());
          if (dropped) {
            List<File> files = e.getDragboard().getFiles();
            open.accept(files.getFirst().toPath());
          }
          e.setDropCompleted(dropped);
          e.consume();
        });
  }

  private static boolean hasFile(Dragboard board) {
    return board.hasFiles() && !board.getFiles().isEmpty();
  }
}
