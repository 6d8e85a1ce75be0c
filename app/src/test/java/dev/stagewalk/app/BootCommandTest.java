package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk boot}, with flat images of a few instructions. */
final class BootCommandTest {
  private static final long LOADED_AT = 0x4008_0000L;

  /** Prints the text at {@code text}, then switches off. */
  private static final String PRINT_AND_END =
      """
      _start:
        adr x19, text
        mov x20, #0x09000000
      1: ldrb w0, [x19], #1
        cbz w0, 2f
        strb w0, [x20]
        b 1b
      2: movz x0, #0x8400, lsl #16
        movk x0, #8
        smc #0
      text:
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private Path image(String source) throws Exception {
    Assembled assembled = new Assembler().assemble("image.s", source, LOADED_AT);
    assertThat(assembled.errors()).isEmpty();
    return Files.write(folder.resolve("image.flat"), assembled.image());
  }

  private int stagewalk(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  @Test
  void theStatusLineBecomesTheExitCode() throws Exception {
    Path image = image(PRINT_AND_END + ".asciz \"hello \\303\\251\\n\\nEXIT: STATUS=11\\n\"");

    assertThat(stagewalk("boot", image)).isEqualTo(5);
    assertThat(out).hasToString("hello é\n\nEXIT: STATUS=11\n");
    assertThat(err).hasToString("The image has ended: PSCI SYSTEM_OFF.\n");
  }

  @Test
  void anImageWithoutAStatusLineEndsWithThree() throws Exception {
    assertThat(stagewalk("boot", image(PRINT_AND_END + ".asciz \"EXIT: STATUS=\""))).isEqualTo(3);
    assertThat(out).hasToString("EXIT: STATUS=");
  }

  @Test
  void anImageFindsItsDeviceTreeInTheTopOfMemory() throws Exception {
    Path image =
        image(
            """
            _start:
              movz x1, #0x43e0, lsl #16
              cmp x0, x1
              b.ne .
              ldr w2, [x0]
              rev w2, w2
              movz w3, #0xd00d, lsl #16
              movk w3, #0xfeed
              cmp w2, w3
              b.ne .
              mrs x4, currentel
              cmp x4, #8
              b.ne .
              movz x0, #0x8400, lsl #16
              movk x0, #8
              smc #0
            """);

    assertThat(stagewalk("boot", image, "--mem", "64M")).isEqualTo(3);
    assertThat(err).hasToString("The image has ended: PSCI SYSTEM_OFF.\n");
  }

  @Test
  void aCircleEndsWithAMessage() throws Exception {
    assertThat(stagewalk("boot", image("_start: b ."))).isEqualTo(3);
    assertThat(err)
        .hasToString(
            "The image was stopped: it makes no progress: it goes round in a circle at PC"
                + " 0x4008_0000 and no timer is set.\n");
  }

  @Test
  void whereAnImageIsStuckIsSaidByItsSymbols() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("stuck.s"),
            """
            .global _start
            _start: bl wait
            wait:
              nop
              b .
            """);
    Path image = folder.resolve("stuck.elf");
    assertThat(stagewalk("asm", source, "-o", image)).isZero();

    assertThat(stagewalk("boot", image)).isEqualTo(3);
    assertThat(err.toString()).contains("in a circle at PC 0x4008_0008 (wait+0x4) and no timer");
  }

  @Test
  void anExceptionThatComesBackIsSaidByItsSymbols() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("loop.s"),
            """
            .global _start
            _start:
              adr x0, vectors
              msr vbar_el2, x0
              mov x2, #0
            touch:
              nop
              ldr x1, [x2]
              .balign 2048
            vectors:
              .space 512
              eret
            """);
    Path image = folder.resolve("loop.elf");
    assertThat(stagewalk("asm", source, "-o", image)).isZero();

    assertThat(stagewalk("boot", image)).isEqualTo(3);
    assertThat(err.toString()).contains("taken to EL2 at 0x4008_0010 (touch+0x4), ESR_EL2 0x9");
  }

  @Test
  void aLongCircleThroughMemoryEndsWithAMessage() throws Exception {
    Path image =
        image(
            """
            _start:
              movz x0, #0x4100, lsl #16
              mov sp, x0
            1: mov x1, #1000
            2: sub x1, x1, #1
              str x1, [sp, #-16]!
              ldr x2, [sp], #16
              cbnz x1, 2b
              b 1b
            """);

    assertThat(stagewalk("boot", image)).isEqualTo(3);
    assertThat(err.toString()).startsWith("The image was stopped: it makes no progress");
  }

  @Test
  void aWaitThatNothingEndsIsSaid() throws Exception {
    assertThat(stagewalk("boot", image("_start: wfi\n b _start"))).isEqualTo(3);
    assertThat(err)
        .hasToString(
            "The image was stopped: every PE waits for an interrupt (WFI), and none is to come: no"
                + " timer is set.\n");
  }

  /** Sleeps, and sends back by its interrupt handler what is typed, up to a 'q'. */
  private static final String ECHO =
      """
      _start:
        adr x0, vectors
        msr vbar_el2, x0
        mov x0, #0x10
        msr hcr_el2, x0
        mov x10, #0x08000000
        mov w0, #2
        str w0, [x10]
        str w0, [x10, #0x84]
        str w0, [x10, #0x104]
        mov x0, #0xff
        msr icc_pmr_el1, x0
        mov x0, #1
        msr icc_igrpen1_el1, x0
        mov x13, #0x09000000
        mov w0, #0x50
        str w0, [x13, #0x38]
        msr daifclr, #2
      1: wfi
        b 1b
        .balign 2048
      vectors:
        .skip 0x280
        mrs x21, icc_iar1_el1
        ldr w1, [x13]
        strb w1, [x13]
        msr icc_eoir1_el1, x21
        cmp w1, #'q'
        b.eq 2f
        eret
      2: movz x0, #0x8400, lsl #16
        movk x0, #8
        smc #0
      """;

  private int stagewalkWith(String input, Object... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)));
    try {
      return stagewalk(args);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void anImageThatSleepsIsWokenByWhatIsTypedAndEachInputIsAnEvent() throws Exception {
    Path events = folder.resolve("events.jsonl");
    assertThat(stagewalkWith("abc q", "boot", image(ECHO), "--events", events)).isEqualTo(3);
    assertThat(out).hasToString("abc q");
    assertThat(err).hasToString("The image has ended: PSCI SYSTEM_OFF.\n");
    String written = Files.readString(events);
    assertThat(written).contains("\"lane\":\"YOU\"").contains("type \\\"a");

    out.getBuffer().setLength(0);
    assertThat(stagewalkWith("abc q", "boot", image(ECHO), "--events", events)).isEqualTo(3);
    assertThat(Files.readString(events)).isEqualTo(written);
  }

  @Test
  void anImageThatSleepsAtTheEndOfTheInputIsStopped() throws Exception {
    assertThat(stagewalkWith("abc", "boot", image(ECHO))).isEqualTo(3);
    assertThat(out).hasToString("abc");
    assertThat(err)
        .hasToString(
            "The image was stopped: it waits for input at the UART, and the standard input has"
                + " ended.\n");
  }

  @Test
  void aHandlerThatTakesItsOwnExceptionIsSaid() throws Exception {
    Path image =
        image(
            """
            _start:
              adr x0, vectors
              msr vbar_el2, x0
              mov x2, #0
              ldr x1, [x2]
              .balign 2048
            vectors:
              .space 512
              add x3, x3, #1
              ldr x1, [x3, #4]
            """);

    assertThat(stagewalk("boot", image)).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("The image was stopped: the handler of an exception takes the same exception");
  }

  @Test
  void aHandlerThatMendsNothingIsSaid() throws Exception {
    Path image =
        image(
            """
            _start:
              adr x0, vectors
              msr vbar_el2, x0
              mov x2, #0
              ldr x1, [x2]
              .balign 2048
            vectors:
              .space 512
              add x3, x3, #1
              eret
            """);

    assertThat(stagewalk("boot", image)).isEqualTo(3);
    assertThat(err.toString())
        .startsWith(
            "The image was stopped: an exception is handled again and again and comes back");
  }

  @Test
  void anImageThatOnlyCountsIsStoppedAfterSoManyInstructions() throws Exception {
    Path image = image("_start: add x0, x0, #1\n b _start");

    assertThat(stagewalk("boot", image, "--max-instructions", "5000000")).isEqualTo(3);
    assertThat(err)
        .hasToString(
            "The image was stopped: it has not ended after 5000000 instructions"
                + " (--max-instructions).\n");
  }

  @Test
  void eventsAreWrittenAsARunWritesThem() throws Exception {
    Path events = folder.resolve("events.jsonl");
    Path image = image(PRINT_AND_END + ".asciz \"hi\"");

    assertThat(stagewalk("boot", image, "--events", events)).isEqualTo(3);
    assertThat(Files.readAllLines(events))
        .hasSize(4)
        .first()
        .isEqualTo(
            "{\"seq\":0,\"moment\":\"1:4.1\",\"pe\":0,\"lane\":\"GUEST\",\"kind\":\"uart\","
                + "\"value\":104}");
  }

  @Test
  void wrongUsageIsOneLineAndTwo() throws Exception {
    Path image = image("_start: b .");
    assertThat(stagewalk("boot", folder.resolve("none.elf"))).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--mem", "63M")).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--pes", "9")).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--profile", "i486")).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--dtb", image)).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--dtb", image, "--append", "smp")).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--dtb", image, "--initrd", image)).isEqualTo(2);
    assertThat(stagewalk("boot", image, "--initrd", folder.resolve("none"))).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(8)
        .allMatch(line -> line.startsWith("stagewalk boot: "))
        .allMatch(line -> line.endsWith("(see stagewalk boot --help)"));
    assertThat(out.toString()).isEmpty();
  }
}
