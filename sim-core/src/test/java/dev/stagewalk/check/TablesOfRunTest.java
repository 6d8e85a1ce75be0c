package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TablesOfRunTest {
  private static final long AF = 1 << 10;

  private final Machine machine =
      new Machine(Profiles.standard().require("max"), 4096, new Tlb(TlbPlan.USUAL), (_, _) -> {});
  private final List<Finding> found = new ArrayList<>();
  private final TablesOfRun check =
      new TablesOfRun(machine, new ObservedMachine(machine), found::add);
  private long number;

  private void happened(SimEvent event) {
    check.happened(new Event(number, Moment.at(number), 0, event));
    number++;
  }

  /** An exit to EL2 by a walk of a table with one leaf. */
  private void faulted(long leaf) {
    Stage2Parameters second = Stage2Parameters.decode(0x8002_3559L, 0x1_0000, 1, Features.MAX);
    happened(
        new SimEvent.ExceptionTaken(
            1,
            2,
            8,
            0x9200_0009L,
            0x1018,
            0,
            true,
            0,
            0,
            Stage2Walk.walk(second, 0x1018, Access.read(8), _ -> leaf)));
  }

  @Test
  void anAccessFlagFaultForWhichTheGuestIsEndedIsFound() {
    faulted(0x4000_07fdL & ~AF);
    happened(new SimEvent.HandlerAnswered(false, "kill", "Access flag fault"));
    assertThat(found)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(FindingKind.AF_CLEAR);
          assertThat(finding.place())
              .isEqualTo(
                  new Place.Happened(
                      0,
                      Moment.at(0),
                      0,
                      "Access flag fault",
                      new Place.Input(Place.Owner.ofStage2(0), 0x1000, 0x1000)));
          assertThat(finding.evidence()).contains("0x0000_1018", "kill");
        });
  }

  @Test
  void oneThatIsAnsweredIsNot() {
    faulted(0x4000_07fdL & ~AF);
    happened(new SimEvent.HandlerAnswered(true, "access_flags", "set"));
    faulted(0);
    happened(new SimEvent.HandlerAnswered(false, "kill", "Translation fault"));
    assertThat(found).isEmpty();
  }
}
