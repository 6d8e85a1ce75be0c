package dev.stagewalk.app;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The program's two faces, put together from the engine, the guests and the panes. */
final class StagewalkFaces implements Faces {
  private static final Path PICTURES = Path.of("stagewalk-pictures");
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 1000;

  @Override
  public void openWindow(Optional<Path> image) {
    StagewalkApplication.open(image);
  }

  @Override
  public int runWithoutScreen(Optional<Scenario> scenario, PrintWriter out, boolean pictures) {
    Catalogue guests = Catalogue.standard();
    try (Session session = Session.open(scenario.orElseGet(guests::first))) {
      Optional<Tour.Camera> camera =
          pictures ? Optional.of(camera(session, guests)) : Optional.empty();
      return new Tour(session, TrapLogText::lines, PICTURES).run(out, camera);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + PICTURES, e);
    }
  }

  private static Tour.Camera camera(Session session, Catalogue guests) {
    Rendering rendering = new Rendering(Parts.of(guests.scenarios()));
    return (_, file) ->
        PngImage.write(rendering.render(session, Rendering.Pose.usual(WIDTH, HEIGHT)), file);
  }
}
