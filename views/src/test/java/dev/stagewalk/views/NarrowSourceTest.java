package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NarrowSourceTest {
  @Test
  void columnsComeTogetherAndLinesStayLines() {
    String source =
        """
        // a comment
                .equ    HEAP,   0x40200000      // nothing here

        _start:
                str     x2, [x0, #0x18]         // the store
        next:   ldrb    w2, [x0], #1
                eret
        """;

    assertThat(NarrowSource.of(source))
        .isEqualTo(
            """
            // a comment
              .equ  HEAP,   0x40200000  // nothing here

            _start:
              str   x2, [x0, #0x18]  // the store
            next: ldrb w2, [x0], #1
              eret
            """);
  }

  @Test
  void stringsKeepTheirBlanks() {
    assertThat(NarrowSource.of("        .asciz  \"two  //  blanks\"\n"))
        .isEqualTo("  .asciz \"two  //  blanks\"\n");
  }
}
