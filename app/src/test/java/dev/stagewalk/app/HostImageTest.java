package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.boot.ImageFiles;
import dev.stagewalk.app.tables.SampleMoment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample image in C: a host at EL2 with a guest at EL1. */
final class HostImageTest {
  private static final String WHAT_IT_PRINTS =
      """
      host: EL2
      host: MMU on at EL2
      host: memory 64
      host: CPUs %d
      guest: hello from EL1
      host: a page for IPA 0x80005000
      host: a page for IPA 0x80006000
      host: timer interrupt 26
      host: hypercalls: 2
      host: pages on demand: 2
      host: bytes for the UART: 22
      host: timer interrupts: 1
      PASS: all exits were answered

      EXIT: STATUS=1
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private Path image() throws Exception {
    try (InputStream content = Catalogue.class.getResourceAsStream("images/host.elf")) {
      return Files.write(
          folder.resolve("host.elf"), Objects.requireNonNull(content).readAllBytes());
    }
  }

  private int stagewalk(String... args) {
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource({
    "max, 1, realistic",
    "max, 4, adversarial",
    "cortex-a76, 1, off",
    "neoverse-n1, 2, adversarial",
    "neoverse-v1, 1, realistic"
  })
  void itRunsItsGuestAndAnswersAllExits(String profile, int pes, String tlb) throws Exception {
    int code =
        stagewalk(
            "boot",
            image().toString(),
            "--mem",
            "64M",
            "--profile",
            profile,
            "--pes",
            String.valueOf(pes),
            "--tlb",
            tlb);

    assertThat(out).hasToString(WHAT_IT_PRINTS.formatted(pes));
    assertThat(code).isZero();
    assertThat(err).hasToString("The image has ended: PSCI SYSTEM_OFF.\n");
  }

  @Test
  void aRunOfItIsToldByItsTrapLog() throws Exception {
    assertThat(stagewalk("run", image().toString())).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .startsWith("host.elf: a program at EL2")
        .contains(
            "87 9682 exit DABT_LOW EL1 0x8000_0010 write · Translation fault, level 1 · IPA"
                + " 0x0900_0000 ×22",
            "console | host: timer interrupt 26")
        .endsWith("The program has ended: PSCI SYSTEM_OFF");
  }

  @Test
  void aSessionShowsItsCodeByNameAndTheTablesItHasBuilt() throws Exception {
    try (Session session = Session.open(ImageFiles.scenario(image()))) {
      SampleMoment.go(session, "exit 24");
      Snapshot there = session.snapshot();
      assertThat(there.program().names().name(there.pe().pc())).contains("vectors+0x400");
      assertThat(there.program().source()).contains("host_main:\n", "// host.c:", "    eret\n");
      assertThat(there.program().symbols()).containsKey("stage2");

      Stage2Parameters stage2 =
          Stage2Parameters.decode(
              there.pe().system("VTCR_EL2"),
              there.pe().system("VTTBR_EL2"),
              there.pe().system("HCR_EL2"),
              Features.MAX);
      assertThat(stage2.rootBase()).isEqualTo(there.program().symbols().get("stage2"));
      long hash = there.memory().hash();

      SampleMoment.go(session, "end");
      assertThat(session.snapshot().memory().hash()).isNotEqualTo(hash);
      Snapshot again = session.submit(new Command.GoTo(there.moment())).join();
      assertThat(again.memory().hash()).isEqualTo(hash);
      assertThat(again.pe().pc()).isEqualTo(there.pe().pc());
    }
  }

  @Test
  void sourceLinesAreShownWhereTheSourceIsAtHand() throws Exception {
    try (InputStream content = Catalogue.class.getResourceAsStream("images/host.c")) {
      Files.write(folder.resolve("host.c"), Objects.requireNonNull(content).readAllBytes());
    }
    Scenario scenario = ImageFiles.scenario(image());
    try (Session session = Session.open(scenario)) {
      assertThat(session.snapshot().program().source())
          .contains("  void host_main(const u8 *tree) {", "  asm volatile(\"tlbi vmalle1\");");
    }
  }

  @Test
  void itSaysThatItNeedsTheVirtualizationHostExtensions() throws Exception {
    assertThat(stagewalk("boot", image().toString(), "--profile", "cortex-a57")).isEqualTo(77);
    assertThat(out.toString()).contains("host: no VHE, nothing to show");
  }
}
