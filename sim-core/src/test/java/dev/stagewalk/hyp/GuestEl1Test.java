package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GuestEl1Test {
  private static final long HANDLER = 0x4000_0300L;

  private static Exits exits(Defects defects, Granule granule, int vector) {
    return new Exits(
        "demand-paging, calls, kill",
        defects,
        guest ->
            guest
                .geometry(granule, 40)
                .el1(new El1Handlers(List.of(new El1Handlers.Installed(vector, HANDLER)))));
  }

  @ParameterizedTest
  @EnumSource(Granule.class)
  void theGuestBeginsWithVectorsAndAContextThatNamesItsHandlers(Granule granule) {
    Exits exits = exits(Defects.NONE, granule, 5);
    long context = exits.machine.register("TPIDR_EL1");
    long vbar = exits.machine.register("VBAR_EL1");
    assertThat(vbar & 0x7ff).isZero();
    assertThat(exits.machine.load(context + 40)).isEqualTo(HANDLER);
    assertThat(exits.machine.load(context + 32)).isZero();
    assertThat(exits.mapping(context).words()).isEqualTo("RW");
    assertThat(exits.mapping(context).pa()).isEqualTo(context);
    assertThat(exits.mapping(vbar).words()).isEqualTo("RX");
    assertThat(exits.mapping(El1Vectors.UART).words()).isEqualTo("RW device");
  }

  @Test
  void allSixteenVectorsHoldCodeAndAsPostedFourDo() {
    assertThat(vectorsWithCode(Defects.NONE)).isEqualTo(16);
    assertThat(vectorsWithCode(Defects.of(Defect.EL1_STUB_FRAME))).isEqualTo(4);
  }

  private static long vectorsWithCode(Defects defects) {
    Exits exits = exits(defects, Granule.K4, 4);
    long vbar = exits.machine.register("VBAR_EL1");
    long count = 0;
    for (int vector = 0; vector < 16; vector++) {
      count += exits.machine.load(vbar + vector * 0x80L) != 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void asPostedTheVectorsStandWhereNothingIsMapped() {
    Exits exits = exits(Defects.of(Defect.VBAR_LINK_ADDRESS), Granule.K4, 4);
    long vbar = exits.machine.register("VBAR_EL1");
    assertThat(exits.hypervisor.stage2(exits.machine).query(vbar)).isEmpty();
  }

  @Test
  void theUnhandledCallEndsTheGuestWithItsSyndrome() {
    Exits exits = exits(Defects.NONE, Granule.K4, 4);
    exits.machine.registers.put("ESR_EL1", 0x5600_0007L);
    exits.exit(Exits.HVC_0 | 0xffff, 0, 0);
    assertThat(exits.machine.stopped)
        .isEqualTo(
            "HVC #0xFFFF: the guest has no handler for an exception of its own, ESR_EL1"
                + " 0x56000007");
    assertThat(exits.machine.live).isEmpty();
  }

  @Test
  void aVectorThatThereIsNotIsRefusedAndAsPostedIgnored() {
    TestMachine machine = new TestMachine();
    GuestPlan plan =
        Guest.builder("guest")
            .image(Exits.PC)
            .region(GuestRegion.of("code", GuestRegion.Kind.CODE, Exits.CODE, 2L << 20))
            .el1(new El1Handlers(List.of(new El1Handlers.Installed(16, HANDLER))))
            .build();
    new Hypervisor(plan, Defects.NONE).boot(machine, machine);
    assertThat(machine.stopped).endsWith("there is no vector 16 at EL1");
    assertThat(exits(Defects.of(Defect.CREATE_UNCHECKED), Granule.K4, 16).machine.running).isTrue();
  }
}
