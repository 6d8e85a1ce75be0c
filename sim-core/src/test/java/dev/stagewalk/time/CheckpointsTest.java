package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
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

  private final Line line = new Line(new EventLog(new EventLog.Shelf(), new NothingToFetch()));
  private final Checkpoints checkpoints = new Checkpoints();

  private static final class NothingToFetch implements EventLog.Refetch {
    @Override
    public EventLog.Content events(long first, int count, Line line, Moment end) {
      throw new AssertionError("no events here");
    }

    @Override
    public long countAt(Moment moment, Line line) {
      throw new AssertionError("no events here");
    }
  }

  private void lay(Run.Point point) {
    checkpoints.lay(point, line);
    line.arrived(Moment.at(point.instruction()), point.work());
  }

  private void thinTo(long allowed) {
    checkpoints.thin(List.of(line), line, line.endWork(), allowed);
  }

  @Test
  void allAreKeptUntilMemoryIsAskedBack() {
    for (long i = 0; i <= 5000; i++) {
      lay(at(i * Checkpoints.SPACING, 0));
    }
    assertThat(checkpoints.count()).isEqualTo(5001);
    thinTo(checkpoints.bytes());
    assertThat(checkpoints.count()).isEqualTo(5001);
  }

  @Test
  void thinnedTheyLieTheFartherApartTheFartherAwayTheyAre() {
    long spacing = Checkpoints.SPACING;
    long count = 20_000;
    for (long i = 0; i <= count; i++) {
      lay(at(i * spacing, 0));
    }
    thinTo(1000 * (64L << 10));
    assertThat(checkpoints.count()).isBetween(300, 1400);
    long now = count * spacing;
    for (long target = 0; target < now; target += 977 * spacing / 10) {
      long gap = target - checkpoints.atOrBefore(line, target).instruction();
      assertThat(gap).isLessThanOrEqualTo(Math.max(2 * spacing, (now - target) / 64 + spacing));
    }
  }

  @Test
  void aStretchFullOfExitsCountsForMoreThanItsInstructions() {
    // Each checkpoint lies 1,000 instructions behind the other, but a million micro-steps.
    for (long i = 0; i <= 500; i++) {
      lay(at(i * 1000, i * 1_000_000));
    }
    thinTo(checkpoints.bytes() / 2);
    long gap = 0;
    for (long i = 1; i <= 499; i++) {
      gap = Math.max(gap, i * 1000 - checkpoints.atOrBefore(line, i * 1000 - 1).instruction());
    }
    assertThat(gap).isBetween(2000L, 500 * 1000 / 64L + 1000);
  }

  @Test
  void theFirstAndLastStayHoweverLittleMemoryThereIs() {
    lay(start);
    long last = 0;
    for (long i = 1; i <= 200; i++) {
      for (long page = 0; page < 100; page++) {
        run.machine().ram().write(0x4100_0000L + page * 4096, 8, i * 1000 + page);
      }
      run.machine().pe().restore(movedTo(i * Checkpoints.SPACING));
      lay(run.save());
      last = i * Checkpoints.SPACING;
      if (i % 50 == 0) {
        thinTo(8L << 20);
        assertThat(checkpoints.bytes()).isLessThanOrEqualTo(8L << 20);
        assertThat(checkpoints.count()).isBetween(5, 30);
      }
    }
    thinTo(1);
    assertThat(checkpoints.count()).isEqualTo(2);
    assertThat(checkpoints.atOrBefore(line, last - 1).instruction()).isZero();
    assertThat(checkpoints.atOrBefore(line, Long.MAX_VALUE).instruction()).isEqualTo(last);
  }

  @Test
  void pagesThatTwoCheckpointsShareAreCountedOnce() {
    for (long page = 0; page < 1000; page++) {
      run.machine().ram().write(0x4100_0000L + page * 4096, 8, 1);
    }
    for (long i = 0; i < 50; i++) {
      run.machine().pe().restore(movedTo(i * Checkpoints.SPACING));
      lay(run.save());
    }
    assertThat(checkpoints.bytes()).isLessThan(1000 * 4096 + 50 * 64 * 1024);
    thinTo(1);
    assertThat(checkpoints.count()).isEqualTo(2);
    assertThat(checkpoints.bytes()).isBetween(1000L * 4096, 1002L * 4096 + 2 * 64 * 1024);
  }

  @Test
  void aLineSharesTheCheckpointsBeforeItsPartingAndThoseOfOthersAreThinnedFirst() {
    for (long i = 0; i <= 100; i++) {
      lay(at(i * 1000, 0));
    }
    Line other = line.leaveAt(2, Moment.at(50_500, 3), 0, 50_500, "");
    for (long i = 51; i <= 60; i++) {
      checkpoints.lay(at(i * 1000 + 7, 0), other);
    }
    checkpoints.lay(at(20_007, 0), other);
    assertThat(checkpoints.atOrBefore(other, 51_006).instruction()).isEqualTo(50_000);
    assertThat(checkpoints.atOrBefore(other, 51_007).instruction()).isEqualTo(51_007);
    assertThat(checkpoints.atOrBefore(line, 51_007).instruction()).isEqualTo(51_000);
    assertThat(checkpoints.atOrBefore(line, 20_008).instruction()).isEqualTo(20_007);
    assertThat(checkpoints.atOrBefore(other, Long.MAX_VALUE).instruction()).isEqualTo(60_007);
    assertThat(checkpoints.count()).isEqualTo(112);

    checkpoints.thinOthers(List.of(line, other), other, 1);
    assertThat(checkpoints.atOrBefore(line, Long.MAX_VALUE).instruction()).isEqualTo(50_000);
    assertThat(checkpoints.count()).isEqualTo(62);
    checkpoints.thinOthers(List.of(line, other), line, 1);
    assertThat(checkpoints.count()).isEqualTo(52);
    assertThat(checkpoints.atOrBefore(other, Long.MAX_VALUE).instruction()).isEqualTo(50_000);
  }

  @Test
  void theOneBeforeAnEventOrAnExitIsFoundAcrossThePartings() {
    for (long i = 0; i <= 100; i++) {
      lay(at(i * 10, 0));
    }
    Line other = line.leaveAt(2, Moment.at(505), 0, 505, "");
    checkpoints.lay(at(600, 0), other);
    for (long number : new long[] {0, 1, 99, 100, 4999, 5000, 5999, 6000, 10_000, 20_000}) {
      long before = Math.min(1000, number / 100 * 10);
      assertThat(checkpoints.beforeEvent(line, number).instruction()).isEqualTo(before);
      long there = number >= 6000 ? 600 : Math.min(500, before);
      assertThat(checkpoints.beforeEvent(other, number).instruction()).isEqualTo(there);
    }
    assertThat(checkpoints.beforeExit(line, 1).instruction()).isZero();
    assertThat(checkpoints.beforeExit(line, 7).instruction()).isEqualTo(60);
    assertThat(checkpoints.beforeExit(other, 61).instruction()).isEqualTo(600);
    assertThat(checkpoints.beforeExit(other, 60).instruction()).isEqualTo(500);
  }
}
