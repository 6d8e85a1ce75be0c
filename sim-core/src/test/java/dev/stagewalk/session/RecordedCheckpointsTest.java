package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Interference;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Stops;
import dev.stagewalk.trace.RecordedCheckpoint;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States that a recording keeps, and machines that go on from them. */
final class RecordedCheckpointsTest {
  @TempDir private Path temporary;

  private Path folder() {
    return temporary.resolve("run.swrec");
  }

  /** One checkpoint after each step, because each takes a second on its clock. */
  private LoadedScenario record(Scenario scenario, int steps) throws TraceException {
    AtomicLong nanos = new AtomicLong();
    LoadedScenario loaded = LoadedScenario.load(scenario, Engine.USUAL, () -> false);
    try (Recorder recorder = Recorder.begin(folder(), scenario, "test 1", nanos::get)) {
      History history = loaded.history();
      recorder.attach(history);
      for (int i = 0; i < steps && !history.machine().isHalted(); i++) {
        history.advance(i + 1, () -> Stops.NONE, () -> true);
        nanos.addAndGet(1_000_000_000);
        recorder.rested(history);
      }
      history.advance(Long.MAX_VALUE, () -> Stops.NONE, () -> true);
      recorder.rested(history);
    }
    return loaded;
  }

  @ParameterizedTest
  @EnumSource(Tlb.Mode.class)
  void aMachineGoesOnFromEachAsTheRecordedOneDid(Tlb.Mode mode) throws Exception {
    Scenario sample = TestScenarios.twoPages();
    Scenario scenario = sample.with(sample.board().with(TlbPlan.of(mode)));
    LoadedScenario recorded = record(scenario, 60);
    Recording recording = Recording.open(folder());
    List<RecordedCheckpoint> checkpoints = recording.checkpoints();
    assertThat(checkpoints).hasSizeGreaterThan(9);
    for (RecordedCheckpoint checkpoint : checkpoints) {
      Machine machine =
          LoadedScenario.load(scenario, Engine.USUAL, () -> false).history().machine();
      machine.restore(recording.state(checkpoint));
      assertThat(machine.instructions()).isEqualTo(checkpoint.moment().instruction());
      assertThat(machine.stateHash()).isEqualTo(recording.hash(checkpoint));
      machine.run(Long.MAX_VALUE);
      assertThat(machine.isHalted()).isTrue();
      assertThat(machine.stateHash()).isEqualTo(recorded.history().stateHash());
    }
  }

  @Test
  void whatSomebodyHasDoneToMaintenanceIsKept() throws Exception {
    Scenario scenario = TestScenarios.twoPages();
    for (Interference.Change change :
        List.of(
            new Interference.Change.Withhold(),
            new Interference.Change.ThisPeOnly(),
            new Interference.Change.OtherVmid(7),
            new Interference.Change.OtherShift(3),
            new Interference.Change.Stage2Only())) {
      LoadedScenario loaded = LoadedScenario.load(scenario, Engine.USUAL, () -> false);
      Machine machine = loaded.history().machine();
      machine.interference().changeNextTlbi(change);
      machine.interference().withholdNextIsb();
      machine.allocator().failNext();
      Path folder = temporary.resolve(change.getClass().getSimpleName());
      try (Recorder recorder = Recorder.begin(folder, scenario, "test 1")) {
        recorder.attach(loaded.history());
      }
      Recording recording = Recording.open(folder);
      machine.interference().none();
      machine.restore(recording.state(recording.checkpoints().getFirst()));
      assertThat(machine.interference().nextTlbi()).isEqualTo(change);
      assertThat(machine.interference().withholdsIsb()).isTrue();
      assertThat(machine.interference().withholdsDsb()).isFalse();
      assertThat(machine.allocator().failsNext()).isTrue();
      assertThat(machine.stateHash()).isEqualTo(recording.hash(recording.checkpoints().getFirst()));
    }
  }

  @Test
  void pagesOfOneContentAreKeptOnce() throws Exception {
    record(TestScenarios.twoPages(), 60);
    Recording recording = Recording.open(folder());
    long pages = Files.size(folder().resolve("checkpoints/pages.bin"));
    assertThat(recording.checkpoints()).hasSizeGreaterThan(9);
    assertThat(pages).isLessThan(64 << 10);
  }

  @Test
  void aCheckpointThatIsDamagedIsRefusedInWords() throws Exception {
    record(TestScenarios.twoPages(), 4);
    Path pages = folder().resolve("checkpoints/pages.bin");
    byte[] content = Files.readAllBytes(pages);
    content[40] ^= 1;
    Files.write(pages, content);
    RecordedCheckpoint first = Recording.open(folder()).checkpoints().getFirst();
    assertThatThrownBy(() -> Recording.open(folder()).state(first))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("the page at byte 0 is not what its hash says");
    Path file = folder().resolve("checkpoints/" + first.file());
    Files.writeString(file, Files.readString(file).replace("\"pstate\"", "\"state\""));
    assertThatThrownBy(() -> Recording.open(folder()).state(first))
        .hasMessageContaining("is not what its hash says");
    assertThat(first.moment()).isEqualTo(Moment.START);
  }
}
