package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.session.Framework.OtherGuest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a guest that takes turns has of the timer and of virtual interrupts. */
final class VirtualInterruptsOfGuestsTest {
  private static final List<String> REGISTERS =
      List.of("CNTVOFF_EL2", "ICH_VMCR_EL2", "ICH_AP1R0_EL2", "ICH_LR0_EL2", "ICH_LR3_EL2");

  /** Each guest gives its turn away three times. */
  private static final String GUESTS =
      """
              wfi
              wfi
              mrs  x20, cntvct_el0
              wfi
              hvc  #0
      second: mov  x19, #2
              wfi
              wfi
              mrs  x20, cntvct_el0
              wfi
              hvc  #0
      """;

  private static Scenario guests(String defects) {
    Scenario first = TestScenarios.of(GUESTS, defects);
    String handlers = "calls, schedule, kill";
    OtherGuest second =
        new OtherGuest("second", "second", 2, Granule.K4, 48, first.regions(), handlers);
    return first.with(new Framework(handlers, List.of(), List.of(), List.of(second)));
  }

  private static void set(Session session, String register, long value) {
    session.submit(new Command.Inject(new Edit.SetRegister(register, value, -1))).join();
  }

  private static List<Long> read(Session session) {
    return REGISTERS.stream().map(r -> session.snapshot().pe().system(r)).toList();
  }

  private static void nextExit(Session session) {
    session.submit(new Command.NextExit()).join();
  }

  @Test
  void eachGuestKeepsItsCounterOffsetAndItsListRegistersOverTheOthersTurn() {
    try (Session session = Session.open(guests("none"))) {
      nextExit(session);
      set(session, "CNTVOFF_EL2", 0x1000);
      set(session, "ICH_VMCR_EL2", 0xf800_0002L);
      set(session, "ICH_AP1R0_EL2", 0x10);
      set(session, "ICH_LR0_EL2", 1L << 62 | 1L << 60 | 0x80L << 48 | 40);
      set(session, "ICH_LR3_EL2", 1L << 62 | 1L << 60 | 0x90L << 48 | 41);
      List<Long> first = read(session);
      assertThat(first).doesNotContain(0L);
      nextExit(session);
      assertThat(session.snapshot().pe().x(19)).isEqualTo(2);
      List<Long> second = read(session);
      assertThat(second).doesNotContainAnyElementsOf(first);
      set(session, "CNTVOFF_EL2", 0x200_0000);
      nextExit(session);
      assertThat(session.snapshot().pe().x(19)).isZero();
      assertThat(read(session)).isEqualTo(first);
      nextExit(session);
      assertThat(session.snapshot().pe().system("CNTVOFF_EL2")).isEqualTo(0x200_0000);
      nextExit(session);
      nextExit(session);
      // Its virtual count lies far below zero, the first guest's a little.
      assertThat(session.snapshot().pe().x(20)).isBetween(-0x200_0000L, -0x1ff_0000L);
    }
  }

  @Test
  void asPostedTheNextGuestGetsThemAll() {
    try (Session session = Session.open(guests("registers-not-switched"))) {
      nextExit(session);
      set(session, "CNTVOFF_EL2", 0x1000);
      set(session, "ICH_LR0_EL2", 1L << 62 | 1L << 60 | 0x80L << 48 | 40);
      List<Long> first = read(session);
      nextExit(session);
      assertThat(session.snapshot().pe().x(19)).isEqualTo(2);
      assertThat(read(session)).isEqualTo(first);
    }
  }
}
