package dev.stagewalk.isa.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a source pane asks while somebody writes. */
class SourceTextTest {
  @Test
  void partsAreToldByWhatTheAssemblerReads() {
    String text =
        """
        // a note
        .macro push r
          str \\r, [sp, #-16]! /* two
          lines */
        .endm
        _start: push x0; 1: ldr d2, =1.5
        .asciz "a \\" // b"
        SIZE = 0x10
        frob v1.16b, SIZE
        """;
    List<String> parts =
        new SourceText(text)
            .tokens().stream()
                .map(t -> t.kind() + " " + text.substring(t.start(), t.end()))
                .toList();
    assertThat(parts)
        .containsExactly(
            "COMMENT // a note",
            "DIRECTIVE .macro",
            "SYMBOL push",
            "SYMBOL r",
            "MNEMONIC str",
            "SYMBOL r",
            "REGISTER sp",
            "NUMBER 16",
            "COMMENT /* two\n  lines */",
            "DIRECTIVE .endm",
            "LABEL _start",
            "MNEMONIC push",
            "REGISTER x0",
            "LABEL 1",
            "MNEMONIC ldr",
            "REGISTER d2",
            "NUMBER 1.5",
            "DIRECTIVE .asciz",
            "STRING \"a \\\" // b\"",
            "SYMBOL SIZE",
            "NUMBER 0x10",
            "BROKEN frob",
            "REGISTER v1.16b",
            "SYMBOL SIZE");
  }

  @Test
  void whatCannotBeReadIsColouredToItsEnd() {
    assertThat(new SourceText("nop\n.ascii \"abc\nnop /* never").tokens())
        .extracting(SourceToken::kind)
        .containsExactly(
            SourceToken.Kind.MNEMONIC,
            SourceToken.Kind.DIRECTIVE,
            SourceToken.Kind.BROKEN,
            SourceToken.Kind.MNEMONIC,
            SourceToken.Kind.COMMENT);
  }

  @Test
  void aStatementBeginsWithAnInstructionADirectiveOrAMacro() {
    assertThat(complete(".macro subtract\n.endm\nnop\nlabel: subs|")).containsExactly("subs");
    assertThat(complete(".macro subtract\n.endm\nnop; sub|"))
        .contains("sub", "subs", "subtract")
        .allMatch(word -> word.startsWith("sub"));
    assertThat(complete("  .bal|")).containsExactly(".balign");
    assertThat(complete("NOP|")).containsExactly("nop");
  }

  @Test
  void operandsAreThoseThatTheInstructionTakesThere() {
    assertThat(complete("add x0, x1|")).contains("x1", "x10", "x19").doesNotContain("w1", "x0");
    assertThat(complete("add x0, |")).contains("x0", "x30", "sp").doesNotContain("w0", "d0", "eq");
    assertThat(complete("loop: nop\nlost: nop\nb lo|")).containsExactly("loop", "lost");
    assertThat(complete("csel x0, x1, x2, g|")).containsExactly("ge", "gt");
    assertThat(complete("mrs x0, vtt|")).containsExactly("vttbr_el2");
    assertThat(complete("dsb ish|")).contains("ish", "ishld", "ishst");
    assertThat(complete("add v0.16b, v1.16b, v2|")).contains("v2.16b").doesNotContain("v2.8b");
    assertThat(complete("A = 1\n.word |")).containsExactly("A");
  }

  @Test
  void nothingIsOfferedInCommentsStringsAndUnknownInstructions() {
    assertThat(complete("// ad|")).isEmpty();
    assertThat(complete("nop /* ad| */")).isEmpty();
    assertThat(complete(".ascii \"ad|\"")).isEmpty();
    assertThat(complete("frob x|")).isEmpty();
  }

  @Test
  void anyPlaceOfAnyTextIsAnswered() {
    String text = "a: add x0, [sp, #1 // c\n.ascii \"x\\\"\n ldr =, \\ 'é 1: /* b";
    for (int end = 0; end <= text.length(); end++) {
      SourceText source = new SourceText(text.substring(0, end));
      assertThat(source.completions(end)).doesNotContainNull();
      int at = 0;
      for (SourceToken token : source.tokens()) {
        assertThat(token.start()).as(token.toString()).isGreaterThanOrEqualTo(at);
        at = token.end();
      }
      assertThat(at).isLessThanOrEqualTo(end);
    }
  }

  /** The completions at the bar. */
  private static List<String> complete(String marked) {
    int at = marked.indexOf('|');
    return new SourceText(marked.substring(0, at) + marked.substring(at + 1)).completions(at);
  }
}
