package dev.stagewalk.app;

import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.compare.Comparison;
import dev.stagewalk.views.Look;
import dev.stagewalk.views.Theme;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
   * How the window is drawn.
   *
   * @param width in pixels
   * @param height in pixels
   * @param projector in large type, for a hall, whatever the arrangement
   * @param pane shows this pane alone, such as {@code table walk}; empty for the whole window
   */
  record Pose(
      Theme theme,
      int width,
      int height,
      Arrangement arrangement,
      boolean projector,
      Optional<String> pane) {
    /** All panes, dark. */
    static Pose usual(int width, int height) {
      return new Pose(Theme.DARK, width, height, Arrangement.DEBUG, false, Optional.empty());
    }
  }

  /**
   * A picture of the window as a session stands.
   *
   * @throws IllegalArgumentException if there is no such pane; the message names those there are
   */
  WritableImage render(Session session, Pose pose) {
    return render(session, pose, Optional.empty());
  }

  /**
   * A picture of the window as a session stands.
   *
   * @param other a moment that the present one is compared with
   * @throws IllegalArgumentException if there is no such pane; the message names those there are
   */
  WritableImage render(Session session, Pose pose, Optional<Snapshot> other) {
    start();
    Snapshot now = session.snapshot();
    Optional<Comparison> compared = other.map(one -> Comparison.ofOneRun(one, now));
    if (pose.pane().filter("findings"::equalsIgnoreCase).isPresent()) {
      // In the window they come when they are found out; a picture shows them.
      session.snapshot().checks().ofRun();
    }
    CompletableFuture<WritableImage> picture = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        picture.complete(
            draw(
                session,
                pose,
                window -> {
                  compared.ifPresent(found -> {
                    window.panes().compareView().list(other.orElseThrow(), now, found);
                    window.panes().openCompare();
                  });
                  if (!now.breakpoints().isEmpty()) {
                    window.panes().openBreakpoints();
                  }
                }));
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

  private WritableImage draw(Session session, Pose pose, Consumer<StagewalkWindow> prepare) {
    Look look = new Look();
    look.themeProperty().set(pose.theme());
    StagewalkWindow window =
        new StagewalkWindow(OpenedSession.of(session), look, Settings.forgetful(), parts);
    window.arrange(pose.arrangement());
    Scene scene = window.scene(pose.width(), pose.height());
    if (pose.projector()) {
      window.projector();
    }
    window.panes().trapLog().showAll(session.snapshot());
    prepare.accept(window);
    pose.pane().ifPresent(window::showAlone);
    for (int i = 0; i < PASSES; i++) {
      window.pulse();
      scene.getRoot().applyCss();
      scene.getRoot().layout();
    }
    return scene.snapshot(null);
  }
}
