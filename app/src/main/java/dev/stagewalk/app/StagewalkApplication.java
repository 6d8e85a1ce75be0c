package dev.stagewalk.app;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.views.Look;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  private @Nullable Session session;

  /** Opens the window and returns when it has been closed. */
  static void open(Optional<Path> image) {
    Application.launch(
        StagewalkApplication.class, image.stream().map(Path::toString).toArray(String[]::new));
  }

  private Scenario first(Catalogue catalogue) {
    List<String> file = getParameters().getRaw();
    return file.isEmpty() ? catalogue.first() : GuestFile.open(Path.of(file.getFirst()));
  }

  @Override
  public void start(Stage stage) {
    Catalogue catalogue = Catalogue.standard();
    Scenario first = first(catalogue);
    Session opened = Session.open(first);
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
    if (first.boot().isEmpty()) {
      FirstFault.before(first).ifPresent(window::startAt);
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
