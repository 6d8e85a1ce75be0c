package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine of one or two PEs that executes a program from EL2 on, watched by a referee. Every PE
 * reads once through tables; then the first stores to a descriptor of them.
 *
 * <p>Of stage 2 a hypervisor at EL2 changes the tables of guests, one a PE; of stage 1 a kernel at
 * EL1 changes its own, which another PE uses too.
 */
final class JudgedBoard {
  static final long RAM = Machine.RAM_BASE;

  /** Level 3 table; its first entry translates {@link #PAGE}. */
  static final long LEVEL_3 = RAM + 0x30_4000L;

  static final long LEVEL_2 = RAM + 0x30_2000L;

  /** Level 3 tables that nothing names, both with the same pages. */
  static final long SPARE = RAM + 0x30_5000L;

  static final long OTHER_SPARE = RAM + 0x30_6000L;

  /** Two places of 2 MiB, of which the second holds something else. */
  static final long OLD = RAM + 0x40_0000L;

  static final long NEW = RAM + 0x60_0000L;

  /** What the PEs read, by a page and by a block. */
  static final long PAGE = RAM + 0x80_0000L;

  static final long BLOCK = RAM + 0xa0_0000L;

  private static final long ROOT = RAM + 0x30_0000L;
  private static final long CODE = RAM + 0x8_0000L;

  private static final String PROGRAM =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          ldr   x21, =0x40200000        // flag of the second PE
          adr   x0, vectors
          msr   vbar_el2, x0
          adr   x0, guest
          msr   elr_el2, x0
          mov   x0, #0x3c5
          msr   spsr_el2, x0
          SETUP
          isb
          eret
      guest:
          ldr   x2, =READ
          ldr   x1, [x2]
          cbz   x20, first
          mov   x0, #1
          stlr  x0, [x21]
          b     .
      first:
          mov   x22, #PES
          sub   x22, x22, #1
          cbz   x22, alone
      wait:
          ldar  x0, [x21]
          cbz   x0, wait
      alone:
          CHANGE_AT_EL1
          hvc   #0
      .balign 2048
      vectors:
          b     .
      .balign 1024
          cbnz  x20, second
          CHANGE_AT_EL2
          mov   w0, #0x84000000
          add   w0, w0, #8
          smc   #0
      second:
          mov   x0, #1
          stlr  x0, [x21]
          b     .
      """;

  private static final String STAGE_2 =
      """
          ldr   x0, =0x80053558         // 40-bit IPAs from level 1
          msr   vtcr_el2, x0
          ldr   x0, =0x0001000040300000 // VMID 1
          msr   vttbr_el2, x0
          ldr   x0, =0x80000001         // RW, VM
          msr   hcr_el2, x0
      """;

  private static final String STAGE_1 =
      """
          ldr   x0, =0x80000000         // RW
          msr   hcr_el2, x0
          ldr   x0, =0x200803519        // T0SZ 25, EPD1, IPS 40 bits
          msr   tcr_el1, x0
          ldr   x0, =0x44ff             // Write-Back, Non-cacheable
          msr   mair_el1, x0
          ldr   x0, =0x0005000040300000 // ASID 5
          msr   ttbr0_el1, x0
          ldr   x0, =0x30d01805         // M, C, I
          msr   sctlr_el1, x0
      """;

  final List<Ruling> rulings = new ArrayList<>();
  private final Machine machine;
  private final Referee referee;

  /**
   * @param stage whose tables
   * @param pes 1 or 2
   * @param bbm what the PEs offer
   * @param read what every PE reads first
   * @param change instructions by which PE 0 changes a descriptor
   */
  JudgedBoard(int stage, int pes, BbmSupport bbm, long read, String change) {
    String program =
        PROGRAM
            .replace("SETUP", stage == 2 ? STAGE_2 : STAGE_1)
            .replace("CHANGE_AT_EL1", stage == 2 ? "" : change)
            .replace("CHANGE_AT_EL2", stage == 2 ? change : "")
            .replace("READ", "0x" + Long.toHexString(read))
            .replace("PES", Integer.toString(pes));
    List<Referee> watching = new ArrayList<>();
    EventSink sink =
        (pe, event) -> watching.forEach(referee -> rulings.addAll(referee.happened(pe, event)));
    machine =
        new Machine(
            Profiles.standard().require("max"),
            BoardPlan.ofPes(pes, 10).startingAt(CODE),
            Machine.RAM_SIZE,
            4096,
            new Tlb(Tlb.Mode.REALISTIC, 64, 1),
            sink);
    int mmfr2 = SystemRegisters.index("ID_AA64MMFR2_EL1");
    machine
        .pes()
        .forEach(pe ->
            pe.setSystem(mmfr2, pe.system(mmfr2) & ~(0xfL << 52) | (long) bbm.ordinal() << 52));
    machine.ram().write(CODE, assemble(program).image());
    machine.pes().getFirst().branch(CODE);
    long leaf = stage == 2 ? 0x7fc : 0xf00;
    machine.ram().write(ROOT + 8, 8, LEVEL_2 | 3);
    for (int i = 0; i < 4; i++) {
      // A kernel may not execute what EL0 can write, and nothing here is for EL0.
      put(LEVEL_2 + 8L * i, RAM + 0x20_0000L * i | leaf | 1);
    }
    put(LEVEL_2 + 8 * 4, LEVEL_3 | 3);
    for (int i = 0; i < 512; i++) {
      put(SPARE + 8L * i, OLD + 0x1000L * i | leaf | 3);
      put(OTHER_SPARE + 8L * i, OLD + 0x1000L * i | leaf | 3);
    }
    put(NEW, 1);
    referee = new Referee(new ObservedMachine(machine));
    watching.add(referee);
  }

  private static Assembled assemble(String source) {
    Assembled assembled = new Assembler().assemble("test.s", source, CODE);
    assertThat(assembled.errors()).isEmpty();
    return assembled;
  }

  JudgedBoard put(long pa, long value) {
    machine.ram().write(pa, 8, value);
    return this;
  }

  /** Runs to the end; what was said of stores then stands in {@link #rulings}. */
  JudgedBoard run() {
    machine.run(20_000);
    assertThat(machine.isHalted()).isTrue();
    return this;
  }

  /** Instructions that store a value. */
  static String store(long at, long value) {
    return "ldr x5, =0x%x\n ldr x6, =0x%x\n str x6, [x5]\n".formatted(at, value);
  }

  Ruling last() {
    return rulings.getLast();
  }

  List<Referee.Outstanding> outstanding() {
    return referee.outstanding();
  }
}
