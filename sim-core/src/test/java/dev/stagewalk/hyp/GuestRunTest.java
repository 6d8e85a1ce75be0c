package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which registers RESUME and EXIT restore, as posted and otherwise. */
final class GuestRunTest {
  private static final long HCR_POSTED = 0x4_8000_0039L;
  private static final long VTTBR = 0x5_4810_0000L;

  /** Changes everything a handler can reach, then resumes. */
  private record Meddler() implements ExitHandler {
    @Override
    public String name() {
      return "meddler";
    }

    @Override
    public HandlerAnswer handle(GuestExit exit) {
      if (exit.exceptionClass() == Syndrome.HVC64) {
        return new HandlerAnswer.Exit(name(), "enough", true);
      }
      Consumer<Integer> set = offset -> exit.guest().struct().set(exit.el2(), offset, 0x100);
      exit.setX(0, 0x100);
      exit.setX(30, 0x100);
      set.accept(GuestStruct.ELR);
      set.accept(GuestStruct.SP_EL1);
      set.accept(GuestStruct.SCTLR);
      exit.setSpsr(0x3c4);
      exit.guest().struct().set(exit.el2(), GuestStruct.HCR, HCR_POSTED | 1 << 13);
      exit.guest().struct().set(exit.el2(), GuestStruct.VTTBR, VTTBR);
      return new HandlerAnswer.Resume(name(), "meddled");
    }
  }

  private static TestMachine meddled(Defects defects) {
    TestMachine machine = new TestMachine();
    Hypervisor hypervisor =
        new Hypervisor(
            Guest.builder("guest")
                .image(Exits.PC)
                .region(GuestRegion.of("code", GuestRegion.Kind.CODE, Exits.CODE, 2L << 20))
                .handler(Guest.VECTOR_SYNC_LOWER_64, new Meddler())
                .build(),
            defects);
    hypervisor.boot(machine, machine);
    machine.log.clear();
    machine.exception(Exits.WRITE_TRANSLATION_L3, 0, 0, Exits.PC);
    hypervisor.onExit(machine, machine, Guest.VECTOR_SYNC_LOWER_64, Instead.HANDLER);
    assertThat(machine.running).isTrue();
    return machine;
  }

  private static void reloadsWhatWasPosted(TestMachine machine) {
    assertThat(machine.x[0]).isEqualTo(0x100);
    assertThat(machine.x[30]).isEqualTo(0x100);
    assertThat(machine.register("ELR_EL2")).isEqualTo(0x100);
    assertThat(machine.register("SP_EL1")).isEqualTo(0x100);
    assertThat(machine.register("SPSR_EL2")).isEqualTo(0x3c4);
  }

  @Test
  void asPostedResumeReloadsElrSpsrSpAndTheGeneralRegistersOnly() {
    TestMachine machine = meddled(Defects.AS_POSTED);
    reloadsWhatWasPosted(machine);
    assertThat(machine.register("HCR_EL2")).isEqualTo(HCR_POSTED);
    assertThat(machine.register("VTTBR_EL2")).isNotEqualTo(VTTBR);
    assertThat(machine.register("SCTLR_EL1")).isNotEqualTo(0x100);
  }

  @Test
  void otherwiseResumeTakesEveryEditOfAHandlerAndSynchronises() {
    TestMachine machine = meddled(Defects.NONE);
    reloadsWhatWasPosted(machine);
    assertThat(machine.register("HCR_EL2")).isEqualTo(HCR_POSTED | 1 << 13);
    assertThat(machine.register("VTTBR_EL2")).isEqualTo(VTTBR);
    assertThat(machine.register("SCTLR_EL1")).isEqualTo(0x100);
    assertThat(machine.log).containsSubsequence("S SCTLR_EL1 100", "ISB", "load");
  }

  @Test
  void aResumeAfterNoEditWritesNoSystemRegister() {
    Exits exits = new Exits("calls, wait");
    exits.exit(0x07e0_0000L, 0, 0);
    assertThat(exits.machine.log).noneMatch(line -> line.startsWith("S "));
  }

  @Test
  void theGuestsOwnChangeOfSctlrOutlivesAnExit() {
    Exits exits = new Exits("calls, wait");
    exits.machine.registers.put("SCTLR_EL1", 0x30d0_1801L);
    exits.exit(0x07e0_0000L, 0, 0);
    assertThat(exits.machine.register("SCTLR_EL1")).isEqualTo(0x30d0_1801L);
  }
}
