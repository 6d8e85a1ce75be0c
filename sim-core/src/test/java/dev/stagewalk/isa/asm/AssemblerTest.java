package dev.stagewalk.isa.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  private static final long BASE = 0x4008_0000L;

  private final Assembler assembler = new Assembler();

  @Test
  void aSourceHasTheBytesThatGnuAsGivesIt() throws IOException {
    Assembled assembled = assemble(resource("program.s"));
    assertThat(assembled.errors()).isEmpty();
    assertThat(HexFormat.of().formatHex(assembled.sections().getFirst().bytes()))
        .isEqualTo(resource("program.hex").replace("\n", ""));
  }

  @Test
  void sectionsFollowTextAligned() throws IOException {
    Assembled assembled = assemble(resource("program.s"));
    assertThat(assembled.sections())
        .extracting(Assembled.Section::name)
        .containsExactly(".text", ".rodata", ".data");
    Assembled.Section data = assembled.sections().getLast();
    assertThat(data.address() % 8).isZero();
    assertThat(assembled.symbol("datum")).isEqualTo(data.address());
    assertThat(assembled.image()[(int) (data.address() - BASE)]).isEqualTo((byte) 5);
  }

  @Test
  void addressesHaveTheirLines() {
    Assembled assembled = assemble("nop\n\nstart: nop; nop\n  ldr x0, =0x12345\n  .word 1, 2\n");
    assertThat(assembled.lines())
        .containsEntry(BASE, 1)
        .containsEntry(BASE + 4, 3)
        .containsEntry(BASE + 8, 3)
        .containsEntry(BASE + 12, 4)
        .containsEntry(BASE + 16, 5)
        .containsEntry(BASE + 20, 5)
        .containsEntry(BASE + 24, 4);
    assertThat(assembled.symbol("start")).isEqualTo(BASE + 4);
  }

  @Test
  void literalsShareAPlaceWhereTheirValuesAreEqual() {
    Assembled assembled = assemble("ldr x0, =256\nldr x1, =0x100\nldr w2, =0x100\nret");
    assertThat(assembled.errors()).isEmpty();
    assertThat(assembled.sections().getFirst().bytes()).hasSize(4 * 4 + 4 + 4 + 8);
  }

  @Test
  void anInstructionAfterDataIsAligned() {
    Assembled assembled =
        assemble(
            """
                    nop
                    .byte 1
            odd:    ret
                    .asciz "a"
                    .inst 0xd503201f
                    .space 3
                    ldr   x0, =5
                    .section .data.code, "aw"
                    .byte 1
                    ret
            """);
    assertThat(assembled.errors()).isEmpty();
    assertThat(HexFormat.of().formatHex(assembled.sections().getFirst().bytes()))
        .isEqualTo(
            "1f2003d5"
                + "01000000"
                + "c0035fd6"
                + "61000000"
                + "1f2003d5"
                + "00000000"
                + "40000058"
                + "00000000"
                + "0500000000000000");
    // As in GNU as a label keeps the place where it stands, and a section of data has no padding.
    assertThat(assembled.symbol("odd")).isEqualTo(BASE + 5);
    assertThat(assembled.sections().getLast().bytes()).hasSize(5);
    assertThat(assembled.lines()).containsEntry(BASE + 8, 3).containsEntry(BASE + 24, 7);
  }

  @Test
  void aNumberFitsWithEitherSign() {
    assertThat(word(".byte -255, -128, 255, 1")).isEqualTo(0x01ff8001);
    assertThat(assemble(".byte -256").errors()).hasSize(1);
    assertThat(assemble(".hword 65536").errors()).hasSize(1);
  }

  @Test
  void labelsInOtherSectionsAreReached() {
    Assembled assembled =
        assemble("ldr x0, =datum\nadrp x1, datum\nadd x1, x1, :lo12:datum\n.data\ndatum: .quad 7");
    assertThat(assembled.errors()).isEmpty();
    long datum = assembled.symbol("datum");
    ByteBuffer image = ByteBuffer.wrap(assembled.image()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(image.getLong(16)).isEqualTo(datum);
    assertThat(image.getInt(8) >>> 10 & 0xfff).isEqualTo((int) datum & 0xfff);
  }

  @Test
  void literalsOfNumericLabelsAreThoseOfTheirPlace() {
    Assembled assembled = assemble("ldr x0, =1f\n1: ldr x1, =1b\nldr x2, =1f\n1: nop");
    assertThat(assembled.errors()).isEmpty();
    ByteBuffer image = ByteBuffer.wrap(assembled.image()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(image.getLong(16)).isEqualTo(BASE + 4);
    assertThat(image.getLong(24)).isEqualTo(BASE + 12);
    assertThat(image.capacity()).isEqualTo(32);
  }

  @Test
  void partsOfAnAddressRefuseWhatHasMoreBits() {
    assertThat(word("movz x0, #:abs_g1:0x12345678")).isEqualTo(0xd2a2468a & ~0xffff | 0x4680);
    assertThat(word("movz x0, #:abs_g0_s:-5")).isEqualTo(0x92800080);
    assertThat(word("movn x0, #:abs_g0_s:5")).isEqualTo(0xd28000a0);
    assertThat(word("movk x0, #:abs_g0_nc:0x12345678")).isEqualTo(0xf28acf00);
    assertThat(assemble("movz x0, #:abs_g0:0x12345678").errors().getFirst())
        .hasToString("test.s:1:19: 0x12345678 has more than the 16 bits of :abs_g0:");
  }

  @Test
  void sectionsOfZerosComeLastAndHoldNothingElse() {
    Assembled assembled =
        assemble("nop\n.bss\nz: .skip 8\n.word 1\n.data\nd: .byte 1\n.section .comment\n.byte 9");
    assertThat(assembled.errors())
        .extracting(AsmError::toString)
        .containsExactly("test.s:4:1: in .bss stands nothing but zeros");
    assertThat(assembled.symbol("z")).isGreaterThan(assembled.symbol("d"));
    assertThat(assembled.sections().getLast().name()).isEqualTo(".comment");
    assertThat(assembled.image()).doesNotContain(9);
  }

  @Test
  void systemRegistersResolveThroughTheGivenNames() {
    assertThat(word("msr vttbr_el2, x0")).isEqualTo(0xd51c2100);
    assertThat(word("mrs x3, S3_4_C6_C0_4")).isEqualTo(0xd53c6083);
  }

  @Test
  void everyErrorIsReportedWithLineAndColumn() {
    Assembled assembled =
        assemble(
            """
            start:  mov   x0, x99
                    ldr   x0, [x1, #5000000]
                    nop
                    frob  x1
                    add   x0, x1
                    b     nowhere
                    .word 0x1ffffffff
                    .bogus 3
            start:  nop
                    cbz   x0, start + 2
                    ldr   x1, =
                    .asciz "abc
                    b     2f
                    msr   foo_el9, x0
                    nop nop
                    .balign 3
                    .quad 1 / 0
                    5
            """);
    assertThat(assembled.errors())
        .extracting(
            error -> error.toString().replaceAll("one of [^;]*, or a sys", "one of …, or a sys"))
        .containsExactly(
            "test.s:1:19: expected a register x0 to x30 or sp, or a register x0 to x30 or xzr, or a"
                + " vector: v0 to v31 with one of .d; the symbol 'x99' is not defined",
            "test.s:2:24: expected #number, a multiple of 8 in 0 to 32760, or #number, -256 to"
                + " 255, or a register; found '#5000000'",
            "test.s:4:9: 'frob' is no instruction or directive",
            "test.s:5:21: expected ','; found the end of the statement",
            "test.s:6:15: the symbol 'nowhere' is not defined",
            "test.s:7:15: 0x1ffffffff does not fit in 4 bytes",
            "test.s:8:9: '.bogus' is no directive",
            "test.s:9:1: 'start' is already defined in line 1",
            "test.s:10:19: expected a target whose distance in bytes is a multiple of 4 in"
                + " -1048576 to 1048572; found 'start'",
            "test.s:11:20: expected a number or symbol; found the end of the statement",
            "test.s:12:16: a string without its closing \"",
            "test.s:13:15: no label '2f'",
            "test.s:14:15: expected one of …, or a system register, by name or as s3_4_c2_c1_0;"
                + " found 'foo_el9'",
            "test.s:15:13: expected the end of the statement; found 'nop'",
            "test.s:16:17: expected 1, 2, 4 … up to 0x1000000",
            "test.s:17:17: division by zero",
            "test.s:18:9: expected a label, an instruction or a directive; found '5'");
    // What is wrong takes its place all the same: the third line is where it would be.
    assertThat(assembled.lines()).containsEntry(BASE + 8, 3);
  }

  @Test
  void operatorsBindAsInGnuAs() {
    // | & ^ bind closer than + and -; shifts closer still.
    assertThat(word(".word 1 + 2 | 4")).isEqualTo(1 + (2 | 4));
    assertThat(word(".word 2 | 1 << 4")).isEqualTo(2 | 1 << 4);
    assertThat(word(".word -(3 - 5) * ~0")).isEqualTo(-2);
    assertThat(word(".word 7 / 2 + 7 % 4")).isEqualTo(6);
    assertThat(word(".equ a, 3\n.equ b, a * 2\n.word b")).isEqualTo(6);
    assertThat(word(".word later\n.equ later, 9")).isEqualTo(9);
    assertThat(word(".word 3 == 1 + 2")).isEqualTo(-1);
    assertThat(word(".word 1 || 0 && 0")).isEqualTo(1);
    assertThat(word(".word 5 ! 3")).isEqualTo(-3);
  }

  private int word(String text) {
    Assembled assembled = assemble(text);
    assertThat(assembled.errors()).isEmpty();
    return ByteBuffer.wrap(assembled.image()).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private Assembled assemble(String text) {
    return assembler.assemble("test.s", text, BASE);
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = AssemblerTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void floatingPointImmediatesAreReadWithTheirPointAndSign() {
    Assembled assembled =
        new Assembler()
            .assemble("test.s", "fmov d0, #1.5\n fmov s1, #-1.25e-01\n fmov d2, #0.3", 0);
    assertThat(assembled.errors()).hasSize(1);
    assertThat(assembled.errors().getFirst().toString()).contains("test.s:3:11").contains("0.125");
  }
}
