package dev.stagewalk;

import static dev.stagewalk.SampleRun.answers;
import static dev.stagewalk.SampleRun.events;
import static dev.stagewalk.SampleRun.run;
import static dev.stagewalk.SampleRun.sample;
import static dev.stagewalk.SampleRun.stop;
import static dev.stagewalk.SampleRun.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples end as they should, whatever the geometry, under each preset of the hypervisor. */
final class SamplesUnderTheHypervisorTest {

  static Stream<Arguments> geometries() {
    List<Arguments> all = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      for (int ipaBits : new int[] {32, 36, 40, 42, 44, 48}) {
        all.add(Arguments.of(granule, ipaBits));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void demandPagingReadsBackEveryWord(Granule granule, int ipaBits) {
    Snapshot end = run(sample("demand-paging").with(granule, ipaBits));
    assertThat(stop(end))
        .isEqualTo(new SimEvent.GuestStopped("HVC #0: the guest has finished", true));
    assertThat(end.console()).isEqualTo("guest: every word read back\n");
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void aPageTakenAwayComesBackWithItsContent(Granule granule) {
    try (Session session = Session.open(sample("demand-paging").with(granule, 40))) {
      submit(session, new Command.NextExit());
      submit(session, new Command.NextExit());
      submit(session, new Command.Step());
      submit(session, new Command.Step());
      submit(session, new Command.Inject(new Edit.Unmap(0x4020_0000L, granule.bytes())));
      submit(session, new Command.StopAtExits(false));
      Snapshot end = submit(session, new Command.Run());
      assertThat(answers(end).filter("mapped 0x4020_0000 in heap"::equals)).hasSize(2);
      assertThat(end.console()).isEqualTo("guest: every word read back\n");
    }
  }

  @Test
  void asPostedTheTestPassesWithoutTestingAnything() {
    Snapshot end = run(sample("as-posted"));
    assertThat(stop(end).ok()).isTrue();
    assertThat(end.hostConsole()).contains("Error allocating or existing block conflict.");
    assertThat(end.pe().x(19)).as("handled").isEqualTo(1);
    long firstWordOfTheCode = end.memory().read(0x4000_0000L, 8);
    assertThat(end.pe().x(2)).isEqualTo(firstWordOfTheCode);
  }

  /** As recorded on an emulated EL2 machine; 16K there with a root that happened to be aligned. */
  @ParameterizedTest
  @CsvSource({"K4, 0x93c28046", "K16, 0x93c28046", "K64, 0x93c28047"})
  void asPostedTheExitsHaveTheRecordedSyndromes(Granule granule, String abort) {
    Snapshot end = run(sample("as-posted").with(granule, granule == Granule.K16 ? 47 : 48));
    List<SimEvent.ExceptionTaken> exits =
        events(end)
            .filter(SimEvent.ExceptionTaken.class::isInstance)
            .map(SimEvent.ExceptionTaken.class::cast)
            .toList();
    assertThat(exits).hasSize(2);
    assertThat(Hex.plain(exits.get(0).esr())).isEqualTo(abort);
    assertThat(exits.get(0).far()).isEqualTo(0x5000_0000L);
    assertThat(exits.get(0).hpfar()).isEqualTo(0x50_0000L);
    assertThat(exits.get(0).vector()).isEqualTo(8);
    assertThat(exits.get(1).esr()).isEqualTo(0x5a00_0000L);
    assertThat(exits.get(1).hpfar()).as("stale").isEqualTo(0x50_0000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"as-posted", "as-reviewed"})
  void demandPagingEndsUnderTheOtherPresetsToo(String defects) {
    Snapshot end = run(sample("demand-paging").withDefects(defects));
    assertThat(stop(end).ok()).isTrue();
    assertThat(end.console()).isEqualTo("guest: every word read back\n");
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void aWriteToAReadOnlyPageEndsTheGuest(Granule granule, int ipaBits) {
    SimEvent.GuestStopped stop = stop(run(sample("read-only").with(granule, ipaBits)));
    assertThat(stop.ok()).isFalse();
    assertThat(stop.reason()).isEqualTo("write to a read-only page, VA 0x4030_0040");
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void hypervisorCallsAndTheUartEndByTheirOwnWish(Granule granule) {
    assertThat(stop(run(sample("hvc").with(granule, 48))).ok()).isTrue();
    assertThat(run(sample("uart").with(granule, 48)).console())
        .isEqualTo("Hello from EL1, through stage 2\n");
  }

  /** Both stages: a table that stage 2 lacks is the hypervisor's to mend, the rest the guest's. */
  @ParameterizedTest
  @MethodSource("geometries")
  void aGuestWithTablesOfItsOwnMendsItsFaultsAndTheHypervisorThoseOfItsTables(
      Granule granule, int ipaBits) {
    Snapshot end = run(sample("own-tables").with(granule, ipaBits));
    assertThat(stop(end))
        .isEqualTo(new SimEvent.GuestStopped("HVC #0: the guest has finished", true));
    assertThat(end.console()).isEqualTo("guest: every word read back, two faults mended\n");
    List<Translation.Fault> faults =
        events(end)
            .filter(SimEvent.ExceptionTaken.class::isInstance)
            .map(what -> ((SimEvent.ExceptionTaken) what).cause())
            .filter(Objects::nonNull)
            .map(walk -> (Translation.Fault) walk.outcome())
            .toList();
    assertThat(faults)
        .filteredOn(Translation.Fault::onStage1Walk)
        .extracting(Translation.Fault::ipa)
        .containsExactly(0x4060_0000L);
    assertThat(faults)
        .filteredOn(f -> f.stage() == 1)
        .extracting(Translation.Fault::kind)
        .containsExactly(FaultKind.PERMISSION, FaultKind.TRANSLATION);
  }
}
