package dev.stagewalk.isa.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Macros, repetitions, conditions and included files. */
class BlocksTest {
  private static final long BASE = 0x4008_0000L;

  private final Assembler assembler = new Assembler();

  @Test
  void macrosTakeArgumentsByPlaceByNameAndByPreset() {
    assertThat(
            words(
                """
                .macro three a, b=2, c=7
                .word \\a, \\b, \\c
                .endm
                three 1
                three 5, 6, 7
                three c=9 a=8
                three 1 + 2 , , (3 * 4)
                """))
        .containsExactly(1, 2, 7, 5, 6, 7, 8, 2, 9, 3, 2, 12);
  }

  @Test
  void aMacroCountsItsUsesAndCallsItself() {
    assertThat(
            words(
                """
                .macro down n
                .word \\n, \\@
                .if \\n
                down "(\\n - 1)"
                .endif
                .endm
                down 2
                """))
        .containsExactly(2, 0, 1, 1, 0, 2);
  }

  @Test
  void namesAreJoinedAndLabelsMadeUnique() {
    Assembled assembled =
        good(
            """
            .macro wait reg
            spin\\@_\\reg\\()_end: cbnz \\reg, spin\\@_\\reg\\()_end
            .endm
            wait x1
            wait x2
            """);
    assertThat(assembled.symbols()).containsOnlyKeys("spin0_x1_end", "spin1_x2_end");
  }

  @Test
  void theRestOfTheArgumentsIsOneAndExitmLeaves() {
    assertThat(
            words(
                """
                .macro each first:req, rest:vararg
                .word \\first
                .ifb \\rest
                .exitm
                .endif
                each \\rest
                .endm
                each 4, 5, 6
                .word 7
                """))
        .containsExactly(4, 5, 6, 7);
  }

  @Test
  void repetitionsStandAsOftenAsTheySay() {
    assertThat(
            words(
                """
                .equ n, 0
                .rept 3
                .equ n, n + 1
                .irp v, n, 10
                .word \\v
                .endr
                .endr
                .irpc d, 78
                .word \\d
                .endr
                .rept 0
                .word 99
                .endr
                """))
        .containsExactly(1, 10, 2, 10, 3, 10, 7, 8);
  }

  @Test
  void conditionsChooseOneBranch() {
    String source =
        """
        .equ V, %d
        .if V == 1
        .word 1
        .elseif V == 2
        .if 0
        .word 98
        .else
        .word 2
        .endif
        .elseif V < 4
        .word 3
        .else
        .word 4
        frob
        .endif
        .ifndef later
        .word 5
        .endif
        .equ later, 1
        .ifc V, V
        .word 6
        .endif
        .ifge -1
        .word 97
        .endif
        """;
    assertThat(words(source.formatted(1))).containsExactly(1, 5, 6);
    assertThat(words(source.formatted(2))).containsExactly(2, 5, 6);
    assertThat(words(source.formatted(3))).containsExactly(3, 5, 6);
    assertThat(errors(source.formatted(4)))
        .containsExactly("test.s:14:1: 'frob' is no instruction or directive");
  }

  @Test
  void registersHaveOtherNames() {
    assertThat(words("count .req x3\nadd COUNT, count, #1")).containsExactly(0x91000463);
  }

  @Test
  void errorsInMacrosHaveThePlaceInTheBodyAndOfTheUse() {
    assertThat(
            errors(
                """
                .macro bad reg
                nop; add \\reg, x1, x99
                .endm
                nop
                bad x0
                bad x0, x1
                .macro needs a:req
                .endm
                needs
                """))
        .containsExactly(
            "test.s:2:20: expected a register x0 to x30 or xzr, or a register; the symbol 'x99' is"
                + " not defined (in macro 'bad', used in line 5)",
            "test.s:6:1: more arguments than the 1 of macro 'bad'; found 'x1'",
            "test.s:9:1: expected a value of 'a' for macro 'needs'");
  }

  @Test
  void whatIsNotEndedOrNeverEndsIsAnError() {
    assertThat(errors(".if 1\nnop")).containsExactly("test.s:1:1: '.if' without its .endif");
    assertThat(errors("nop\n.endif\n.else"))
        .containsExactly(
            "test.s:2:1: '.endif' without its .if", "test.s:3:1: '.else' without its .if");
    assertThat(errors(".macro m\nnop")).containsExactly("test.s:1:1: '.macro' without its .endm");
    assertThat(errors(".rept 2\nnop")).containsExactly("test.s:1:1: '.rept' without its .endr");
    assertThat(errors(".endr")).containsExactly("test.s:1:1: '.endr' without its beginning");
    assertThat(errors(".if later\n.endif\nlater = 1"))
        .containsExactly("test.s:1:5: the symbol 'later' is not defined");
    assertThat(errors(".macro m\nm\n.endm\nm").getFirst()).contains("nested more than 100 deep");
    assertThat(errors(".rept 100000\n.rept 100000\nnop\n.endr\n.endr").getFirst())
        .contains("more than 1000000 statements");
    assertThat(errors(".rept -1\n.word 1\n.endr")).isEmpty();
    assertThat(errors(".error \"not for this board\""))
        .containsExactly("test.s:1:1: not for this board");
    assertThat(errors(".word " + "(".repeat(5000) + "1").getFirst()).contains("nested too deeply");
  }

  @Test
  void filesOfTheOwnFolderAreIncludedAndNoOthers(@TempDir Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home/sub"));
    Files.writeString(folder.resolve("secret.inc"), ".word 1\n");
    Files.writeString(home.resolve("own.inc"), "nop\n.word 0x1ffffffff\n");
    Files.write(home.resolve("data.bin"), new byte[] {1, 2, 3, 4, 5});
    Files.createSymbolicLink(home.resolve("link.inc"), folder.resolve("secret.inc"));
    Assembled assembled =
        assembler.assemble(
            "test.s",
            """
            .incbin "sub/data.bin", 1, 3
            .byte 0
             .include "sub/own.inc"
            .include "../secret.inc"
            .include "sub/link.inc"
            .include "sub/none.inc"
            """,
            BASE,
            Includes.of(folder.resolve("home")));
    Path real = folder.resolve("home").toRealPath();
    assertThat(assembled.errors())
        .extracting(AsmError::toString)
        .containsExactly(
            "sub/own.inc:2:7: 0x1ffffffff does not fit in 4 bytes (included in line 3 of test.s)",
            "test.s:4:10: cannot include ../secret.inc: it lies outside %s, the folder of the source"
                .formatted(real),
            "test.s:5:10: cannot include sub/link.inc: it leads out of %s, the folder of the source"
                .formatted(real),
            "test.s:6:10: cannot include sub/none.inc: no such file in " + real);
    assertThat(assembled.image()).startsWith(2, 3, 4, 0);
    // What a file brings in has the line where the source includes it.
    assertThat(assembled.lines()).containsEntry(BASE + 4, 3);
    assertThat(errors(".include \"a\"").getFirst()).contains("without the files beside it");
  }

  @Test
  void linesOfAMacroAreThoseOfItsUse() {
    Assembled assembled = good(".macro m\nnop\nnop\n.endm\nnop\nm\n.rept 2\nnop\n.endr");
    assertThat(assembled.lines())
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of(BASE, 5, BASE + 4, 6, BASE + 8, 6, BASE + 12, 8, BASE + 16, 8)));
  }

  private Assembled good(String source) {
    Assembled assembled = assembler.assemble("test.s", source, BASE);
    assertThat(assembled.errors()).isEmpty();
    return assembled;
  }

  private List<Integer> words(String source) {
    ByteBuffer image = ByteBuffer.wrap(good(source).image()).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> words = new ArrayList<>();
    while (image.hasRemaining()) {
      words.add(image.getInt());
    }
    return words;
  }

  private List<String> errors(String source) {
    return assembler.assemble("test.s", source, BASE).errors().stream()
        .map(AsmError::toString)
        .toList();
  }

  @Test
  void anyTextIsAssembledOrRefused() {
    String characters = "\\\"'()[]{}#,:;.\n=+-*/<>!~ ab01x$@%m";
    Random random = new Random(7);
    String words =
        ".macro .endm .rept .endr .if .else .endif .word .set add x0 ldr = 1f 1: m \\m .irp";
    String[] known = words.split(" ");
    for (int round = 0; round < 1500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        text.append(
            random.nextInt(3) == 0
                ? known[random.nextInt(known.length)] + (random.nextBoolean() ? " " : "\n")
                : "" + characters.charAt(random.nextInt(characters.length())));
      }
      Assembled assembled = assembler.assemble("test.s", text.toString(), BASE);
      assertThat(assembled.errors()).allMatch(e -> e.line() > 0 && e.column() > 0);
    }
  }
}
