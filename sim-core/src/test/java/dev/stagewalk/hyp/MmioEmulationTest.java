package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.asm.Assembler;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MmioEmulationTest {
  private static final long SCRATCH = Exits.CONSOLE + 0x100;

  /** A data abort from below with a valid syndrome, translation fault level 1. */
  private static final long ISV = 0x9300_0005L;

  private static final long NO_ISV = 0x9200_0005L;

  private final Exits exits = new Exits("mmio, demand-paging, calls, kill");

  private String access(long esr, long va) {
    return exits.exit(esr, va, va >>> 8 & -16);
  }

  private static long syndrome(int sas, boolean sse, int srt, boolean sf, boolean write) {
    return ISV
        | (long) sas << 22
        | (sse ? 1L << 21 : 0)
        | (long) srt << 16
        | (sf ? 1L << 15 : 0)
        | (write ? 1L << 6 : 0);
  }

  private String run(String instruction, long va) {
    byte[] code = new Assembler().assemble("t.s", instruction, Exits.PC).image();
    exits.instruction((int) Words.word(Arrays.copyOf(code, 8), 0));
    return access(NO_ISV | (instruction.startsWith("st") ? 0x40 : 0), va);
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false, 0x00000000000000f1",
    "0, true, false, 0x00000000fffffff1",
    "0, true, true, 0xfffffffffffffff1",
    "1, false, false, 0x000000000000e0f1",
    "1, true, true, 0xffffffffffffe0f1",
    "2, false, false, 0x00000000c0d0e0f1",
    "2, true, true, 0xffffffffc0d0e0f1",
    "3, false, true, 0x8090a0b0c0d0e0f1"
  })
  void aLoadIsExtendedAsItsSyndromeSays(int sas, boolean sse, boolean sf, String expected) {
    exits.machine.x[7] = 0x8090_a0b0_c0d0_e0f1L;
    access(syndrome(3, false, 7, true, true), SCRATCH);
    exits.machine.x[2] = -1;
    assertThat(access(syndrome(sas, sse, 2, sf, false), SCRATCH)).contains("by the syndrome");
    assertThat(exits.machine.x[2]).isEqualTo(Long.parseUnsignedLong(expected.substring(2), 16));
    assertThat(exits.elr()).isEqualTo(Exits.PC + 4);
  }

  @Test
  void aStoreTouchesItsOwnBytesOnly() {
    exits.machine.x[1] = -1;
    access(syndrome(3, false, 1, true, true), SCRATCH);
    exits.machine.x[1] = 0x1234;
    access(syndrome(1, false, 1, false, true), SCRATCH + 2);
    access(syndrome(3, false, 3, true, false), SCRATCH);
    assertThat(exits.machine.x[3]).isEqualTo(0xffff_ffff_1234_ffffL);
  }

  @Test
  void register31IsZeroAndLoadsToItGoNowhere() {
    assertThat(access(syndrome(2, false, 31, false, true), SCRATCH)).contains("wrote 0x0 from wzr");
    assertThat(access(syndrome(2, false, 31, false, false), SCRATCH)).contains("into wzr");
  }

  @Test
  void whatIsWrittenToTheDataRegisterIsPrinted() {
    exits.machine.x[2] = 'A';
    access(syndrome(0, false, 2, false, true), Exits.CONSOLE);
    assertThat(exits.machine.log).contains("UART A");
    access(syndrome(2, false, 4, false, false), Exits.CONSOLE + 0x18);
    assertThat(exits.machine.x[4]).isEqualTo(0x90);
  }

  @Test
  void aPairWithWriteBackIsDecodedFromMemory() {
    exits.machine.x[4] = 0x1111;
    exits.machine.x[5] = 0x2222;
    exits.machine.x[2] = SCRATCH - 8;
    assertThat(run("stp x4, x5, [x2, #8]!", SCRATCH))
        .contains("by its instruction, stp x4, x5, [x2, #8]!");
    assertThat(exits.machine.x[2]).isEqualTo(SCRATCH);
    run("ldpsw x6, x7, [x2], #24", SCRATCH);
    assertThat(exits.machine.x[6]).isEqualTo(0x1111);
    assertThat(exits.machine.x[7]).isZero();
    assertThat(exits.machine.x[2]).isEqualTo(SCRATCH + 24);
    assertThat(exits.elr()).isEqualTo(Exits.PC + 4);
  }

  @Test
  void theStackPointerIsABaseToo() {
    exits.machine.registers.put("SP_EL1", SCRATCH + 16);
    exits.machine.x[9] = 77;
    run("str x9, [sp, #-16]!", SCRATCH);
    assertThat(exits.machine.register("SP_EL1")).isEqualTo(SCRATCH);
    run("ldr x10, [sp], #8", SCRATCH);
    assertThat(exits.machine.x[10]).isEqualTo(77);
    assertThat(exits.machine.register("SP_EL1")).isEqualTo(SCRATCH + 8);
  }

  @Test
  void registersOf128BitsAreStoredAndLoaded() {
    exits.machine.vectors[6] = 0x1122;
    exits.machine.vectors[7] = 0x3344;
    exits.machine.x[2] = SCRATCH;
    exits.machine.x[3] = 2;
    run("str q3, [x2]", SCRATCH);
    run("ldr d4, [x2, #8]", SCRATCH + 8);
    assertThat(exits.machine.vectors[8]).isEqualTo(0x3344);
    exits.machine.vectors[11] = -1;
    run("ldr h5, [x2, x3, lsl #1]", SCRATCH + 4);
    assertThat(exits.machine.vectors[10]).isZero();
    assertThat(exits.machine.vectors[11]).isZero();
    run("ldp q6, q7, [x2]", SCRATCH);
    assertThat(exits.machine.vectors[12]).isEqualTo(0x1122);
    assertThat(exits.machine.vectors[13]).isEqualTo(0x3344);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldxr x8, [x2]", "ldadd x8, x9, [x2]", "ld1 {v0.16b}, [x2]"})
  void whatIsNoPlainLoadOrStoreGoesBackToTheGuestAsAnExternalAbort(String instruction) {
    exits.machine.x[2] = SCRATCH;
    exits.machine.registers.put("VBAR_EL1", 0x4000_0800L);
    assertThat(run(instruction, SCRATCH)).contains("cannot be emulated");
    assertThat(exits.machine.register("ESR_EL1")).isEqualTo(0x9600_0010L);
    assertThat(exits.machine.register("FAR_EL1")).isEqualTo(SCRATCH);
    assertThat(exits.elr()).isEqualTo(0x4000_0a00L);
  }

  @Test
  void aPairThatOnlyEndsInTheDeviceIsNotTornApart() {
    exits.machine.x[2] = Exits.CONSOLE - 8;
    assertThat(run("ldp x4, x5, [x2]", Exits.CONSOLE)).contains("cannot be emulated");
    exits.machine.x[2] = Exits.CONSOLE + 0xff8;
    assertThat(run("ldp x4, x5, [x2]", Exits.CONSOLE + 0xff8)).contains("cannot be emulated");
  }

  @Test
  void cacheMaintenanceOfADeviceDoesNothing() {
    assertThat(access(NO_ISV | 1 << 8 | 1 << 6, SCRATCH)).contains("nothing to maintain");
    assertThat(exits.elr()).isEqualTo(Exits.PC + 4);
  }

  @Test
  void aFaultElsewhereIsNotItsBusiness() {
    assertThat(access(syndrome(3, false, 1, true, false), Exits.HEAP)).contains("demand_page");
  }

  @Test
  void theInstructionIsReadThroughTheGuestsOwnStage1() {
    exits.machine.registers.put("SCTLR_EL1", 1L);
    exits.machine.registers.merge("HCR_EL2", ~(1L << 12), (old, mask) -> old & mask);
    exits.machine.atAnswer = Exits.CODE;
    exits.machine.x[2] = 0x7000_0100L;
    exits.instruction(0xf840_8443);
    assertThat(exits.exit(NO_ISV, 0x7000_0100L, Exits.CONSOLE >>> 8, 0x9000_0200L))
        .contains("ldr x3, [x2], #8");
    assertThat(exits.machine.log).contains("AT S1E1R 90000200");
    exits.machine.atAnswer = 1;
    assertThat(exits.exit(NO_ISV, 0x7000_0100L, Exits.CONSOLE >>> 8, 0x9000_0200L))
        .contains("no longer maps its instruction");
  }
}
