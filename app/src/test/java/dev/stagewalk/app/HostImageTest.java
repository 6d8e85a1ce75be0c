package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.guests.Catalogue;
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
  void itSaysThatItNeedsTheVirtualizationHostExtensions() throws Exception {
    assertThat(stagewalk("boot", image().toString(), "--profile", "cortex-a57")).isEqualTo(77);
    assertThat(out.toString()).contains("host: no VHE, nothing to show");
  }
}
