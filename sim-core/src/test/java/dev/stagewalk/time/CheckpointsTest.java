package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
  private final Run run =
      new Run(new SmallGuest(SmallGuest.LOOP).recipe(), (i, m, pe, e) -> {}, () -> false);
  private final Run.Point start = run.save();

  /** A point as if so much had been executed. */
  private Run.Point at(long instruction, long microSteps) {
    run.restore(start);
    run.machine().pe().restore(movedTo(instruction));
    Run.Point here = run.save();
    return new Run.Point(here.state(), 10 * instruction, instruction / 10, microSteps);
  }

  private dev.stagewalk.cpu.PeState movedTo(long instruction) {
    dev.stagewalk.cpu.PeState s = start.state().pes().getFirst();
    return new dev.stagewalk.cpu.PeState(
        s.general(),
        s.sp(),
        s.pc(),
        s.pstate(),
        instruction,
        s.system(),
        s.vectors(),
        s.exclusiveAddress(),
        s.exclusiveBytes(),
        s.exclusiveGranule(),
        s.irqLine(),
        s.raised(),
        s.waiting(),
        s.step(),
        s.halted());
  }

  @Test
  void gapsAreNoLargerThanASixtyFourthOfTheDistanceAndFewAreKept() {
    Checkpoints checkpoints = new Checkpoints(1L << 40);
    long spacing = Checkpoints.SPACING;
    long count = 20_000;
    for (long i = 0; i <= count; i++) {
      checkpoints.lay(at(i * spacing, 0), List.of(), i * spacing);
    }
    assertThat(checkpoints.count()).isLessThan(900);
    long now = count * spacing;
    for (long target = 0; target < now; target += 977 * spacing / 10) {
      long gap = target - checkpoints.atOrBefore(target).instruction();
      assertThat(gap).isLessThanOrEqualTo(Math.max(2 * spacing, (now - target) / 64 + spacing));
    }
  }

  @Test
  void aStretchFullOfExitsCountsForMoreThanItsInstructions() {
    Checkpoints checkpoints = new Checkpoints(1L << 40);
    // Each checkpoint lies 1,000 instructions behind the other, but a million micro-steps.
    for (long i = 0; i <= 500; i++) {
      checkpoints.lay(at(i * 1000, i * 1_000_000), List.of(), i * 1000 + i * 16_000_000);
    }
    long gap = 0;
    for (long i = 1; i <= 499; i++) {
      gap = Math.max(gap, i * 1000 - checkpoints.atOrBefore(i * 1000 - 1).instruction());
    }
    assertThat(gap).isLessThanOrEqualTo(500 * 1000 / 64 + 1000);
  }

  @Test
  void whatTheBudgetDoesNotHoldIsThinnedAndTheFirstAndLastStay() {
    long budget = 8L << 20;
    Checkpoints checkpoints = new Checkpoints(budget);
    Run.Point point = start;
    checkpoints.lay(point, List.of(), 0);
    List<Long> laid = new ArrayList<>();
    for (long i = 1; i <= 200; i++) {
      for (long page = 0; page < 100; page++) {
        run.machine().ram().write(0x4100_0000L + page * 4096, 8, i * 1000 + page);
      }
      run.machine().pe().restore(movedTo(i * Checkpoints.SPACING));
      point = run.save();
      checkpoints.lay(point, List.of(), point.work());
      laid.add(point.instruction());
      assertThat(checkpoints.bytes()).isLessThanOrEqualTo(budget);
    }
    assertThat(checkpoints.atOrBefore(0).instruction()).isZero();
    assertThat(checkpoints.atOrBefore(Long.MAX_VALUE).instruction()).isEqualTo(laid.getLast());
    assertThat(checkpoints.count()).isBetween(5, 30);
  }

  @Test
  void pagesThatTwoCheckpointsShareAreCountedOnce() {
    Checkpoints checkpoints = new Checkpoints(1L << 40);
    for (long page = 0; page < 1000; page++) {
      run.machine().ram().write(0x4100_0000L + page * 4096, 8, 1);
    }
    for (long i = 0; i < 50; i++) {
      run.machine().pe().restore(movedTo(i * Checkpoints.SPACING));
      checkpoints.lay(run.save(), List.of(), i * Checkpoints.SPACING);
    }
    assertThat(checkpoints.bytes()).isLessThan(1000 * 4096 + 50 * 64 * 1024);
    checkpoints.truncateAfter(0);
    assertThat(checkpoints.count()).isEqualTo(1);
    assertThat(checkpoints.bytes()).isBetween(1000L * 4096, 1001L * 4096 + 64 * 1024);
  }

  @Test
  void aCheckpointIsNotTakenForOneOfARunWithOtherInputsBeforeIt() {
    Checkpoints checkpoints = new Checkpoints(1L << 40);
    Input early = new Input(Moment.at(5, 1), "early", r -> {});
    Input other = new Input(Moment.at(5, 1), "early", r -> {});
    checkpoints.lay(start, List.of(early), 0);
    checkpoints.lay(at(10, 0), List.of(early), 10);
    assertThat(checkpoints.atOrBefore(20, List.of(early)).instruction()).isEqualTo(10);
    assertThat(checkpoints.atOrBefore(20, List.of(other)).instruction()).isZero();
    assertThat(checkpoints.atOrBefore(20, List.of()).instruction()).isZero();
    assertThat(checkpoints.beforeEvent(100, List.of(early)).instruction()).isEqualTo(10);
    assertThat(checkpoints.beforeEvent(99, List.of(early)).instruction()).isZero();
    assertThat(checkpoints.beforeExit(2).instruction()).isEqualTo(10);
    assertThat(checkpoints.beforeExit(1).instruction()).isZero();
  }
}
