package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.app.tables.DumpReport;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.DumpSession;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of memory and lists of registers that are cut short or damaged: read as far as they go. */
final class DamagedDumpsTest {
  private static final Path DUMPS = Path.of("src/test/resources/dumps");

  @TempDir private Path folder;

  @Test
  @Timeout(60)
  void fortyDamagedCopiesOfEachDumpAreReadOrRefused() throws Exception {
    damage(40);
  }

  @Tag("long")
  @Test
  @Timeout(600)
  void twoThousandDamagedCopiesOfEachDumpAreReadOrRefused() throws Exception {
    damage(2000);
  }

  private void damage(int copies) throws Exception {
    Random random = new Random(11);
    for (String name : List.of("kvm61-nvhe-linuxguest", "kvm73-vhe-linuxguest")) {
      byte[] registers = Files.readAllBytes(DUMPS.resolve(name + ".regs.json"));
      for (String ending : List.of(".elf", ".lime")) {
        Path dump = DUMPS.resolve(name + ending);
        if (!Files.exists(dump)) {
          continue;
        }
        byte[] whole = Files.readAllBytes(dump);
        for (int n = 0; n < copies; n++) {
          Path copy = Files.write(folder.resolve("copy" + ending), damaged(whole, random, 256));
          Path beside = folder.resolve("copy.regs.json");
          Files.write(
              beside, n % 2 == 0 ? registers : damaged(registers, random, registers.length));
          readOrRefuse(copy, beside);
        }
      }
    }
  }

  /** Cut in one of two, with a few bytes changed: those at the beginning say the most. */
  private static byte[] damaged(byte[] whole, Random random, int head) {
    int length = random.nextBoolean() ? whole.length : random.nextInt(whole.length + 1);
    byte[] bytes = Arrays.copyOf(whole, length);
    for (int n = random.nextInt(12); n > 0 && length > 0; n--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(length, head) : length);
      bytes[at] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static void readOrRefuse(Path copy, Path beside) throws Exception {
    OpenedDump dump;
    try {
      dump = new DumpOptions().open(copy.toString());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage())
          .satisfiesAnyOf(
              message -> assertThat(message).contains(copy.toString()),
              message -> assertThat(message).contains(beside.toString()));
      return;
    }
    DumpReport.text(dump, new PrintWriter(new StringWriter()));
    DumpReport.json(dump, new PrintWriter(new StringWriter()));
    try (Session session = new DumpSession(dump)) {
      Snapshot now =
          session
              .submit(new Command.Inject(new Edit.SetRegister("VTTBR_EL2", 0x4000043582000L)))
              .join();
      now.checks().ofRun();
      dev.stagewalk.views.Stage2.parameters(now);
    }
  }

  @Test
  @Timeout(60)
  void headersThatPromiseMoreThanThereCanBeAreRefused() throws Exception {
    byte[] elf = Files.readAllBytes(DUMPS.resolve("kvm61-nvhe-linuxguest.elf"));
    // e_phnum PN_XNUM and a section header that says four thousand million segments.
    ByteBuffer bytes = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(56, (short) 0xffff).putLong(40, 0x100);
    bytes.putInt(0x100 + 44, -1);
    Path copy = Files.write(folder.resolve("many.elf"), elf);
    try {
      new DumpOptions().open(copy.toString());
      throw new AssertionError("it was read");
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains(copy.toString(), "offset 0x", "program headers");
    }
    byte[] lime = Files.readAllBytes(DUMPS.resolve("kvm61-nvhe-linuxguest.lime"));
    ByteBuffer.wrap(lime).order(ByteOrder.LITTLE_ENDIAN).putLong(16, -2);
    Path endless = Files.write(folder.resolve("endless.lime"), lime);
    OpenedDump dump = new DumpOptions().open(endless.toString());
    assertThat(dump.lines()).anyMatch(line -> line.contains("is cut"));
  }
}
