package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.image.DumpName;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.image.RegisterSheet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump of memory as a session. */
final class DumpSessionTest {
  private static final long ROOT = 0x4000_0000L;
  private static final long VTCR = 0x8005_3590L;
  private static final long HOST = 1L << 34 | 1L << 27;

  @TempDir private Path folder;

  private Path raw() throws Exception {
    ByteBuffer table = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    table.putLong(8, 0x4000_07fdL);
    return Files.write(folder.resolve("root.bin"), table.array());
  }

  private DumpSession session(RegisterSheet sheet) throws Exception {
    DumpName name = new DumpName(raw(), OptionalLong.of(ROOT));
    MemoryDump memory = MemoryDump.keep(List.of(name));
    return new DumpSession(
        new OpenedDump("root.bin", memory, sheet, "", sheet.inGuestContext(), List.of()));
  }

  @Test
  void memoryThatIsNotInTheDumpIsNotZeroButAbsent() throws Exception {
    Snapshot now = session(RegisterSheet.UNKNOWN).snapshot();
    assertThat(now.isImported()).isTrue();
    assertThat(now.memory().contains(ROOT + 8, 8)).isTrue();
    assertThat(now.memory().read(ROOT + 8, 8)).isEqualTo(0x4000_07fdL);
    assertThat(now.memory().read(ROOT + 9, 1)).isEqualTo(0x07);
    assertThat(now.memory().contains(ROOT + 4096, 8)).isFalse();
    assertThat(now.memory().contains(0, 8)).isFalse();
  }

  @Test
  void registersNobodyKnowsAreUnknownUntilTheyAreTyped() throws Exception {
    DumpSession session = session(RegisterSheet.UNKNOWN);
    assertThat(session.snapshot().dump().orElseThrow().unknown().orElseThrow())
        .contains("VTTBR_EL2 and VTCR_EL2 are unknown");
    assertThat(session.snapshot().pe().registers().systemNames()).isEmpty();
    session.submit(new Command.Inject(new Edit.SetRegister("VTTBR_EL2", ROOT))).join();
    Snapshot known =
        session.submit(new Command.Inject(new Edit.SetRegister("VTCR_EL2", VTCR))).join();
    assertThat(known.dump().orElseThrow().unknown()).isEmpty();
    assertThat(known.dump().orElseThrow().assumed().orElseThrow()).contains("HCR_EL2 is unknown");
    assertThat(known.pe().system("HCR_EL2")).isEqualTo(1);
  }

  @Test
  void theHostsHcrIsShownAsItWasAndStageTwoIsAssumedToBeOnForTheTables() throws Exception {
    DumpSession session =
        session(
            new RegisterSheet(
                List.of(Map.of("VTTBR_EL2", ROOT, "VTCR_EL2", VTCR, "HCR_EL2", HOST))));
    OpenedDump dump = session.snapshot().dump().orElseThrow();
    assertThat(dump.sheet().value(0, "HCR_EL2")).hasValue(HOST);
    assertThat(dump.assumed().orElseThrow()).contains("VM = 1 and TGE = 0 are assumed");
    assertThat(session.snapshot().pe().system("HCR_EL2")).isEqualTo(1L << 34 | 1);
  }

  @Test
  void thePeInGuestContextIsChosenAndAnotherCanBe() throws Exception {
    DumpSession session =
        session(
            new RegisterSheet(
                List.of(
                    Map.of("VTTBR_EL2", ROOT, "VTCR_EL2", VTCR, "HCR_EL2", HOST),
                    Map.of("VTTBR_EL2", ROOT, "VTCR_EL2", VTCR, "HCR_EL2", 1L))));
    assertThat(session.snapshot().pe().id()).isEqualTo(1);
    assertThat(session.submit(new Command.SeeFrom(0)).join().pe().id()).isZero();
    assertThatThrownBy(() -> session.submit(new Command.SeeFrom(2)).join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("there is no PE 2");
  }

  @Test
  void nothingRunsAndNothingIsChanged() throws Exception {
    DumpSession session = session(RegisterSheet.UNKNOWN);
    Snapshot before = session.snapshot();
    for (Command command :
        List.of(
            new Command.Run(),
            new Command.Step(),
            new Command.Inject(new Edit.SetMemory(ROOT, 0)),
            new Command.Inject(new Edit.SetRegister("x0", 1)))) {
      assertThatThrownBy(() -> session.submit(command).join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("dump");
    }
    assertThat(session.snapshot()).isSameAs(before);
  }
}
