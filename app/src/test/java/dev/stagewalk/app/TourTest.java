package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.session.Checks;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branches;
import dev.stagewalk.time.Events;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TourTest {
  private static final Path FOLDER = Path.of("target", "tour-test");

  private final StringWriter out = new StringWriter();
  private final List<String> pictures = new ArrayList<>();

  @Test
  void passesOverAnHvcToTheFirstFaultAndPicturesFaultRepairAndEnd() throws Exception {
    ScriptedSession session = new ScriptedSession(List.of(hvc(), stage2Fault(), stopped(true)));

    assertThat(tour(session, true)).isZero();

    assertThat(pictures)
        .containsExactly("1-fault.png AT_EXIT", "2-repair.png PAUSED", "3-end.png ENDED");
    assertThat(out.toString().lines())
        .containsExactly(
            "Demand paging: A guest touches pages.",
            FOLDER.resolve("1-fault.png") + ": the guest touches a page nobody mapped",
            FOLDER.resolve("2-repair.png") + ": the handler has mapped it and resumed",
            FOLDER.resolve("3-end.png") + ": guest ended",
            "log of 3 events");
  }

  @Test
  void withoutPicturesItPrintsTheSameLog() throws Exception {
    ScriptedSession session = new ScriptedSession(List.of(hvc(), stage2Fault(), stopped(true)));

    assertThat(tour(session, false)).isZero();

    assertThat(pictures).isEmpty();
    assertThat(out.toString()).contains("log of 3 events").doesNotContain(".png");
  }

  @Test
  void aGuestWithoutFaultIsPicturedAtItsEndOnly() throws Exception {
    assertThat(tour(new ScriptedSession(List.of(hvc(), stopped(true))), true)).isZero();
    assertThat(pictures).containsExactly("3-end.png ENDED");
  }

  @Test
  void aGuestThatWasStoppedMakesTheExitCodeOne() throws Exception {
    assertThat(tour(new ScriptedSession(List.of(stage2Fault(), stopped(false))), false)).isOne();
  }

  private int tour(Session session, boolean canDraw) throws Exception {
    Tour.Camera camera =
        (snapshot, file) -> pictures.add(file.getFileName() + " " + snapshot.state());
    Tour tour = new Tour(session, end -> List.of("log of " + end.eventCount() + " events"), FOLDER);
    return tour.run(new PrintWriter(out, true), canDraw ? Optional.of(camera) : Optional.empty());
  }

  private static SimEvent hvc() {
    return exception(0x16, null);
  }

  private static SimEvent stage2Fault() {
    return exception(
        0x24,
        new Translation(
            2,
            1,
            0x4020_3018L,
            Access.write(8),
            List.of(),
            new Translation.Fault(FaultKind.TRANSLATION, 3, 2, false, 0x4020_3018L, "bit 0 is 0")));
  }

  private static SimEvent exception(int exceptionClass, @Nullable Translation cause) {
    long esr = (long) exceptionClass << 26;
    return new SimEvent.ExceptionTaken(1, 2, 8, esr, 0, 0, false, 0x4008_0158L, 0, cause);
  }

  private static SimEvent stopped(boolean ok) {
    return new SimEvent.GuestStopped("hvc", ok);
  }

  /** A session whose exits and end are given; each exit is one event. */
  private static final class ScriptedSession implements Session {
    private final List<Event> script = new ArrayList<>();
    private int happened;
    private RunState state = RunState.PAUSED;

    ScriptedSession(List<SimEvent> script) {
      for (SimEvent what : script) {
        long number = this.script.size();
        this.script.add(new Event(number, Moment.at(number + 1), 0, what));
      }
    }

    @Override
    public CompletableFuture<Snapshot> submit(Command command) {
      if (command instanceof Command.ToStart) {
        happened = 0;
        state = RunState.PAUSED;
      } else if (command instanceof Command.NextExit) {
        happened++;
        state = happened == script.size() ? RunState.ENDED : RunState.AT_EXIT;
      } else if (command instanceof Command.GoTo || command instanceof Command.ToPresent) {
        happened = script.size();
        state = RunState.ENDED;
      } else if (command instanceof Command.Step) {
        state = RunState.PAUSED;
      } else {
        assertThat(command).isEqualTo(new Command.StopAtExits(false));
      }
      return CompletableFuture.completedFuture(snapshot());
    }

    @Override
    public Snapshot snapshot() {
      PeState pe = new PeState(1, 0, 0, 0, new RegisterFile(new long[31], Map.of(), new long[0]));
      boolean ended = state == RunState.ENDED;
      return new Snapshot(
          happened,
          new Scenario(
              "demand-paging",
              "Demand paging",
              "A guest touches pages.",
              "demand_paging.s",
              "",
              Granule.values()[0],
              40,
              "none",
              List.of()),
          new Program("demand_paging.s", "", 0, 0, Map.of(), Map.of()),
          state,
          ended ? "guest ended" : "paused",
          "",
          Optional.empty(),
          Moment.at(happened),
          Moment.at(happened),
          pe,
          pe,
          List.of(pe),
          List.of(pe),
          new PhysicalMemory(0, 1 << 21).image(),
          List.of(),
          Optional.empty(),
          List.of(),
          state == RunState.AT_EXIT ? Optional.of(script.get(happened - 1)) : Optional.empty(),
          Branches.one(Moment.at(happened)),
          new Recorded(script.subList(0, happened)),
          happened,
          happened,
          ended ? "all pages touched\n" : "",
          "",
          List.of(),
          List.of(),
          true,
          false,
          false,
          0,
          0,
          0,
          Checks.standing(List.of(pe), 0, new PhysicalMemory(0, 1 << 21).image(), List.of()));
    }

    @Override
    public void close() {}
  }

  private record Recorded(List<Event> events) implements Events {
    @Override
    public long size() {
      return events.size();
    }

    @Override
    public Event get(long number) {
      return events.get((int) number);
    }
  }
}
