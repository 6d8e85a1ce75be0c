package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.cpu.Activity;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Tlb;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeveralPesTest {
  private static final String OFF =
      """
      off:
          mov   w0, #0x84000000
          add   w0, w0, #8
          smc   #0
      """;

  /** Each PE adds 1 to a counter 500 times with exclusives; the first waits for the others. */
  private static final String EXCLUSIVES =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          mov   x1, #0x40000000
          add   x1, x1, #0x200, lsl #12
          mov   x2, #500
      again:
          ldxr  x3, [x1]
          add   x3, x3, #1
          stxr  w4, x3, [x1]
          cbnz  w4, again
          sub   x2, x2, #1
          cbnz  x2, again
          add   x5, x1, #256
          mov   x6, #1
          ldadd x6, x7, [x5]
          sev
          cbnz  x20, park
      wait:
          ldr   x7, [x5]
          cmp   x7, #PES
          b.eq  off
          wfe
          b     wait
      park:
          wfi
          b     park
      """;

  /** A spinlock of LDAXR and STLR around two words that must stay equal. */
  private static final String LOCK =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          mov   x1, #0x40000000
          add   x1, x1, #0x200, lsl #12
          add   x8, x1, #128
          add   x9, x1, #0x1000
          mov   x2, #200
          mov   w12, #1
          sevl
      acquire:
          wfe
          ldaxr w3, [x1]
          cbnz  w3, acquire
          stxr  w4, w12, [x1]
          cbnz  w4, retry
          ldr   x5, [x8]
          ldr   x6, [x9]
          cmp   x5, x6
          b.ne  broken
          add   x5, x5, #1
          str   x5, [x8]
          nop
          str   x5, [x9]
          stlr  wzr, [x1]
          sub   x2, x2, #1
          sevl
          cbnz  x2, acquire
          mov   x6, #1
          add   x7, x1, #256
          ldaddal x6, x7, [x7]
          sev
          cbnz  x20, park
      wait:
          add   x7, x1, #256
          ldar  x7, [x7]
          cmp   x7, #PES
          b.eq  off
          wfe
          b     wait
      retry:
          sevl
          b     acquire
      broken:
          brk   #1
      park:
          wfi
          b     park
      """;

  /** One PE writes data and then a flag; the other waits for the flag and reads the data. */
  private static final String MESSAGE =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          mov   x1, #0x40000000
          add   x1, x1, #0x200, lsl #12
          add   x8, x1, #2048
          mov   x2, #1
          cbnz  x20, reader
      writer:
          lsl   x3, x2, #8
          str   x3, [x8]
          stlr  x2, [x1]
      taken:
          ldar  x4, [x1, #0]
          cbnz  x4, taken
          add   x2, x2, #1
          cmp   x2, #100
          b.ne  writer
          b     off
      reader:
          ldar  x4, [x1]
          cbz   x4, reader
          ldr   x5, [x8]
          cmp   x5, x4, lsl #8
          b.ne  broken
          stlr  xzr, [x1]
          b     reader
      broken:
          brk   #1
      """;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 10, 64, 1000})
  void exclusivesCountRightHoweverPesAreInterleaved(long quantum) {
    for (int pes = 1; pes <= 4; pes++) {
      String source = EXCLUSIVES.replace("PES", Integer.toString(pes)) + OFF;
      Boards boards = Boards.together(pes, quantum, source).toEnd(2_000_000);
      assertThat(boards.end().ok()).isTrue();
      assertThat(boards.word(Boards.DATA)).as("%s PEs", pes).isEqualTo(500L * pes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 8, 17, 1000})
  void aSpinlockKeepsOthersOutHoweverPesAreInterleaved(long quantum) {
    String source = LOCK.replace("PES", "3") + OFF;
    Boards boards = Boards.together(3, quantum, source).toEnd(5_000_000);
    assertThat(boards.end().reason()).isEqualTo("PSCI SYSTEM_OFF");
    assertThat(boards.word(Boards.DATA + 128)).isEqualTo(600);
    assertThat(boards.word(Boards.DATA + 0x1000)).isEqualTo(600);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 100})
  void aReleasedMessageIsSeenWhole(long quantum) {
    Boards boards = Boards.together(2, quantum, MESSAGE + OFF).toEnd(1_000_000);
    assertThat(boards.end().ok()).isTrue();
  }

  @Test
  void aStoreOfAnotherPeTakesTheMarkEvenIfItRestoresTheValue() {
    // With a quantum of 4 the second PE stores between the exclusives of the first.
    Boards boards =
        Boards.together(
                2,
                4,
                """
                    mrs   x20, mpidr_el1
                    mov   x1, #0x40200000
                    and   x20, x20, #3
                    cbnz  x20, other
                    ldxr  x3, [x1]
                    nop
                    nop
                    nop
                    stxr  w4, x3, [x1]
                    b     off
                other:
                    str   xzr, [x1, #56]
                    wfi
                """
                    + OFF)
            .toEnd(1000);
    assertThat(boards.machine.pes().getFirst().x(4)).as("status of STXR").isEqualTo(1);
  }

  @Test
  void aStoreElsewhereLeavesTheMark() {
    Boards boards =
        Boards.together(
                2,
                4,
                """
                    mrs   x20, mpidr_el1
                    mov   x1, #0x40200000
                    and   x20, x20, #3
                    cbnz  x20, other
                    ldxr  x3, [x1]
                    nop
                    nop
                    nop
                    stxr  w4, x3, [x1]
                    b     off
                other:
                    str   xzr, [x1, #64]
                    wfi
                """
                    + OFF)
            .toEnd(1000);
    assertThat(boards.machine.pes().getFirst().x(4)).as("status of STXR").isZero();
  }

  @Test
  void codeThatOnePeRewritesIsExecutedAnewByAnother() {
    Boards boards =
        Boards.together(
                2,
                10,
                """
                    mrs   x20, mpidr_el1
                    mov   x1, #0x40200000
                    and   x20, x20, #3
                    cbnz  x20, other
                again:
                    bl    code
                    cmp   x9, #2
                    b.ne  again
                    b     off
                code:
                    mov   x9, #1
                    ret
                other:
                    mov   x2, #100
                count:
                    sub   x2, x2, #1
                    cbnz  x2, count
                    adr   x3, code
                    adr   x4, fresh
                    ldr   w5, [x4]
                    str   w5, [x3]
                    wfi
                fresh:
                    mov   x9, #2
                """
                    + OFF)
            .toEnd(10_000);
    assertThat(boards.end().ok()).isTrue();
  }

  @Test
  void theRunIsTheSameHoweverItIsCut() {
    String source = LOCK.replace("PES", "3") + OFF;
    Boards whole = Boards.together(3, 7, source).toEnd(5_000_000);
    Boards cut = Boards.together(3, 7, source);
    for (long step = 1; !cut.machine.isHalted(); step = step % 29 + 1) {
      cut.machine.run(cut.machine.instructions() + step);
      if (step == 13) {
        cut.machine.restore(cut.machine.save());
      }
    }
    assertThat(cut.machine.instructions()).isEqualTo(whole.machine.instructions());
    assertThat(cut.machine.stateHash()).isEqualTo(whole.machine.stateHash());
    assertThat(cut.events).isEqualTo(whole.events);
  }

  @Test
  void anotherQuantumIsAnotherRun() {
    String source = LOCK.replace("PES", "2") + OFF;
    Set<Long> lengths = new HashSet<>();
    for (long quantum : new long[] {1, 5, 50}) {
      lengths.add(Boards.together(2, quantum, source).toEnd(1_000_000).machine.instructions());
    }
    assertThat(lengths).hasSizeGreaterThan(1);
  }

  @Test
  void cpuOnStartsAPeAtItsEntryWithItsContextAndOnlyOnce() {
    Boards boards =
        new Boards(
                BoardPlan.ofPes(2, 25),
                Tlb.Mode.REALISTIC,
                """
                    mov   w10, #0x84000000
                    mov   x11, #0xc4000000
                    add   x0, x11, #3
                    mov   x1, #1
                    adr   x2, second
                    mov   x3, #77
                    smc   #0
                    mov   x20, x0
                    add   x0, x11, #3
                    smc   #0
                    mov   x21, x0
                    add   x0, x11, #3
                    mov   x1, #9
                    smc   #0
                    mov   x22, x0
                    add   x0, x11, #4
                    mov   x1, #1
                    mov   x2, #0
                    smc   #0
                    mov   x23, x0
                wait:
                    add   x0, x11, #4
                    smc   #0
                    cmp   x0, #1
                    b.ne  wait
                    add   w0, w10, #0
                    smc   #0
                    mov   x24, x0
                    add   w0, w10, #10
                    mov   w1, #0x84000000
                    add   w1, w1, #1
                    smc   #0
                    mov   x25, x0
                    add   w0, w10, #5
                    smc   #0
                    mov   x26, x0
                    b     off
                second:
                    mov   x19, x0
                    mrs   x18, currentel
                    mov   w0, #0x84000000
                    add   w0, w0, #2
                    smc   #0
                """
                    + OFF)
            .toEnd(10_000);
    assertThat(boards.end().reason()).isEqualTo("PSCI SYSTEM_OFF");
    var first = boards.machine.pes().getFirst();
    var second = boards.machine.pes().get(1);
    assertThat(first.x(20)).as("CPU_ON").isZero();
    assertThat(first.x(21)).as("CPU_ON again").isEqualTo(-4);
    assertThat(first.x(22)).as("CPU_ON of no PE").isEqualTo(-2);
    assertThat(first.x(23)).as("AFFINITY_INFO while on").isZero();
    assertThat(first.x(24)).as("VERSION").isEqualTo(0x1_0001);
    assertThat(first.x(25)).as("FEATURES of CPU_SUSPEND").isZero();
    assertThat(first.x(26)).as("MIGRATE").isEqualTo(-1);
    assertThat(second.x(19)).as("context").isEqualTo(77);
    assertThat(second.x(18)).as("CurrentEL").isEqualTo(2 << 2);
    assertThat(second.waiting().activity()).isEqualTo(Activity.OFF);
    assertThat(boards.events).contains(new SimEvent.FirmwareCalled("PSCI CPU_OFF", "PE 1", 0));
  }

  @Test
  void anSmcTheFirmwareDoesNotKnowIsNotSupportedForEl2AndUndefinedAtEl1() {
    Boards boards =
        new Boards(
                BoardPlan.USUAL,
                Tlb.Mode.REALISTIC,
                """
                    mov   w0, #0x4b000000
                    smc   #0
                    mov   x20, x0
                    mov   x0, #0x80000000
                    msr   hcr_el2, x0
                    adr   x1, vectors
                    msr   vbar_el1, x1
                    adr   x0, guest
                    msr   elr_el2, x0
                    mov   x0, #0x3c5
                    msr   spsr_el2, x0
                    eret
                guest:
                    mov   w0, #0x4b000000
                    smc   #0
                    .balign 2048
                vectors:
                    .skip 0x200
                    mrs   x9, esr_el1
                """
                    + OFF)
            .toEnd(100);
    assertThat(boards.machine.pe().x(20)).isEqualTo(-1);
    assertThat(boards.machine.pe().x(9)).isEqualTo(0x0200_0000L);
  }

  @Test
  void whereEveryPeWaitsForAnInterruptThatCannotComeTheMachineSaysSo() {
    Boards boards = Boards.together(2, 10, "wfi\nwfi\nb .").toEnd(100);
    assertThat(boards.end().ok()).isFalse();
    assertThat(boards.end().reason()).contains("every PE waits for an interrupt");
  }

  @Test
  void whereEveryPeIsOffTheMachineSaysSo() {
    Boards boards =
        new Boards(
                BoardPlan.ofPes(2, 10),
                Tlb.Mode.REALISTIC,
                "mov w0, #0x84000000\nadd w0, w0, #2\nsmc #0\n")
            .toEnd(100);
    assertThat(boards.end().reason()).isEqualTo("every PE is off");
  }

  @Test
  void aLoneWfeEndsByItselfAndAnEventRegisterThatIsSetIsCleared() {
    Boards boards = Boards.together(1, 10, "sevl\nwfe\nwfe\nmov x9, #3\n" + OFF).toEnd(100);
    assertThat(boards.machine.pe().x(9)).isEqualTo(3);
    assertThat(boards.end().ok()).isTrue();
  }

  @Test
  void aBoardHasOneToFourPesAndAQuantum() {
    assertThatIllegalArgumentException().isThrownBy(() -> BoardPlan.ofPes(5, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> BoardPlan.ofPes(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> BoardPlan.ofPes(1, 0));
  }

  @Test
  void whatAPeWaitsForAndWhoseTurnItIsAreInTheStateHash() {
    Boards boards = Boards.together(2, 10, "b .");
    Set<Long> hashes = new HashSet<>();
    hashes.add(boards.machine.stateHash());
    boards.machine.pes().get(1).waiting().receiveEvent();
    assertThat(hashes.add(boards.machine.stateHash())).isTrue();
    boards.machine.pes().get(1).waiting().standBy();
    assertThat(hashes.add(boards.machine.stateHash())).isTrue();
    boards.machine.pes().get(1).waiting().powerOff();
    assertThat(hashes.add(boards.machine.stateHash())).isTrue();
    Machine.State state = boards.machine.save();
    boards.machine.restore(
        new Machine.State(
            state.pes(),
            1,
            state.turnEnds(),
            state.skippedTicks(),
            state.memory(),
            state.tlb(),
            state.allocator(),
            state.devices(),
            state.interference(),
            state.start()));
    assertThat(hashes.add(boards.machine.stateHash())).isTrue();
  }

  /** Counts in a word that a reset sets back to what the image has, and in one outside of it. */
  private static final String RESETS =
      """
          mrs   x20, mpidr_el1
          and   x20, x20, #3
          cbnz  x20, rest
          mov   x1, #0x40000000
          ldr   x21, counted
          mov   x22, #0x09000000
          add   w2, w21, #65
          strb  w2, [x22]
          adr   x3, counted
          str   x20, [x3]
          str   x21, [x1]
          mrs   x4, cntpct_el0
          cmp   x4, #700
          b.gt  off
          movz  w0, #0x8400, lsl #16
          add   w0, w0, #9
          smc   #0
      rest:
          wfi
          b     rest
          .balign 8
      counted:
          .quad 3
      """;

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 1000})
  void aSystemResetLoadsTheImagesAgainAndBeginsAnewWhileTimeGoesOn(long quantum) {
    Boards boards = Boards.together(2, quantum, RESETS + OFF).toEnd(10_000);
    assertThat(boards.end().reason()).isEqualTo("PSCI SYSTEM_OFF");
    long resets =
        boards.events.stream()
            .filter(e ->
                e instanceof SimEvent.FirmwareCalled called
                    && called.function().equals("PSCI SYSTEM_RESET"))
            .count();
    assertThat(resets).isGreaterThan(5);
    assertThat(boards.events.stream().filter(e -> e.equals(new SimEvent.UartByte(65 + 3))))
        .as("what the image says, each time")
        .hasSize((int) resets + 1);
    assertThat(boards.machine.pes().getFirst().x(4)).isGreaterThan(700);
  }

  @Test
  void aRunWithResetsIsTheSameHoweverItIsCutAndRestored() {
    Boards whole = Boards.together(2, 7, RESETS + OFF).toEnd(10_000);
    Boards cut = Boards.together(2, 7, RESETS + OFF);
    for (long step = 1; !cut.machine.isHalted(); step = step % 13 + 1) {
      cut.machine.run(cut.machine.instructions() + step);
      cut.machine.restore(cut.machine.save());
    }
    assertThat(cut.machine.stateHash()).isEqualTo(whole.machine.stateHash());
    assertThat(cut.events).isEqualTo(whole.events);
  }
}
