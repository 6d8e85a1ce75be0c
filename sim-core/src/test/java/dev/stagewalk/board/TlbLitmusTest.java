package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two PEs at EL2 with stage 1 on. The second reads through a page, the first gives the page another
 * output address, breaking before making, and lets the second read again.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions", "Ordering and completion of TLB maintenance
 * instructions".
 */
class TlbLitmusTest {
  private static final long TABLES = Machine.RAM_BASE + 0x30_0000L;
  private static final long OLD = Machine.RAM_BASE + 0x50_0000L;
  private static final long NEW = Machine.RAM_BASE + 0x50_1000L;

  /** Valid, Normal memory, accessed, Inner Shareable; a block, and a page or table. */
  private static final long BLOCK = 0x741;

  private static final long PAGE = 0x743;

  private static final String PROGRAM =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          mov   x0, #0xff
          msr   mair_el2, x0
          mov   x0, #0x40300000
          msr   ttbr0_el2, x0
          ldr   x0, =0x80823519         // T0SZ 25, write-back, Inner Shareable, 40 bits
          msr   tcr_el2, x0
          isb
          mrs   x0, sctlr_el2
          orr   x0, x0, #1
          msr   sctlr_el2, x0
          isb
          ldr   x1, =0x40200000         // flags
          add   x2, x1, #128
          ldr   x3, =0x40800000         // the page
          cbnz  x20, reader
      first:
          ldar  x0, [x1]
          cbz   x0, first
          ldr   x5, =0x40302000         // its descriptor
          ldr   x6, =0x40501743
          str   xzr, [x5]
          dsb   ish
          lsr   x7, x3, #12
          MAINTENANCE
          isb
          str   x6, [x5]
          AFTER
          mov   x0, #1
          stlr  x0, [x2]
      park:
          wfi
          b     park
      reader:
          ldr   x21, [x3]
          mov   x0, #1
          stlr  x0, [x1]
      second:
          ldar  x0, [x2]
          cbz   x0, second
          ldr   x22, [x3]
          mov   w0, #0x84000000
          add   w0, w0, #8
          smc   #0
      """;

  private static long read(Tlb.Mode mode, long quantum, String maintenance, String after) {
    Boards boards =
        new Boards(
            BoardPlan.ofPes(2, quantum).startingAt(Boards.CODE),
            mode,
            PROGRAM.replace("MAINTENANCE", maintenance).replace("AFTER", after));
    var ram = boards.machine.ram();
    ram.write(TABLES + 8, 8, TABLES + 0x1000 | 3);
    for (int block = 0; block < 4; block++) {
      ram.write(TABLES + 0x1000 + 8 * block, 8, Machine.RAM_BASE + 0x20_0000L * block | BLOCK);
    }
    ram.write(TABLES + 0x1000 + 8 * 4, 8, TABLES + 0x2000 | 3);
    ram.write(TABLES + 0x2000, 8, OLD | PAGE);
    ram.write(OLD, 8, 1);
    ram.write(NEW, 8, 2);
    boards.toEnd(100_000);
    assertThat(boards.end().reason()).isEqualTo("PSCI SYSTEM_OFF");
    var reader = boards.machine.pes().get(1);
    assertThat(reader.x(21)).as("before").isEqualTo(1);
    return reader.x(22);
  }

  @ParameterizedTest
  @CsvSource({"ADVERSARIAL,1", "ADVERSARIAL,7", "ADVERSARIAL,1000", "REALISTIC,1", "REALISTIC,50"})
  void aTlbiWithoutIsLeavesTheEntryOfTheOtherPe(Tlb.Mode mode, long quantum) {
    assertThat(read(mode, quantum, "tlbi vae2, x7\n    dsb ish", "dsb ish")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"ADVERSARIAL,1", "ADVERSARIAL,7", "ADVERSARIAL,1000"})
  void aDsbNshDoesNotCompleteATlbiOfTheInnerShareableDomain(Tlb.Mode mode, long quantum) {
    assertThat(read(mode, quantum, "tlbi vae2is, x7\n    dsb nsh", "dsb nsh")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"ADVERSARIAL,1", "ADVERSARIAL,7", "ADVERSARIAL,1000"})
  void aDsbIshstDoesNotCompleteATlbi(Tlb.Mode mode, long quantum) {
    assertThat(read(mode, quantum, "tlbi vae2is, x7\n    dsb ishst", "dsb ishst")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ADVERSARIAL,1",
    "ADVERSARIAL,7",
    "ADVERSARIAL,1000",
    "REALISTIC,1",
    "REALISTIC,50",
    "OFF,3"
  })
  void withTheWholeSequenceTheOtherPeReadsTheNewPage(Tlb.Mode mode, long quantum) {
    assertThat(read(mode, quantum, "tlbi vae2is, x7\n    dsb ish", "dsb ish")).isEqualTo(2);
  }
}
