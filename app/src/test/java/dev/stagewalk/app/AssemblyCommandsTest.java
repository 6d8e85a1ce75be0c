package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk asm} and {@code stagewalk disasm}. */
final class AssemblyCommandsTest {
  private static final String SOURCE =
      """
              .global _start
      _start: mov   x0, #1
              ldr   x1, =datum
              bl    twice
              hvc   #0
      twice:  add   x0, x0, x0
              ret
              .balign 8
      bytes:  .byte 1, 2, 3
              .data
      datum:  .quad 7
              .bss
      zeros:  .skip 32
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path source = Path.of("");

  @BeforeEach
  void write() throws IOException {
    source = Files.writeString(folder.resolve("guest.s"), SOURCE);
  }

  @Test
  void ofSeveralNamesOfAPlaceTheOneThatObjdumpPrefersIsShown() throws IOException {
    Path several =
        Files.writeString(
            folder.resolve("several.s"),
            """
                    .globl z_global, a_global, over_weak, over_size
                    .weak  a_weak, b_weak
                    .type  function, %function
                    .type  object, %object
                    .size  sized, 4
            z_global: a_global: a_weak: nop
            function: over_weak: nop
            object: over_size: nop
            b_weak: a_local: nop
            other: sized: nop
            z: y: nop
            """);
    Path elf = folder.resolve("several.elf");
    assertThat(stagewalk("asm", several, "-o", elf)).isZero();
    assertThat(stagewalk("disasm", elf)).isZero();
    assertThat(lines().stream().filter(line -> line.endsWith(">:")))
        .extracting(line -> line.substring(17))
        .containsExactly(
            "<a_global>:", "<function>:", "<object>:", "<b_weak>:", "<sized>:", "<y>:");
  }

  @Test
  void aTargetOutsideTheCodeHasTheNameNearIt() throws IOException {
    Path outside =
        Files.writeString(
            folder.resolve("outside.s"),
            """
                    adrp  x0, zeros
                    adrp  x0, zeros + 0x4000
                    adrp  x0, first - 0x1000
            first:  nop
                    .bss
            zeros:  .skip 64
            """);
    Path elf = folder.resolve("outside.elf");
    assertThat(stagewalk("asm", outside, "-o", elf, "--base", "0x40200ff0")).isZero();
    assertThat(stagewalk("disasm", elf)).isZero();
    assertThat(lines())
        .contains(
            "40200ff0: b0000000 adrp x0, 40201000 <zeros>",
            "40200ff4: b0000020 adrp x0, 40205000 <zeros+0x4000>",
            "40200ff8: f0ffffe0 adrp x0, 401ff000 <first-0x1ffc>");
  }

  @Test
  void whatIsAssembledIsDisassembledWithItsNamesAndData() {
    Path elf = folder.resolve("guest.elf");
    assertThat(stagewalk("asm", source, "-o", elf, "--base", "0x40200000")).isZero();
    assertThat(stagewalk("disasm", elf)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(lines())
        .containsExactly(
            "",
            "Disassembly of section .text:",
            "",
            "0000000040200000 <_start>:",
            "40200000: d2800020 mov x0, #0x1 // #1",
            "40200004: 580000e1 ldr x1, 40200020 <bytes+0x8>",
            "40200008: 94000002 bl 40200010 <twice>",
            "4020000c: d4000002 hvc #0x0",
            "",
            "0000000040200010 <twice>:",
            "40200010: 8b000000 add x0, x0, x0",
            "40200014: d65f03c0 ret",
            "",
            "0000000040200018 <bytes>:",
            "40200018: 00030201 .word 0x00030201",
            "4020001c: 00000000 .word 0x00000000",
            "40200020: 40200028 .word 0x40200028",
            "40200024: 00000000 .word 0x00000000");
  }

  @Test
  void aSectionAloneIsItsBytes() throws IOException {
    Path bytes = folder.resolve("data.bin");
    assertThat(stagewalk("asm", source, "--section", ".data", "-o", bytes)).isZero();
    assertThat(Files.readAllBytes(bytes)).containsExactly(7, 0, 0, 0, 0, 0, 0, 0);
    assertThat(stagewalk("asm", source, "--section", ".text", "-o", bytes)).isZero();
    assertThat(stagewalk("disasm", bytes, "--base", "0x1000", "--no-aliases")).isZero();
    assertThat(lines()).contains("1000: d2800020 movz x0, #0x1", "1008: 94000002 bl 0x1010");
  }

  @Test
  void everyErrorIsALineWithItsPlace() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.s"), " mvo x0, #1\n\n b nowhere\n");
    Path elf = folder.resolve("bad.elf");
    assertThat(stagewalk("asm", bad, "-o", elf)).isOne();
    assertThat(err.toString().lines())
        .containsExactly(
            bad + ":1:2: 'mvo' is no instruction or directive",
            bad + ":3:4: the symbol 'nowhere' is not defined");
    assertThat(elf).doesNotExist();
  }

  @Test
  void filesBesideTheSourceAreIncluded() throws IOException {
    Files.writeString(folder.resolve("more.inc"), "more: nop\n");
    Path main = Files.writeString(folder.resolve("main.s"), ".include \"more.inc\"\nb more\n");
    assertThat(stagewalk("asm", main)).isZero();
    Path outside = Files.createDirectories(folder.resolve("in")).resolve("main.s");
    Files.writeString(outside, ".include \"../more.inc\"\n");
    assertThat(stagewalk("asm", outside)).isOne();
    assertThat(err.toString()).contains("main.s:1:10: cannot include ../more.inc: it lies outside");
  }

  @Test
  void wrongUsageIsOneLine() throws IOException {
    Path elf = folder.resolve("guest.elf");
    stagewalk("asm", source, "-o", elf);
    byte[] whole = Files.readAllBytes(elf);
    Path cut = Files.write(folder.resolve("cut.elf"), Arrays.copyOf(whole, 4400));
    Path empty = Files.write(folder.resolve("empty.bin"), new byte[0]);
    for (List<Object> wrong :
        List.<List<Object>>of(
            List.of("there is no file", "asm", folder.resolve("none.s")),
            List.of("is no text in UTF-8", "asm", elf),
            List.of("--section needs -o", "asm", source, "--section", ".text"),
            List.of(
                "has no section .foo; it has .text, .data, .bss",
                "asm",
                source,
                "--section",
                ".foo",
                "-o",
                elf),
            List.of("is no multiple of 4", "asm", source, "--base", "0x40000001"),
            List.of("cannot write", "asm", source, "-o", folder),
            List.of("there is no file", "disasm", folder.resolve("none.elf")),
            List.of("leave --base away", "disasm", elf, "--base", "0"),
            List.of("has no section .foo; it has .text, .data", "disasm", elf, "--section", ".foo"),
            List.of("the file ends before its 7 section headers do", "disasm", cut),
            List.of("is no ELF file", "disasm", source, "--section", ".text"),
            List.of("is empty", "disasm", empty))) {
      err.getBuffer().setLength(0);
      assertThat(stagewalk(wrong.subList(1, wrong.size()).toArray()))
          .as(wrong.toString())
          .isEqualTo(2);
      assertThat(err.toString().lines()).singleElement().asString().contains((String) wrong.get(0));
    }
  }

  @Test
  void noCutOrDamagedFileStopsTheDisassembler() throws IOException {
    Path elf = folder.resolve("guest.elf");
    stagewalk("asm", source, "-o", elf);
    byte[] whole = Files.readAllBytes(elf);
    Random random = new Random(3);
    Path damaged = folder.resolve("damaged.elf");
    for (int round = 0; round < 100; round++) {
      byte[] bytes = Arrays.copyOf(whole, 64 + random.nextInt(whole.length - 63));
      for (int i = 0; i < 4; i++) {
        int at = random.nextBoolean() ? random.nextInt(64) : random.nextInt(bytes.length);
        bytes[at] = (byte) random.nextInt();
      }
      Files.write(damaged, bytes);
      assertThat(stagewalk("disasm", damaged)).isIn(0, 2);
    }
  }

  private List<String> lines() {
    return out.toString().lines().map(line -> line.replaceAll("\\s+", " ").strip()).toList();
  }

  private int stagewalk(Object... arguments) {
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }
}
