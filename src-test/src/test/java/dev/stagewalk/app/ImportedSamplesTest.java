package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.app.tables.DumpOptions;
import dev.stagewalk.app.tables.DumpReport;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.trace.FormatNames;
import dev.stagewalk.trace.Gap;
import dev.stagewalk.trace.IpaMap;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceEvent;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceExport;
import dev.stagewalk.trace.TraceFields;
import dev.stagewalk.trace.TraceImport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real machines recorded, against counts taken by other means. */
final class ImportedSamplesTest {
  private static final Path TRACES = Path.of("src/test/resources/traces");

  /** A line of the table. */
  record Row(String file, String kind, String rest) {
    Map<String, Long> counts() {
      return rest.isBlank()
          ? Map.of()
          : Arrays.stream(rest.split(";", -1))
              .map(pair -> pair.strip().split("=", 2))
              .collect(
                  Collectors.toMap(
                      pair -> pair[0], pair -> Long.parseLong(pair[1]), Long::sum, TreeMap::new));
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Row> rows() throws IOException {
    return Files.readAllLines(TRACES.resolve("counts.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Row(cells[0].strip(), cells[1].strip(), cells[2].strip()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachFileIsReadAsWhatItIsOrRefusedInWords(Row row) throws Exception {
    Path file = TRACES.resolve(row.file()).normalize();
    if (OpenedFile.isDump(file)) {
      assertThat(counts(file, row.kind())).isEqualTo(row.counts());
      return;
    }
    if (row.kind().equals("refused")) {
      assertThatThrownBy(() -> TraceImport.read(file, null, Map.of()))
          .isInstanceOf(TraceException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(row.rest());
      return;
    }
    Trace trace = TraceImport.read(file, null, Map.of());
    assertThat(trace.kind().id()).isEqualTo(row.kind());
    assertThat(new TreeMap<>(trace.events().counts())).isEqualTo(row.counts());
  }

  /** What importing a dump counts, as the table has it. */
  private static Map<String, Long> counts(Path file, String kind) throws IOException {
    StringWriter text = new StringWriter();
    DumpReport.json(new DumpOptions().open(file.toString()), new PrintWriter(text));
    JsonNode json = new ObjectMapper().readTree(text.toString());
    assertThat(json.get("kind").asText()).isEqualTo(kind);
    assertThat(json.get("event_counts")).isEmpty();
    Map<String, Long> counts = new TreeMap<>();
    long bytes = 0;
    for (JsonNode range : json.get("memory")) {
      bytes += Hex.parse(range.get("bytes").asText());
    }
    counts.put("bytes", bytes);
    counts.put("ranges", (long) json.get("memory").size());
    if (json.has("unknown")) {
      counts.put("unknown", 1L);
    } else {
      counts.put("tables", json.at("/tables/tables").asLong());
      counts.put("leaves", json.at("/tables/leaves").asLong());
    }
    return counts;
  }

  @Test
  void everyFileOfTheFoldersStandsInTheTable() throws IOException {
    try (Stream<Path> traces = Files.walk(TRACES);
        Stream<Path> dumps = Files.list(TRACES.resolve("../dumps"))) {
      assertThat(
              Stream.concat(traces, dumps)
                  .filter(Files::isRegularFile)
                  .map(file -> TRACES.relativize(file).toString().replace('\\', '/'))
                  .filter(name -> name.contains("/") && !name.endsWith("README.md")))
          .containsExactlyInAnyOrderElementsOf(
              rows().map(Row::file).filter(name -> !name.contains("@")).toList());
    }
  }

  @Test
  void aRawTraceNamesItsEventsOnceTheFormatsOfItsKernelAreGiven() throws TraceException {
    Map<Integer, String> names = FormatNames.read(TRACES.resolve("formats-6.1/all.format"));
    Trace raw = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare-raw.txt"), null, names);
    Trace text = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare-tgid.txt"), null, Map.of());
    // Both are of one run: the raw file holds the first of the text's events.
    for (int n = 0; n < raw.events().size(); n++) {
      assertThat(raw.events().eventName(n)).isEqualTo(text.events().eventName(n));
      assertThat(raw.events().nanos(n) / 1000).isCloseTo(text.events().nanos(n) / 1000, within(1L));
    }
  }

  @Test
  void aRawTraceWithoutFormatsSaysThatItNeedsThem() throws TraceException {
    Trace raw = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare-raw.txt"), null, Map.of());
    assertThat(raw.remarks())
        .singleElement()
        .asString()
        .contains("differ from kernel to kernel", "--formats");
    Trace named =
        TraceImport.read(TRACES.resolve("kvm-6.1/trace-cmd-report-v7-raw.txt"), null, Map.of());
    assertThat(named.remarks()).as("trace-cmd report -R names its events itself").isEmpty();
  }

  @Test
  void theBinaryTraceSaysWhatItsReportSays() throws TraceException {
    Trace binary = TraceImport.read(TRACES.resolve("kvm-6.1/trace-v7.dat"), null, Map.of());
    Trace report =
        TraceImport.read(TRACES.resolve("kvm-6.1/trace-cmd-report-v7-lat.txt"), null, Map.of());
    assertThat(binary.events().size()).isEqualTo(report.events().size());
    for (int n = 0; n < report.events().size(); n++) {
      TraceEvent written = report.events().get(n);
      TraceEvent found = binary.events().get(n);
      assertThat(found.nanos()).as("time of event %d", n).isEqualTo(written.nanos());
      assertThat(found.name()).isEqualTo(written.name());
      assertThat(found.task()).isEqualTo(written.task());
      assertThat(found.thread()).isEqualTo(written.thread());
      assertThat(found.cpu()).isEqualTo(written.cpu());
      if (written.body().contains("wf>c<")) {
        continue; // trace-cmd cannot print a single character, and writes 0 for the PC after it
      }
      TraceFields of = TraceFields.of(found);
      TraceFields expected = TraceFields.of(written);
      assertThat(of.esr()).isEqualTo(expected.esr());
      assertThat(of.exceptionClass()).isEqualTo(expected.exceptionClass());
      assertThat(of.far()).isEqualTo(expected.far());
      assertThat(of.ipa()).isEqualTo(expected.ipa());
      assertThat(of.pc()).isEqualTo(expected.pc());
    }
  }

  @Test
  void aBinaryTraceThatBreaksOffIsReadAsFarAsItGoes(@TempDir Path folder) throws Exception {
    Path whole = TRACES.resolve("kvm-6.1/trace-v6.dat.gz");
    byte[] bytes;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(whole))) {
      bytes = in.readAllBytes();
    }
    // The records of its second CPU are the last pages of the file.
    Path cut = folder.resolve("cut.dat");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 3000));
    Trace trace = TraceImport.read(cut, null, Map.of());
    assertThat(trace.events().size()).isPositive();
    assertThat(trace.remarks()).anySatisfy(remark -> assertThat(remark).contains("breaks off"));

    Path shorter = folder.resolve("shorter.dat");
    Files.write(shorter, Arrays.copyOf(bytes, 5000));
    assertThatThrownBy(() -> TraceImport.read(shorter, null, Map.of()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(shorter.toString())
        .hasMessageContaining("offset 0x");
  }

  @Test
  void lostEventsAreGapsAtTheirPlace() throws TraceException {
    Trace trace =
        TraceImport.read(TRACES.resolve("kvm-6.12/trace_pipe-lost-events.txt"), null, Map.of());
    assertThat(trace.gaps()).containsExactly(new Gap(300, 301, 0, 415));
    assertThat(trace.unread().count()).isZero();
  }

  @Test
  void vcpusAreThreadsAndVmsAreProcesses() throws TraceException {
    Trace trace = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare-tgid.txt"), null, Map.of());
    assertThat(trace.vcpus()).containsExactly(185);
    assertThat(trace.vms()).containsExactly(185);
    Trace without = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare.txt"), null, Map.of());
    assertThat(without.vms()).isEmpty();
  }

  @Test
  void theIpaMapTellsEmulatedPagesFromMemory() throws TraceException {
    Trace trace = TraceImport.read(TRACES.resolve("kvm-6.1/ftrace-bare.txt"), null, Map.of());
    assertThat(IpaMap.of(trace).ranges())
        .anySatisfy(range -> {
          assertThat(range.from()).isEqualTo(0x0900_0000L);
          assertThat(range.use()).isEqualTo(IpaMap.Use.DEVICE);
          assertThat(range.accesses()).isEqualTo(12);
        })
        .anySatisfy(range -> {
          assertThat(range.from()).isEqualTo(0x4000_0000L);
          assertThat(range.use()).isEqualTo(IpaMap.Use.MEMORY);
        });
  }

  /** The texts of the default options, which the table of events describes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kvm-6.1/ftrace-bare.txt",
        "kvm-6.1/trace-cmd-report-v7.txt",
        "kvm-6.1/perf-script.txt",
        "kvm-6.12/ftrace-bare.txt",
        "kvm-6.12/trace_pipe-lost-events.txt",
        "kvm-7.3/ftrace.txt"
      })
  void everyEventOfKvmIsReadFieldByField(String file) throws TraceException {
    Trace trace = TraceImport.read(TRACES.resolve(file), null, Map.of());
    for (int n = 0; n < trace.events().size(); n++) {
      TraceEvent event = trace.events().get(n);
      assertThat(TraceFields.of(event).texts())
          .as("%s line %d: %s: %s", file, event.line(), event.name(), event.body())
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kvm-6.1/ftrace-bare-nocontext.txt",
        "kvm-6.1/ftrace-bare-tgid.txt",
        "kvm-6.1/perf-script.txt",
        "kvm-6.1/trace-cmd-report-v7-lat.txt",
        "kvm-6.1/trace-cmd-report-v7-raw.txt",
        "kvm-6.1/trace-v7.dat",
        "kvm-6.12/ftrace-bare-fields.txt",
        "kvm-6.12/trace_pipe-lost-events.txt",
        "kvm-7.3/ftrace.txt"
      })
  void whatIsExportedAsTracefsTextIsReadBackTheSame(String file, @TempDir Path folder)
      throws Exception {
    Trace trace = TraceImport.read(TRACES.resolve(file), null, Map.of());
    Path exported = folder.resolve("exported.txt");
    try (Writer out = Files.newBufferedWriter(exported)) {
      TraceExport.tracefs(trace, out);
    }
    Trace again = TraceImport.read(exported, null, Map.of());
    assertThat(again.events().size()).isEqualTo(trace.events().size());
    for (int n = 0; n < trace.events().size(); n++) {
      assertThat(withoutLine(again.events().get(n))).isEqualTo(withoutLine(trace.events().get(n)));
    }
    assertThat(again.gaps().stream().map(Gap::lost))
        .containsExactlyElementsOf(trace.gaps().stream().map(Gap::lost).toList());
    assertThat(again.gaps().stream().map(Gap::before))
        .containsExactlyElementsOf(trace.gaps().stream().map(Gap::before).toList());
  }

  private static TraceEvent withoutLine(TraceEvent event) {
    return new TraceEvent(
        event.number(),
        0,
        event.nanos(),
        event.cpu(),
        event.thread(),
        event.process(),
        event.task(),
        event.name(),
        event.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"qemu-log/d-int-kvm61-vhe.log", "kvm-6.1/perf-trace.txt"})
  void whatTracefsTextCannotSayIsNotLeftOutInSilence(String file) throws TraceException {
    Trace trace = TraceImport.read(TRACES.resolve(file), null, Map.of());
    assertThatThrownBy(() -> TraceExport.tracefs(trace, new StringWriter()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("csv and jsonl");
  }
}
