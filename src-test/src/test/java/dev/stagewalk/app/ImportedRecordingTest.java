package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.session.Replay;
import dev.stagewalk.trace.ImportedRecording;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.RecordingArchive;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceImport;
import dev.stagewalk.trace.TraceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imported traces kept in the form of recordings. */
final class ImportedRecordingTest {
  private static final Path TRACES = Path.of("src/test/resources/traces");

  @TempDir private Path folder;

  private static Trace read(Path file) throws TraceException {
    return TraceImport.read(file, null, Map.of());
  }

  private Path kept(String sample) throws Exception {
    Path recording = folder.resolve("kept.swrec");
    ImportedRecording.write(read(TRACES.resolve(sample)), recording, "Stagewalk of a test");
    return recording;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kvm-6.1/ftrace-bare-tgid.txt",
        "kvm-6.1/ftrace-bare-nocontext.txt",
        "kvm-6.1/ftrace-bare-raw.txt",
        "kvm-6.1/perf-trace.txt",
        "kvm-6.1/perf-script.txt",
        "kvm-6.1/trace-v7.dat",
        "kvm-6.1/trace-empty-header.txt",
        "kvm-6.12/trace_pipe-lost-events.txt",
        "qemu-bare-metal/qemu-d-int.log",
        "tarmac/parsertest.txt",
        "gdb-rsp/live-traps-xen.jsonl",
        "../dumps/kvm73-vhe-linuxguest.stage2_page_tables.txt"
      })
  void whatIsKeptIsReadBackTheSame(String sample) throws Exception {
    Trace trace = read(TRACES.resolve(sample));
    Path recording = kept(sample);
    same(read(recording), trace);
    Path archive = folder.resolve("kept.swrec.zip");
    RecordingArchive.write(Recording.open(recording), archive);
    same(read(archive), trace);
  }

  private static void same(Trace again, Trace trace) {
    assertThat(again.name()).isEqualTo(trace.name());
    assertThat(again.kind()).isEqualTo(trace.kind());
    assertThat(again.gaps()).isEqualTo(trace.gaps());
    assertThat(again.remarks()).isEqualTo(trace.remarks());
    assertThat(again.unread()).isEqualTo(trace.unread());
    assertThat(again.events().size()).isEqualTo(trace.events().size());
    sameEvents(again, trace);
  }

  private static void sameEvents(Trace again, Trace trace) {
    for (int n = 0; n < again.events().size(); n++) {
      assertThat(again.events().get(n)).isEqualTo(trace.events().get(n));
    }
  }

  @Test
  void nothingOfItCanBeExecuted() throws Exception {
    Path recording = kept("kvm-6.1/perf-script.txt");
    assertThatThrownBy(() -> Replay.of(Recording.open(recording), Engine.USUAL, true))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(recording.toString())
        .hasMessageContaining("no machine to execute it on");
    assertThat(OpenedFile.read(recording)).isInstanceOf(OpenedFile.Imported.class);
  }

  @Test
  void itIsNotWrittenOverAnotherNorReadAsAnotherKind() throws Exception {
    Path recording = kept("kvm-6.1/perf-script.txt");
    assertThatThrownBy(() -> kept("kvm-6.1/perf-script.txt"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("holds a recording already");
    assertThatThrownBy(() -> TraceImport.read(recording, TraceKind.QEMU, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("--as perf-script");
  }

  @Test
  void cutAnywhereItIsTheSameUpToTheCutAndSaysSo() throws Exception {
    String sample = "qemu-bare-metal/qemu-d-in_asm-int.log";
    Trace trace = read(TRACES.resolve(sample));
    Path recording = kept(sample);
    Path stream = recording.resolve("events.jsonl.gz");
    byte[] whole = Files.readAllBytes(stream);
    Random random = new Random(3);
    for (int n = 0; n < 20; n++) {
      Files.write(stream, Arrays.copyOf(whole, random.nextInt(whole.length)));
      Trace again = read(recording);
      assertThat(again.events().size()).isLessThanOrEqualTo(trace.events().size());
      assertThat(again.remarks()).anyMatch(remark -> remark.contains("was cut off after event"));
      sameEvents(again, trace);
    }
  }

  @Test
  void damagedItIsRefusedInWordsOrReadAsFarAsItIsWhole() throws Exception {
    Path recording = kept("kvm-6.12/trace_pipe-lost-events.txt");
    Random random = new Random(5);
    for (String name : new String[] {"events.jsonl.gz", "manifest.json"}) {
      Path file = recording.resolve(name);
      Path copy = folder.resolve("whole");
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      byte[] whole = Files.readAllBytes(copy);
      for (int n = 0; n < 200; n++) {
        byte[] bytes = whole.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        Files.write(file, bytes);
        try {
          read(recording);
        } catch (TraceException e) {
          assertThat(e).hasMessageContaining(recording.toString());
        }
      }
      Files.write(file, whole);
    }
    assertThat(read(recording).events().size()).isEqualTo(1199);
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    Path recording = kept("kvm-6.1/perf-script.txt");
    Path manifest = recording.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceFirst("\"version\" : \\d+", "\"version\" : 99"));
    assertThatThrownBy(() -> read(recording))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("version 99")
        .hasMessageContaining("Stagewalk of a test");
  }

  @Test
  void aZipThatIsNoRecordingIsSaidToBeAZip() throws Exception {
    Path zip = folder.resolve("other.zip");
    try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new java.util.zip.ZipEntry("trace.txt"));
    }
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("is a zip archive: unpack it first");
  }

  @Test
  void anArchiveOfARecordingThatReachesOutOfItsFolderIsNotSaidToBeUnpacked() throws Exception {
    Path zip = folder.resolve("evil.swrec.zip");
    try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new java.util.zip.ZipEntry("../../evil.txt"));
    }
    assertThatThrownBy(() -> read(zip))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("'../../evil.txt', which would lie outside of its folder")
        .message()
        .doesNotContain("unpack it");
  }
}
