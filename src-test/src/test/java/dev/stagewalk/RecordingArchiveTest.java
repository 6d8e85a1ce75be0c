package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Recorder;
import dev.stagewalk.session.Replay;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.trace.RecordedCheckpoint;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingArchive;
import dev.stagewalk.trace.TraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings in one file, and files that only look like one. */
final class RecordingArchiveTest {
  @TempDir private Path temporary;

  private Path folder() {
    return temporary.resolve("run.swrec");
  }

  private Path archive() {
    return temporary.resolve("run.swrec.zip");
  }

  private void record(Scenario scenario) throws Exception {
    try (Recorder recorder = Recorder.begin(folder(), scenario, "test 1");
        Session session = Session.open(scenario, Engine.USUAL, recorder)) {
      session.submit(new Command.StopAtExits(false)).get(1, TimeUnit.MINUTES);
      session.submit(new Command.GoTo(Moment.at(100_000))).get(1, TimeUnit.MINUTES);
    }
  }

  private void pack() throws Exception {
    record(Catalogue.scenario("demand-paging"));
    RecordingArchive.write(Recording.open(folder()), archive());
  }

  @Test
  void anArchiveIsReadAsTheFolderIs() throws Exception {
    pack();
    try (ZipFile zip = new ZipFile(archive().toFile());
        InputStream stream = zip.getInputStream(zip.getEntry("events.jsonl.gz"))) {
      assertThat(stream.readAllBytes())
          .isEqualTo(Files.readAllBytes(folder().resolve("events.jsonl.gz")));
    }
    Recording recording = Recording.open(archive());
    Replay.Report report = Replay.of(recording, Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
    assertThat(report.finished()).isTrue();
    assertThat(report.equalEvents()).isPositive();
    assertThat(recording.state(recording.checkpoints().getFirst()).instructions()).isZero();
    assertThatThrownBy(() -> RecordingArchive.write(Recording.open(folder()), archive()))
        .hasMessageContaining("exists already");
  }

  @Test
  void includedFilesAreInItAndAreFoundThere() throws Exception {
    Path sources = Files.createDirectories(temporary.resolve("sources/parts"));
    Files.writeString(sources.resolve("end.inc"), ".macro finish\n hvc #0\n.endm\n");
    record(
        Catalogue.scenario("demand-paging")
            .withSource("_start: .include \"parts/end.inc\"\n finish\n")
            .including(temporary.resolve("sources")));
    RecordingArchive.write(Recording.open(folder()), archive());
    Replay.Report report = Replay.of(Recording.open(archive()), Engine.USUAL, true);
    assertThat(report.difference()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "/etc/outside",
        "a/../../outside",
        "C:/outside",
        "..\\outside",
        "a/.."
      })
  void anArchiveThatNamesAFileOutsideIsRefused(String name) throws Exception {
    zip(new ZipEntry("manifest.json"), new ZipEntry(name));
    refused(name, "would lie outside of its folder");
  }

  @Test
  void anArchiveThatPacksItsFilesIsRefusedAndNothingIsUnpacked() throws Exception {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive()))) {
      zip.putNextEntry(new ZipEntry("manifest.json"));
      zip.write(new byte[10_000_000]);
    }
    refused("holds 'manifest.json' packed or encrypted");
  }

  @Test
  void anArchiveWithALinkIsRefused() throws Exception {
    zip(new ZipEntry("manifest.json"), new ZipEntry("image"));
    byte[] bytes = Files.readAllBytes(archive());
    // The external attributes of the second entry of the directory: a link, as Unix has it.
    int entry = lastOf(bytes, 0x02014b50);
    bytes[entry + 40] = (byte) 0xff;
    bytes[entry + 41] = (byte) 0xa1;
    Files.write(archive(), bytes);
    refused("holds a link, 'image'");
  }

  private static int lastOf(byte[] bytes, int magic) {
    for (int at = bytes.length - 4; at >= 0; at--) {
      int word =
          bytes[at] & 0xff
              | (bytes[at + 1] & 0xff) << 8
              | (bytes[at + 2] & 0xff) << 16
              | (bytes[at + 3] & 0xff) << 24;
      if (word == magic) {
        return at;
      }
    }
    throw new IllegalStateException("there is none");
  }

  @Test
  void whatIsNoArchiveOrCutOffIsRefusedInWords() throws Exception {
    pack();
    byte[] whole = Files.readAllBytes(archive());
    Files.write(archive(), Arrays.copyOf(whole, whole.length / 2));
    refused("neither a folder nor a whole ZIP archive");
    Files.writeString(archive(), "nothing");
    refused("neither a folder nor a whole ZIP archive");
  }

  @Test
  void anArchiveDamagedAnywhereIsOpenedOrRefusedButNothingElse() throws Exception {
    pack();
    byte[] whole = Files.readAllBytes(archive());
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int n = 0; n < 3; n++) {
        // Half of the damage goes to the directory at the end.
        int at = random.nextBoolean() ? random.nextInt(2000) : random.nextInt(whole.length);
        damaged[whole.length - 1 - at] = (byte) random.nextInt();
      }
      Files.write(archive(), damaged);
      try {
        Recording recording = Recording.open(archive());
        recording.read(line -> true);
        for (RecordedCheckpoint checkpoint : recording.checkpoints()) {
          recording.state(checkpoint);
        }
      } catch (TraceException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 300);
  }

  private void zip(ZipEntry... entries) throws IOException {
    byte[] content = "{}".getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(content);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive()))) {
      for (ZipEntry entry : entries) {
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> Recording.open(archive()))
        .isInstanceOf(TraceException.class)
        .hasMessageContainingAll(words);
  }
}
