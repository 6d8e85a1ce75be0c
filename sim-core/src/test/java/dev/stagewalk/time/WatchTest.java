package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.WatchedRange;
import dev.stagewalk.cpu.WatchedRange.Space;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchTest {
  /** Stores and loads of all sizes to a few pages of the heap, again and again. */
  private static final String STORES =
      """
          ldr   x0, =0x50000000
          mov   x1, #300
      next:
          and   x2, x1, #7
          add   x3, x0, x2, lsl #12
          str   x1, [x3]
          strb  w1, [x3, #9]
          ldp   x4, x5, [x3]
          stp   x4, x1, [x3, #16]
          ldr   x6, [x3, #16]
          mov   x7, #0xffd
          str   x6, [x3, x7]
          tst   x1, #31
          b.ne  quiet
          hvc   #1
      quiet:
          subs  x1, x1, #1
          b.ne  next
          hvc   #0
      """;

  private static History of(String source, Engine engine) {
    return new SmallGuest(source).history(engine);
  }

  private static Sought writes(Space space, long first, long bytes) {
    return Sought.access(WatchedRange.of(space, first, first + bytes - 1, false, true, false));
  }

  private static Sought reads(Space space, long first, long bytes) {
    return Sought.access(WatchedRange.of(space, first, first + bytes - 1, true, false, false));
  }

  private static Sought register(String name) {
    return Sought.change(new Sought.Register(name, -1));
  }

  /** Runs to the end from stop to stop; what was seen last at each. */
  private static List<Sighting> forward(History history, List<Sought> sought) {
    List<Sighting> seen = new ArrayList<>();
    while (history.advance(Long.MAX_VALUE, () -> new Stops(false, null, sought), () -> true)
        == Run.Stop.SIGHTED) {
      assertThat(history.sightings()).isNotEmpty();
      for (Sighting sighting : history.sightings()) {
        assertThat(sighting.moment()).isEqualTo(history.moment());
      }
      seen.add(history.sightings().getLast());
    }
    assertThat(history.machine().isHalted()).isTrue();
    return seen;
  }

  /** Goes back to the start from stop to stop, the last first. */
  private static List<Sighting> backward(History history, List<Sought> sought) {
    List<Sighting> seen = new ArrayList<>();
    while (true) {
      Found search = history.searchBack(sought, false, true, () -> true);
      assertThat(search.complete()).isTrue();
      if (search.sighting().isEmpty()) {
        return seen;
      }
      Sighting found = search.sighting().get();
      assertThat(history.moment()).isEqualTo(found.moment());
      seen.add(found);
    }
  }

  private static List<String> words(List<Sighting> seen) {
    return seen.stream().map(s -> s.moment() + " " + s.number() + " " + s.words()).toList();
  }

  private static List<Sought> several(History history) {
    SimEvent.DescriptorStored leaf = null;
    SmallGuest.toEnd(history);
    for (long n = 0; n < history.events().size(); n++) {
      if (history.events().get(n).what() instanceof SimEvent.DescriptorStored stored) {
        leaf = stored;
      }
    }
    assertThat(leaf).isNotNull();
    long at = leaf == null ? 0 : leaf.pa();
    history.goTo(Moment.START, () -> true);
    return List.of(
        writes(Space.IPA, SmallGuest.HEAP + 0x3000, 8),
        writes(Space.VA, SmallGuest.HEAP + 0x4ffe, 4),
        reads(Space.IPA, SmallGuest.HEAP + 0x5010, 8),
        writes(Space.PA, at, 8),
        register("ESR_EL2"),
        Sought.event(e -> e instanceof SimEvent.HostCallEnded));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void backwardsTheSameStopsAreMetInReversedOrder(Engine engine) {
    History history = of(STORES, engine);
    List<Sought> sought = several(history);
    List<String> forward = words(forward(history, sought));
    assertThat(forward).hasSizeGreaterThan(100);
    for (int i = 0; i < sought.size(); i++) {
      String number = " " + i + " ";
      assertThat(forward).as("sought %s", i).anyMatch(w -> w.contains(number));
    }
    List<String> backward = words(backward(history, sought));
    assertThat(backward.reversed()).isEqualTo(forward);
  }

  @Test
  void everyEngineStopsAtTheSameMomentsForTheSameReasons() {
    List<String> expected = null;
    for (Engine engine : Engine.values()) {
      History history = of(STORES, engine);
      List<String> seen = words(forward(history, several(history)));
      assertThat(seen).isEqualTo(expected == null ? seen : expected);
      expected = seen;
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void watchesChangeNeitherTheStateNorTheEvents(Engine engine) {
    History plain = of(STORES, engine);
    SmallGuest.toEnd(plain);
    History watched = of(STORES, engine);
    List<Sought> sought = new ArrayList<>(several(of(STORES, engine)));
    sought.add(
        Sought.access(
            WatchedRange.of(
                Space.IPA, SmallGuest.CODE, SmallGuest.CODE + 0xfff, true, true, true)));
    sought.add(register("X4"));
    forward(watched, sought);
    assertThat(watched.moment()).isEqualTo(plain.moment());
    assertThat(watched.stateHash()).isEqualTo(plain.stateHash());
    assertThat(kinds(watched)).isEqualTo(kinds(plain));
  }

  private static List<Event> kinds(History history) {
    return LongStream.range(0, history.events().size()).mapToObj(history.events()::get).toList();
  }

  @Test
  void aStoreIsToldWithWhatItReplacedAndWhoMadeIt() {
    History history = of(STORES, Engine.USUAL);
    List<Sighting> seen = forward(history, List.of(writes(Space.IPA, SmallGuest.HEAP + 0x3000, 8)));
    assertThat(seen).hasSize(76);
    assertThat(seen.get(2).words())
        .isEqualTo(
            "write of 8 bytes at VA 0x5000_3000, IPA 0x5000_3000, PA "
                + seen.get(2).words().replaceAll(".*PA (\\S+) by.*", "$1")
                + " by the instruction at 0x4000_0010 of EL1: 0x0 became 0x123");
  }

  @Test
  void aStoreAcrossTwoPagesIsSeenFromEitherOfThem() {
    History history = of(STORES, Engine.USUAL);
    List<Sighting> low = forward(history, List.of(writes(Space.IPA, SmallGuest.HEAP + 0x4fff, 1)));
    History again = of(STORES, Engine.USUAL);
    List<Sighting> high = forward(again, List.of(writes(Space.IPA, SmallGuest.HEAP + 0x5004, 1)));
    assertThat(low).hasSize(38);
    assertThat(high).isNotEmpty();
    assertThat(low).allMatch(s -> s.words().contains("of 3 bytes"));
  }

  @Test
  void whatTheHypervisorStoresIsSeenAtTheMicroStepThatReportsIt() {
    History history = of(STORES, Engine.USUAL);
    SmallGuest.toEnd(history);
    Event last = null;
    for (long n = 0; n < history.events().size(); n++) {
      if (history.events().get(n).what() instanceof SimEvent.DescriptorStored) {
        last = history.events().get(n);
      }
    }
    assertThat(last).isNotNull();
    if (last != null && last.what() instanceof SimEvent.DescriptorStored stored) {
      Optional<Sighting> found =
          history
              .searchBack(List.of(writes(Space.PA, stored.pa(), 8)), true, false, () -> true)
              .sighting();
      assertThat(found.map(Sighting::moment)).contains(last.moment());
      assertThat(found.map(Sighting::words).orElse(""))
          .contains("by s2mmu_map")
          .contains(dev.stagewalk.arch.Hex.plain(stored.value()));
      assertThat(history.machine().isHalted()).isTrue();
    }
  }

  @Test
  void aRegisterIsSeenToChangeAfterTheInstructionThatChangedIt() {
    History history = of(STORES, Engine.USUAL);
    List<Sighting> seen = forward(history, List.of(register("x1")));
    assertThat(seen.stream().filter(s -> s.author().toString().contains("of EL1")).count())
        .isEqualTo(301);
    assertThat(seen.getLast().words()).contains("X1 was changed from 0x1 to 0x0");
  }

  @Test
  void whatNobodyHasWrittenIsNotFound() {
    History history = of(STORES, Engine.USUAL);
    SmallGuest.toEnd(history);
    Moment end = history.moment();
    Found search =
        history.searchBack(
            List.of(writes(Space.IPA, SmallGuest.CODE, 0x1000)), true, false, () -> true);
    assertThat(search.sighting()).isEmpty();
    assertThat(search.complete()).isTrue();
    assertThat(history.moment()).isEqualTo(end);
  }
}
