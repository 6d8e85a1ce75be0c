package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.session.Snapshot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineModelTest {
  private final Guest guest = Guest.drawn();
  private final TimelineModel model = new TimelineModel();

  @Test
  void everyMomentIsFoundAgainWhereItIsDrawn() {
    for (int i = 0; i < 50; i++) {
      guest.instructions(1 + i % 3);
      for (int micro = 0; micro < i % 7; micro++) {
        guest.add(new SimEvent.BarrierCompleted(Barrier.ISB));
      }
    }
    guest.instructions(1);
    Snapshot snapshot = guest.snapshot();
    model.update(snapshot);

    for (long n = 0; n < snapshot.events().size(); n++) {
      Moment moment = snapshot.events().momentOf(n);
      assertThat(model.momentAt(model.position(moment))).isEqualTo(moment);
    }
  }

  @Test
  void positionsGrowWithTime() {
    Snapshot snapshot = Gallery.run(100);
    model.update(snapshot);
    List<TimelineModel.Item> items = model.items(0, model.end());

    assertThat(items).isNotNull().hasSize((int) snapshot.events().size());
    assertThat(items).extracting(TimelineModel.Item::position).isSorted();
    assertThat(items.getLast().position()).isLessThanOrEqualTo(model.end());
  }

  @Test
  void theHistogramCountsEveryEventOnceHoweverOftenItsBinsGrow() {
    Snapshot snapshot = Gallery.run(20_000);
    while (model.update(snapshot)) {
      // More is taken up with the next pulse.
    }
    int[][] counts = model.counts(0, model.end() + 1, 500);

    long exits =
        ((Guest.Listed) snapshot.events())
            .list().stream().filter(e -> e.what().lane() == Lane.EXITS).count();
    assertThat(Arrays.stream(counts[Lane.EXITS.ordinal()]).sum()).isEqualTo(exits);
    assertThat(model.items(0, model.end())).as("too many to draw one by one").isNull();
  }

  @Test
  void anEditThatReplacesHistoryStartsTheCountAnew() {
    for (int i = 0; i < 10; i++) {
      guest.instructions(1);
      guest.add(new SimEvent.HostCallBegan("s2mmu_map", ""));
    }
    model.update(guest.snapshot());
    List<Event> kept = List.copyOf(guest.events.subList(0, 4));
    guest.events.clear();
    guest.events.addAll(kept);
    for (int i = 0; i < 10; i++) {
      guest.add(new SimEvent.Edited("unmap"));
    }
    model.update(guest.snapshot());

    int[][] counts = model.counts(0, 100, 10);
    assertThat(Arrays.stream(counts[Lane.HOST.ordinal()]).sum()).isEqualTo(4);
    assertThat(Arrays.stream(counts[Lane.YOU.ordinal()]).sum()).isEqualTo(10);
  }
}
