package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.mmu.Tlb;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a compiler makes of C at -O2 prints what it prints under user-mode emulation of Linux. */
final class CGuestsTest {
  private static final String FOLDER = "/c-guests/";
  private static final long MEMORY = 16L << 20;
  private static final long MOST = 20_000_000;

  private static byte[] content(String file) throws Exception {
    try (InputStream in = CGuestsTest.class.getResourceAsStream(FOLDER + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "integer, COMPILED",
    "integer, REFERENCE",
    "real, COMPILED",
    "real, REFERENCE",
    "vector, COMPILED",
    "vector, REFERENCE"
  })
  void aProgramPrintsTheSameAsUnderUserModeEmulation(String program, Engine engine)
      throws Exception {
    Boot boot = Boot.of(BootImage.read(program, content(program + ".elf")), MEMORY, "");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Machine machine =
        new Machine(
            Profiles.standard().require("cortex-a76"),
            BoardPlan.USUAL.withProfile("cortex-a76"),
            MEMORY,
            4096,
            new Tlb(BoardPlan.USUAL.tlb()),
            (pe, event) -> {
              if (event instanceof SimEvent.UartByte(int value)) {
                out.write(value);
              }
            });
    machine.use(engine);
    boot.load(machine);

    machine.run(MOST);

    assertThat(machine.isHalted()).isTrue();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(new String(content(program + ".expected"), StandardCharsets.UTF_8));
  }
}
