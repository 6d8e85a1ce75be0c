package dev.stagewalk.app;

import dev.stagewalk.session.Session;
import dev.stagewalk.views.Look;
import dev.stagewalk.views.Theme;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.WritableImage;

/**
 * Draws the window without showing it. JavaFX must be able to start, on a screen or off it; the
 * first picture starts it. Any thread but JavaFX's own may ask.
 */
final class Rendering {
  /** Layout passes until virtual controls have made all the cells they need. */
  private static final int PASSES = 4;

  private final Parts parts;
  private boolean started;

  Rendering(Parts parts) {
    this.parts = parts;
  }

  /**
   * A picture of the window as a session stands.
   *
   * @param width in pixels
   * @param height in pixels
   * @param pane shows this pane alone, such as {@code table walk}; empty for the whole window
   * @throws IllegalArgumentException if there is no such pane; the message names those there are
   */
  WritableImage render(Session session, Theme theme, int width, int height, Optional<String> pane) {
    start();
    CompletableFuture<WritableImage> picture = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        picture.complete(draw(session, theme, width, height, pane));
      } catch (Throwable e) {
        picture.completeExceptionally(e);
      }
    });
    try {
      return picture.join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private synchronized void start() {
    if (!started) {
      try {
        Platform.startup(() -> {});
        Platform.setImplicitExit(false);
      } catch (IllegalStateException alreadyRunning) {
        // Somebody else in this program has started it.
      }
      started = true;
    }
  }

  private WritableImage draw(
      Session session, Theme theme, int width, int height, Optional<String> pane) {
    Look look = new Look();
    look.themeProperty().set(theme);
    StagewalkWindow window = new StagewalkWindow(session, look, Settings.forgetful(), parts);
    Scene scene = window.scene(width, height);
    window.panes().trapLog().showAll(session.snapshot());
    pane.ifPresent(window::showAlone);
    for (int i = 0; i < PASSES; i++) {
      window.pulse();
      scene.getRoot().applyCss();
      scene.getRoot().layout();
    }
    return scene.snapshot(null);
  }
}
