package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.RandomMaintenance.Omitted;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random programs before each kind of TLB. */
final class TlbAgainstNoTlbTest {
  private static final int STEPS = 80;

  @Test
  void withCorrectMaintenanceEveryTlbGivesTheSame() {
    equal(2, 0, 150);
  }

  @Test
  void withAStepLeftOutAnAdversarialTlbShowsIt() {
    differ(2, 0, 25);
  }

  @Test
  void onOnePeLocalMaintenanceAndBarriersForItAloneAreEnough() {
    equal(1, 0, 150);
  }

  @Test
  void onOnePeAStepLeftOutShowsToo() {
    differ(1, 0, 25);
  }

  @Test
  @Tag("long")
  void manyProgramsWithCorrectMaintenanceGiveTheSame() {
    equal(1, 1_000, 8_000);
    equal(2, 1_000, 8_000);
  }

  @Test
  @Tag("long")
  void manyProgramsWithAStepLeftOutShowIt() {
    differ(1, 1_000, 500);
    differ(2, 1_000, 500);
  }

  private static void equal(int pes, long from, int programs) {
    for (long seed = from; seed < from + programs; seed++) {
      List<String> plain = RandomMaintenance.run(pes, seed, Tlb.Mode.OFF, Omitted.NOTHING, STEPS);
      for (Tlb.Mode mode : new Tlb.Mode[] {Tlb.Mode.REALISTIC, Tlb.Mode.ADVERSARIAL}) {
        assertThat(RandomMaintenance.run(pes, seed, mode, Omitted.NOTHING, STEPS))
            .as("%s on %d, seed %d", mode, pes, seed)
            .isEqualTo(plain);
      }
    }
  }

  /** Not every program meets what it has done wrong, but a good part does. */
  private static void differ(int pes, long from, int programs) {
    for (Omitted omitted : Omitted.values()) {
      if (omitted == Omitted.NOTHING || (pes == 1 && !omitted.concernsOnePe())) {
        continue;
      }
      int shown = 0;
      for (long seed = from; seed < from + programs; seed++) {
        List<String> plain = RandomMaintenance.run(pes, seed, Tlb.Mode.OFF, omitted, STEPS);
        if (!RandomMaintenance.run(pes, seed, Tlb.Mode.ADVERSARIAL, omitted, STEPS).equals(plain)) {
          shown++;
        }
      }
      assertThat(shown)
          .as("programs of %d on %d PEs that show %s", programs, pes, omitted)
          .isPositive();
    }
  }
}
