package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The story of a guest told without a window: how it meets its first stage-2 fault, how the page
 * comes back, how it ends. Each of these moments is a picture where pictures can be taken; the trap
 * log and the console follow as text.
 */
final class Tour {

  /** Renders the window at one moment. */
  interface Camera {
    void take(Snapshot snapshot, Path file) throws IOException;
  }

  /** Instructions after which what has not ended is left. */
  private static final long LONGEST = 1_000_000_000;

  private final Session session;
  private final Function<Snapshot, List<String>> trapLog;
  private final Path folder;

  /**
   * @param session at the start of its run
   * @param trapLog the lines of the trap log up to a moment, consoles included
   * @param folder where pictures go; made when the first is taken
   */
  Tour(Session session, Function<Snapshot, List<String>> trapLog, Path folder) {
    this.session = session;
    this.trapLog = trapLog;
    this.folder = folder;
  }

  /**
   * Runs the guest to its end.
   *
   * @param camera empty where no picture can be taken
   * @return the exit code: 0 when the guest ended by its own wish
   */
  int run(PrintWriter out, Optional<Camera> camera) throws IOException {
    out.println(
        session.snapshot().scenario().title() + ": " + session.snapshot().scenario().story());
    session.submit(new Command.StopAtExits(false)).join();
    // Whatever somebody else built may never take an exit, and never end.
    Snapshot end = session.submit(new Command.GoTo(Moment.at(LONGEST))).join();
    Snapshot fault = end.exitCount() == 0 ? end : toFirstFault();
    if (fault.state() == RunState.AT_EXIT) {
      picture(out, camera, fault, "1-fault.png", "the guest touches a page nobody mapped");
      // A program at EL2 takes many instructions for it, and may do something else.
      if (!fault.scenario().bare()) {
        Snapshot mapped = session.submit(new Command.Step()).join();
        picture(out, camera, mapped, "2-repair.png", "the handler has mapped it and resumed");
      }
    }
    end = session.submit(new Command.ToPresent()).join();
    picture(out, camera, end, "3-end.png", end.status());

    trapLog.apply(end).forEach(out::println);
    out.flush();
    return TrapLogText.stop(end).filter(SimEvent.GuestStopped::ok).isPresent() ? 0 : 1;
  }

  private Snapshot toFirstFault() {
    session.submit(new Command.ToStart()).join();
    Snapshot now = session.submit(new Command.NextExit()).join();
    while (now.state() == RunState.AT_EXIT && now.exit().filter(Tour::isStage2Fault).isEmpty()) {
      now = session.submit(new Command.NextExit()).join();
    }
    return now;
  }

  private static boolean isStage2Fault(Event event) {
    return event.what() instanceof SimEvent.ExceptionTaken taken
        && taken.fault().filter(fault -> fault.stage() == 2).isPresent();
  }

  private void picture(
      PrintWriter out, Optional<Camera> camera, Snapshot snapshot, String name, String caption)
      throws IOException {
    if (camera.isPresent()) {
      Path file = Files.createDirectories(folder).resolve(name);
      camera.get().take(snapshot, file);
      out.println(file + ": " + caption);
    }
  }
}
