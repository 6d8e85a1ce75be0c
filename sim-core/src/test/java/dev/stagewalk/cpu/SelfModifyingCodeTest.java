package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Decoded instructions never outlive the bytes they were decoded from. */
class SelfModifyingCodeTest {
  /** {@code mov x9, #2}. */
  private static final int MOV_X9_2 = 0xd280_0049;

  private final Rig rig = new Rig();

  /** Runs {@code patched} twice, with a store of the other instruction between. */
  private void patchThroughStoreTo(long target) {
    rig.pe.setX(0, target);
    rig.pe.setX(1, MOV_X9_2 & 0xffff_ffffL);
    rig.code(
        """
            mov   x2, #2
        again:
            mov   x9, #1
            str   w1, [x0]
            subs  x2, x2, #1
            b.ne  again
        """);
    rig.run(3 + 2);
    assertThat(rig.pe.x(9)).isEqualTo(1);
    rig.run(1);
    assertThat(rig.pe.x(9)).isEqualTo(2);
  }

  @Test
  void aStoreToTheNextRoundsInstructionIsExecuted() {
    patchThroughStoreTo(Rig.CODE + 4);
  }

  @Test
  void aStoreThroughAnotherMappingOfTheCodePageIsSeen() {
    rig.setLeaf(Rig.DATA, Rig.page(Rig.CODE));
    patchThroughStoreTo(Rig.DATA + 4);
  }

  @Test
  void aStoreIntoAPageThatWasWrittenFastBeforeItWasCodeIsSeen() {
    rig.pe.setX(0, Rig.DATA);
    rig.pe.setX(1, 0xd280_0029L);
    rig.pe.setX(3, MOV_X9_2 & 0xffff_ffffL);
    rig.pe.setX(4, 0xd65f_03c0L);
    rig.code(
        """
        str   w1, [x0]
        str   w4, [x0, #4]
        blr   x0
        str   w3, [x0]
        blr   x0
        """);
    rig.run(5);
    assertThat(rig.pe.x(9)).isEqualTo(1);
    rig.run(3);
    assertThat(rig.pe.x(9)).isEqualTo(2);
  }

  @Test
  void whatTheHostStoresIntoTheCodeIsSeenAfterTheNextExit() {
    rig.code("mov x9, #1\n mov x9, #1\n b " + Rig.CODE).run(2);
    rig.ram.write(Rig.CODE, 4, MOV_X9_2);
    rig.run(2);
    assertThat(rig.pe.x(9)).isEqualTo(2);
  }

  @Test
  void aStoreAfterAnImageChangesTheCodeAndNotTheImage() {
    rig.code("mov x9, #1\n b " + Rig.CODE).run(2);
    var image = rig.ram.image();
    rig.ram.write(Rig.CODE, 4, MOV_X9_2);
    rig.run(1);
    assertThat(rig.pe.x(9)).isEqualTo(2);
    rig.run(1);
    rig.ram.restore(image);
    rig.run(1);
    assertThat(rig.pe.x(9)).isEqualTo(1);
  }

  @Test
  void anUnmappedCodePageIsNotExecutedFromTheCacheOnceItsEntryIsGone() {
    rig.code("nop\n nop\n nop").run(1);
    rig.setLeaf(Rig.CODE, 0);
    rig.run(1);
    rig.tlb.invalidate(_ -> true);
    rig.runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x20);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.CODE + 8);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 8);
  }
}
