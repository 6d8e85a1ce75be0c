package dev.stagewalk;

import static dev.stagewalk.SampleRun.answers;
import static dev.stagewalk.SampleRun.events;
import static dev.stagewalk.SampleRun.run;
import static dev.stagewalk.SampleRun.sample;
import static dev.stagewalk.SampleRun.stop;
import static dev.stagewalk.SampleRun.submit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Judgement;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples of the guest framework and its exit handlers tell the stories they promise. */
final class GuestFrameworkSamplesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cow",
        "read-ahead",
        "mmio",
        "mmio-no-isv",
        "sysreg-trap",
        "abort-injected",
        "el1-exceptions",
        "el1-unhandled",
        "two-guests",
        "psci-two-pes",
        "no-progress"
      })
  void beforeTheWorstTlbTheEndIsTheSameAndTheRefereeHasNothingToSay(String name) {
    Snapshot usual = run(sample(name));
    Scenario sample = sample(name);
    Snapshot worst = run(sample.with(sample.board().with(TlbPlan.of(Tlb.Mode.ADVERSARIAL))));
    assertThat(stop(worst)).isEqualTo(stop(usual));
    assertThat(worst.console()).isEqualTo(usual.console());
    for (Snapshot end : List.of(usual, worst)) {
      Judgement judgement = end.checks().judgement();
      assertThat(judgement.violations()).isEmpty();
      assertThat(judgement.outstanding()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void twoWrittenPagesAreCopiedAndTheOthersStayShared(Granule granule) {
    Snapshot end = run(sample("cow").with(granule, 40));
    if (granule == Granule.K4) {
      assertThat(end.console()).isEqualTo("guest: two pages are mine, two are still shared\n");
      assertThat(answers(end).filter(a -> a.startsWith("copied"))).hasSize(2);
    } else {
      assertThat(answers(end).filter(a -> a.startsWith("copied"))).hasSize(1);
    }
    assertThat(events(end).filter(SimEvent.MemoryCopied.class::isInstance)).isNotEmpty();
    assertThat(stop(end).ok()).isTrue();
  }

  @Test
  void twoBlocksTakeTwoExitsAndThreePagesThree() {
    Snapshot end = run(sample("read-ahead"));
    assertThat(answers(end).filter(a -> a.startsWith("mapped all 2 MiB"))).hasSize(2);
    assertThat(answers(end).filter(a -> a.endsWith("in small"))).hasSize(3);
    assertThat(end.exitCount()).isEqualTo(6);
  }

  @Test
  void theEmulatedConsolePrintsAndLoadsAreExtended() {
    Snapshot end = run(sample("mmio"));
    assertThat(end.console()).isEqualTo("hi\n");
    assertThat(end.pe().x(5)).isEqualTo(-128);
    assertThat(end.pe().x(6)).isEqualTo(0xff80);
    assertThat(end.pe().x(7)).isEqualTo(0xffff_ff80L);
    assertThat(end.pe().x(8)).isZero();
    assertThat(stop(end).ok()).isTrue();
  }

  @Test
  void withoutASyndromeTheInstructionIsDecodedAndDoneWithItsWriteBack() {
    Snapshot end = run(sample("mmio-no-isv"));
    assertThat(end.console()).isEqualTo("hi\n");
    assertThat(end.pe().x(2)).isEqualTo(0x0a00_0110L);
    assertThat(end.pe().x(6)).isEqualTo(0x1111);
    assertThat(end.pe().x(9) & 0x3f).as("DFSC of the exclusive").isEqualTo(0x10);
    assertThat(answers(end).filter(a -> a.contains("by its instruction"))).hasSize(7);
    assertThat(stop(end).ok()).isTrue();
  }

  @Test
  void trappedSystemRegistersAreAnswered() {
    Snapshot end = run(sample("sysreg-trap"));
    assertThat(end.pe().x(0) >>> 32 & 0xf).as("SVE").isZero();
    assertThat(end.pe().x(2)).as("ACTLR_EL1").isZero();
    assertThat(end.pe().x(5)).isZero();
    assertThat(end.exitCount()).isEqualTo(6);
  }

  @Test
  void theGuestTakesTheAbortWhereNothingIs() {
    Snapshot end = run(sample("abort-injected"));
    assertThat(end.console()).isEqualTo("guest: there is nothing at 0x70000000\n");
    assertThat(end.pe().x(10)).as("ESR_EL1").isEqualTo(0x9600_0010L);
    assertThat(end.pe().x(11)).as("FAR_EL1").isEqualTo(0x7000_0000L);
  }

  @Test
  void exceptionsInsideTheGuestAreNoExits() {
    Snapshot end = run(sample("el1-exceptions"));
    assertThat(end.console()).isEqualTo("guest: two exceptions, no exit\n");
    assertThat(end.exitCount()).isEqualTo(1);
  }

  @Test
  void anUnhandledOneIsPrintedByTheGuestAndEndsIt() {
    Snapshot end = run(sample("el1-unhandled"));
    assertThat(end.console()).isEqualTo("Guest: Unhandled Exception Vector 4, ESR=0x56000007\n");
    assertThat(stop(end).ok()).isFalse();
    assertThat(stop(end).reason()).startsWith("HVC #0xFFFF");
  }

  /** As posted x30 stands where x29 belongs, and the guest's own x29 is in no frame. */
  @Test
  void withThePostedFrameTheHandlersStillRunAndWithThePostedVbarNothingDoes() {
    assertThat(run(sample("el1-exceptions").withDefects("el1-stub-frame")).console())
        .isEqualTo("guest: two exceptions, no exit\n");
    assertThat(stop(run(sample("el1-exceptions").withDefects("vbar-link-address"))).reason())
        .contains("outside every region of the guest");
  }

  @Test
  void twoGuestsOfDifferentGranuleRunByTurnsAndTheTlbTellsThemApart() {
    try (Session session = Session.open(sample("two-guests"))) {
      submit(session, new Command.StopAtExits(true));
      boolean both = false;
      Snapshot now = submit(session, new Command.NextExit());
      while (!both && now.state() != RunState.ENDED) {
        now = submit(session, new Command.NextExit());
        both = now.tlb().stream().map(e -> e.vmid()).distinct().count() == 2;
      }
      assertThat(both).isTrue();
    }
    Snapshot end = run(sample("two-guests"));
    assertThat(end.console())
        .isEqualTo("guest 1: my word is still mine\nguest 2: my word is still mine\n");
    assertThat(answers(end).filter(a -> a.endsWith("second goes on"))).hasSize(3);
    assertThat(calls(end).filter("guest_switch"::equals)).hasSizeGreaterThan(5);
  }

  /** Two guests, one VTCR: the walks of the first are made with the geometry of the second. */
  @Test
  void withoutVtcrInTheGuestTheFirstGetsNowhere() {
    Snapshot end = run(sample("two-guests").withDefects("vtcr-not-in-guest"));
    assertThat(end.hostConsole()).contains("guest first has ended: no progress");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 40, 1000})
  void bothPesOfAGuestCountAndPsciSwitchesThem(long quantum) {
    Scenario sample = sample("psci-two-pes");
    Snapshot end = run(sample.with(BoardPlan.ofPes(2, quantum)));
    assertThat(end.console()).isEqualTo("guest: both PEs have counted\n");
    assertThat(stop(end)).isEqualTo(new SimEvent.GuestStopped("PSCI SYSTEM_OFF", true));
    assertThat(calls(end).filter("guest_destroy"::equals)).hasSize(1);
  }

  @Test
  void aGuestWithoutProgressIsStoppedWithWords() {
    SimEvent.GuestStopped stop = stop(run(sample("no-progress")));
    assertThat(stop.reason())
        .startsWith("no progress: the instruction at 0x4008_000c has exited 21");
  }

  private static Stream<String> calls(Snapshot end) {
    return events(end)
        .filter(SimEvent.HostCallBegan.class::isInstance)
        .map(what -> ((SimEvent.HostCallBegan) what).name());
  }
}
