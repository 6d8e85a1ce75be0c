package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hypervisor that does its maintenance right gives the same before every TLB. */
final class SamplesBeforeEveryTlbTest {

  @ParameterizedTest
  @ValueSource(strings = {"demand-paging", "uart", "hvc", "read-only"})
  void theSampleEndsAlike(String name) {
    Snapshot usual = run(name, Granule.K4, Tlb.Mode.REALISTIC, "none");
    for (Tlb.Mode mode : new Tlb.Mode[] {Tlb.Mode.OFF, Tlb.Mode.ADVERSARIAL}) {
      Snapshot end = run(name, Granule.K4, mode, "none");
      assertThat(stop(end)).as("%s", mode).isEqualTo(stop(usual));
      assertThat(end.console()).isEqualTo(usual.console());
      assertThat(end.exitCount()).isEqualTo(usual.exitCount());
      assertThat(end.pe().pc()).isEqualTo(usual.pe().pc());
    }
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void demandPagingReadsBackEveryWord(Granule granule) {
    Snapshot end = run("demand-paging", granule, Tlb.Mode.ADVERSARIAL, "none");
    assertThat(end.console()).isEqualTo("guest: every word read back\n");
  }

  /** With the MMU off the lock is in Device memory, where an exclusive may fault. */
  @Test
  void exclusivesInDeviceMemoryEndTheSampleWhereTheyMayFault() {
    Snapshot usual = run("two-pes", Granule.K4, Tlb.Mode.REALISTIC, "none");
    assertThat(usual.console()).isEqualTo("both have counted\n");
    Snapshot end = run("two-pes", Granule.K4, Tlb.Mode.ADVERSARIAL, "none");
    assertThat(end.console()).isEqualTo("something is wrong\n");
    assertThat(stop(end).ok()).isTrue();
  }

  private static Snapshot run(String name, Granule granule, Tlb.Mode mode, String defects) {
    Scenario sample = Catalogue.standard().find(name).orElseThrow().withDefects(defects);
    Scenario scenario = sample.with(granule, 40).with(sample.board().with(TlbPlan.of(mode)));
    try (Session session = Session.open(scenario)) {
      session.submit(new Command.StopAtExits(false)).orTimeout(60, TimeUnit.SECONDS).join();
      return session.submit(new Command.Run()).orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private static SimEvent.GuestStopped stop(Snapshot end) {
    for (long n = end.eventCount() - 1; ; n--) {
      if (end.events().get(n).what() instanceof SimEvent.GuestStopped stopped) {
        return stopped;
      }
    }
  }
}
