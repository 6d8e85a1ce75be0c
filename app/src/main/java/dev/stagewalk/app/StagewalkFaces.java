package dev.stagewalk.app;

import dev.stagewalk.app.tables.DumpReport;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.TraceSession;
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
  public void openWindow(Optional<OpenedFile> file) {
    StagewalkApplication.open(file);
  }

  @Override
  public int runWithoutScreen(Optional<OpenedFile> file, PrintWriter out, boolean pictures) {
    Catalogue guests = Catalogue.standard();
    if (file.isPresent() && file.get() instanceof OpenedFile.Imported recording) {
      try (Session session = new TraceSession(recording.trace())) {
        session.submit(new Command.ToPresent()).join();
        TrapLogText.lines(session.snapshot()).forEach(out::println);
      }
      return 0;
    }
    if (file.isPresent() && file.get() instanceof OpenedFile.Dump dump) {
      DumpReport.text(dump.dump(), out);
      return 0;
    }
    try (Session session = file.isPresent() ? file.get().session() : Session.open(guests.first())) {
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
