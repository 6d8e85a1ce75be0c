package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VirtioSlotsTest {
  @Test
  void aProgramThatProbesTheTransportsFindsThemEmptyFromTheFirstToTheLast() {
    Boards boards =
        Boards.together(
                1,
                100,
                """
                    mov   x1, #0x0a000000
                    mov   x2, #0x0a000000
                    movk  x2, #0x3e00
                    ldr   w20, [x1]
                    ldr   w21, [x1, #4]
                    ldr   w22, [x1, #8]
                    ldr   w23, [x2]
                    ldrb  w24, [x2, #1]
                    str   w20, [x2, #0x70]
                    ldr   w25, [x2, #0x70]
                """
                    + InterruptPrograms.OFF)
            .toEnd(100);
    assertThat(boards.end().ok()).isTrue();
    var pe = boards.machine.pe();
    assertThat(pe.x(20)).as("magic").isEqualTo(0x7472_6976);
    assertThat(pe.x(21)).as("version").isEqualTo(2);
    assertThat(pe.x(22)).as("device").isZero();
    assertThat(pe.x(23)).as("magic of the last").isEqualTo(0x7472_6976);
    assertThat(pe.x(24)).isEqualTo('i');
    assertThat(pe.x(25)).as("status").isZero();
  }
}
