package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.image.DumpName;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.IpaMap;
import dev.stagewalk.trace.RangeExport;
import dev.stagewalk.trace.RunAsTrace;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceEvent;
import dev.stagewalk.trace.TraceExport;
import dev.stagewalk.trace.TraceFields;
import dev.stagewalk.trace.TraceImport;
import dev.stagewalk.views.Stage2;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported of runs and tables is read back by the importers, and by others. */
final class ExportsReadBackTest {
  private static final Path DUMPS = Path.of("src/test/resources/dumps");
  private static final String KVM_7_3 = "kvm73-vhe-linuxguest";

  @TempDir private Path folder;

  private static Snapshot atExit(Scenario scenario, long exit) {
    try (Session session = Session.open(scenario)) {
      return session.submit(new Command.GoToExit(exit)).join();
    }
  }

  private static Snapshot ended(String sample) {
    try (Session session = Session.open(Catalogue.standard().find(sample).orElseThrow())) {
      session.submit(new Command.StopAtExits(false)).join();
      return session.submit(new Command.Run()).join();
    }
  }

  @Test
  void theTextOfADumpIsTheKernelsByteForByte() throws Exception {
    StringWriter text = new StringWriter();
    try (MemoryDump dump =
        MemoryDump.open(List.of(DumpName.parse(DUMPS.resolve(KVM_7_3 + ".elf").toString())))) {
      Stage2Parameters kvm =
          Stage2Parameters.decode(0x1800e3558L, 0x10000411bc000L, 1, Features.MAX);
      assertThat(RangeExport.ptdump(kvm, dump, text).words()).isEqualTo("11 ranges");
    }
    assertThat(text.toString())
        .isEqualTo(Files.readString(DUMPS.resolve(KVM_7_3 + ".stage2_page_tables.txt")));
  }

  @ParameterizedTest
  @CsvSource({
    "demand-paging,K4,48,3",
    "demand-paging,K16,40,3",
    "demand-paging,K64,42,3",
    "split-merge,K4,39,2",
    "read-only,K4,40,1"
  })
  void rangesOfARunAreReadBackAsTheyAre(String sample, Granule granule, int bits, int exit)
      throws Exception {
    Scenario scenario = Catalogue.standard().find(sample).orElseThrow().with(granule, bits);
    Snapshot now = atExit(scenario, exit);
    Stage2Parameters stage2 = Stage2.parameters(now);
    DescriptorReader memory = Stage2.reader(now.memory());
    Path file = folder.resolve("stage2_page_tables");
    try (Writer out = Files.newBufferedWriter(file)) {
      RangeExport.ptdump(stage2, memory, out);
    }
    Trace read = TraceImport.read(file, null, Map.of());
    assertThat(read.unread().count()).isZero();
    List<String> mapped = new ArrayList<>();
    long end = 0;
    for (int n = 0; n < read.events().size(); n++) {
      TraceEvent line = read.events().get(n);
      TraceFields fields = TraceFields.of(line);
      assertThat(fields.number("ipa")).as("no gap and no overlap").hasValue(end);
      end = fields.number("end").orElseThrow();
      if (line.name().equals("mapped")) {
        pages(mapped, fields, line.body(), stage2);
      }
    }
    assertThat(end).isEqualTo(1L << bits);
    assertThat(mapped).isNotEmpty().isEqualTo(leaves(stage2, memory));
  }

  /** "ipa level access" of each leaf that a line stands for. */
  private static void pages(
      List<String> into, TraceFields fields, String body, Stage2Parameters stage2) {
    long from = fields.number("ipa").orElseThrow();
    long end = fields.number("end").orElseThrow();
    int level = (int) fields.number("level").orElseThrow();
    // They are the end of the text: "attributes=R,W,px,ux,AF,BLK".
    String access = (body.contains("=R") ? "r" : "-") + (body.contains("R,W") ? "w" : "-");
    for (long ipa = from; ipa < end; ipa += 1L << stage2.granule().levelShift(level)) {
      into.add("%x %d %s".formatted(ipa, level, access));
    }
  }

  private static List<String> leaves(Stage2Parameters stage2, DescriptorReader memory) {
    List<String> found = new ArrayList<>();
    TableSweep.over(
        stage2,
        memory,
        (ipa, level, _, leaf) ->
            found.add(
                "%x %d %s%s"
                    .formatted(
                        ipa,
                        level,
                        (leaf & 1 << 6) != 0 ? "r" : "-",
                        (leaf & 1 << 7) != 0 ? "w" : "-")));
    return found;
  }

  @Test
  void whatCannotBeReadIsNeitherMappedNorAHole() throws Exception {
    Snapshot now = atExit(Catalogue.standard().find("demand-paging").orElseThrow(), 3);
    Stage2Parameters stage2 = Stage2.parameters(now);
    List<Long> tables = new ArrayList<>();
    TableSweep.Visitor visitor =
        new TableSweep.Visitor() {
          @Override
          public boolean table(int level, long base, int entries, long ipa) {
            tables.add(base);
            return true;
          }

          @Override
          public void leaf(long ipa, int level, long pa, long descriptor) {}
        };
    TableSweep.over(stage2, Stage2.reader(now.memory()), visitor);
    long lost = tables.getLast();
    StringWriter text = new StringWriter();
    RangeExport.Written written =
        RangeExport.ptdump(
            stage2,
            pa -> {
              if (pa >>> 12 == lost >>> 12) {
                throw ExternalAbort.ABORT;
              }
              return now.memory().read(pa, 8);
            },
            text);
    assertThat(written.words()).contains("1 place in the tables cannot be followed");
    Path file = Files.writeString(folder.resolve("tables.txt"), text.toString());
    assertThat(TraceImport.read(file, null, Map.of()).remarks())
        .anyMatch(remark -> remark.contains("does not go on where the line before it ends"));
  }

  @Test
  void rangesAsCsvAreTheRangesOfTheIndependentWalker() throws Exception {
    StringWriter text = new StringWriter();
    try (MemoryDump dump =
        MemoryDump.open(List.of(DumpName.parse(DUMPS.resolve(KVM_7_3 + ".elf").toString())))) {
      Stage2Parameters kvm =
          Stage2Parameters.decode(0x1800e3558L, 0x10000411bc000L, 1, Features.MAX);
      RangeExport.csv(kvm, dump, text);
    }
    List<String> ours =
        text.toString()
            .lines()
            .skip(1)
            .map(line -> line.split(","))
            .map(c -> String.join(",", c[0], c[1], c[2], c[4], c[5]))
            .toList();
    List<String> theirs =
        Files.readAllLines(DUMPS.resolve(KVM_7_3 + ".leaves.csv")).stream()
            .filter(line -> line.startsWith("0x"))
            .map(line -> line.split(","))
            .map(c -> String.join(",", c[0], c[1], c[2], c[3], c[5]))
            .toList();
    assertThat(ours).isNotEmpty().isEqualTo(theirs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demand-paging", "mmio", "sysreg-trap", "two-guests", "psci-two-pes"})
  void eventsOfARunAreReadBackFromTracefsText(String sample) throws Exception {
    Snapshot end = ended(sample);
    Trace told = RunAsTrace.of(sample, end.events(), end.eventCount());
    Path file = folder.resolve("run.txt");
    try (Writer out = Files.newBufferedWriter(file)) {
      TraceExport.tracefs(told, told.remarks(), out);
    }
    Trace read = TraceImport.read(file, null, Map.of());
    assertThat(read.unread().count()).isZero();
    assertThat(read.events().counts()).isEqualTo(told.events().counts());
    for (int n = 0; n < told.events().size(); n++) {
      TraceEvent event = told.events().get(n);
      TraceEvent again = read.events().get(n);
      assertThat(again.nanos()).isEqualTo(event.nanos());
      assertThat(again.body()).isEqualTo(event.body());
      assertThat(again.thread()).isEqualTo(event.thread());
      assertThat(again.process()).isEqualTo(event.process());
      assertThat(TraceFields.of(again).texts()).as(again.body()).isNotEmpty();
    }
    assertThat(read.events().counts().get("kvm_exit")).isEqualTo(exits(end));
    assertThat(told.remarks().getLast()).startsWith("left out, because KVM has no tracepoint");
  }

  private static long exits(Snapshot end) {
    long count = 0;
    for (long n = 0; n < end.eventCount(); n++) {
      if (end.events().get(n).what() instanceof SimEvent.ExceptionTaken taken
          && taken.fromEl() < 2
          && taken.toEl() == 2) {
        count++;
      }
    }
    return count;
  }

  @Test
  void guestsAreProcessesAndTheirPesThreads() {
    Snapshot end = ended("two-guests");
    Trace told = RunAsTrace.of("two-guests", end.events(), end.eventCount());
    assertThat(told.vms()).hasSize(2);
    assertThat(told.vcpus()).hasSize(2);
  }

  @Test
  void emulatedAccessesSayTheirValuesAsKvmDoes() {
    Snapshot end = ended("mmio");
    Trace told = RunAsTrace.of("mmio", end.events(), end.eventCount());
    assertThat(told.events().counts().get("kvm_mmio")).isEqualTo(12);
    assertThat(IpaMap.of(told).ranges())
        .singleElement()
        .satisfies(range -> {
          assertThat(range.from()).isEqualTo(0x0a00_0000L);
          assertThat(range.use()).isEqualTo(IpaMap.Use.DEVICE);
        });
  }
}
