package dev.stagewalk.app;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javafx.event.Event;
import javafx.scene.input.DataFormat;
import javafx.scene.input.DragEvent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;

/** Drops a file on a window as a file manager does: no robot can, because it holds no file. */
final class FilesOnBoard {
  private FilesOnBoard() {}

  /** Drags a file over the window and lets it go; whether the window took it. */
  static boolean drop(WindowOnTest on, Path file) {
    boolean[] taken = new boolean[1];
    on.onFx(() -> {
      Dragboard board = board(file.toFile());
      DragEvent over = event(DragEvent.DRAG_OVER, board);
      Event.fireEvent(on.window.root(), over);
      if (over.getAcceptedTransferMode() == TransferMode.COPY) {
        DragEvent dropped = event(DragEvent.DRAG_DROPPED, board);
        Event.fireEvent(on.window.root(), dropped);
        taken[0] = dropped.isDropCompleted();
      }
    });
    return taken[0];
  }

  private static DragEvent event(javafx.event.EventType<DragEvent> type, Dragboard board) {
    return new DragEvent(type, board, 100, 100, 100, 100, TransferMode.COPY, null, null, null);
  }

  /** Only the toolkit makes these; what it would be asked is answered here. */
  private static Dragboard board(File file) {
    try {
      Constructor<?> made = Dragboard.class.getDeclaredConstructors()[0];
      made.setAccessible(true);
      Class<?> peer = made.getParameterTypes()[0];
      return (Dragboard)
          made.newInstance(
              Proxy.newProxyInstance(
                  peer.getClassLoader(),
                  new Class<?>[] {peer},
                  (_, method, arguments) ->
                      switch (method.getName()) {
                        case "hasContent" -> DataFormat.FILES.equals(arguments[0]);
                        case "getContent" ->
                            DataFormat.FILES.equals(arguments[0]) ? List.of(file) : null;
                        case "getContentTypes" -> Set.of(DataFormat.FILES);
                        case "getTransferModes" -> Set.of(TransferMode.COPY);
                        default -> null;
                      }));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("JavaFX makes its boards otherwise now", e);
    }
  }
}
