package dev.stagewalk.app;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.views.Look;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The window on the screen, with the first sample in it. */
public final class StagewalkApplication extends Application {
  private static final double WIDTH = 1600;
  private static final double HEIGHT = 1000;

  /** JavaFX makes the application itself; this is what it is to begin with. */
  private static final AtomicReference<@Nullable OpenedFile> FILE = new AtomicReference<>();

  private @Nullable Session session;

  /** Opens the window and returns when it has been closed. */
  static void open(Optional<OpenedFile> file) {
    file.ifPresent(FILE::set);
    Application.launch(StagewalkApplication.class);
  }

  @Override
  public void start(Stage stage) {
    Catalogue catalogue = Catalogue.standard();
    OpenedFile first =
        Objects.requireNonNullElseGet(
            FILE.getAndSet(null), () -> new OpenedFile.Guest(catalogue.first()));
    OpenedSession opened = first.session();
    session = opened;
    Settings settings = Settings.ofUser();
    Look look = new Look();
    look.themeProperty().set(settings.theme());
    look.setScale(settings.scale());
    StagewalkWindow window =
        new StagewalkWindow(opened, look, settings, Parts.of(catalogue.scenarios()));
    settings
        .arrangement()
        .filter(last -> last != Arrangement.TEACH)
        .ifPresentOrElse(window::arrange, window::firstStart);
    switch (first) {
      case OpenedFile.Guest(Scenario guest) -> {
        if (guest.boot().isEmpty()) {
          FirstFault.before(guest).ifPresent(window::startAt);
        }
      }
      case OpenedFile.Imported _, OpenedFile.Run _ -> window.arrange(Arrangement.REPLAY);
      case OpenedFile.Dump _ -> window.arrange(Arrangement.DEBUG);
    }

    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    stage.setTitle("Stagewalk");
    stage.setScene(
        window.scene(Math.min(WIDTH, screen.getWidth()), Math.min(HEIGHT, screen.getHeight())));
    new AnimationTimer() {
      @Override
      public void handle(long now) {
        window.pulse();
      }
    }.start();
    window.pulse();
    stage.show();
  }

  @Override
  public void stop() {
    Session open = session;
    if (open != null) {
      open.close();
    }
  }
}
