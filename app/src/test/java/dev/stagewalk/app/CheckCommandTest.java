package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.app.tables.CheckCommand;
import dev.stagewalk.check.FindingKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code stagewalk check}. */
final class CheckCommandTest {
  private static final String[] CONTROLS = {"--vtcr", "0x80023559", "--vttbr", "0x40000000"};

  /** Normal Write-Back, read-only, execute-never, AF. */
  private static final long DATA = 1L << 54 | 0x400 | 3 << 8 | 1 << 6 | 0xf << 2;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteBuffer memory = ByteBuffer.allocate(0x3000).order(ByteOrder.LITTLE_ENDIAN);

  @TempDir private Path folder;

  @BeforeEach
  void makeTables() {
    memory.putLong(0, 0x4000_1003L);
    memory.putLong(0x1000, 0x4000_2003L);
    memory.putLong(0x2000, 0x5000_0000L | DATA | 3);
  }

  private String file() throws Exception {
    return Files.write(folder.resolve("memory.bin"), memory.array()) + "@0x40000000";
  }

  private int check(String subject, String... more) {
    String[] args = new String[more.length + 1];
    args[0] = subject;
    System.arraycopy(more, 0, args, 1, more.length);
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new CommandLine(new CheckCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void tablesWithNothingWrongEndWith0() throws Exception {
    assertThat(check(file(), CONTROLS)).isZero();
    assertThat(out.toString())
        .contains("no errors, no warnings, 0 for information; 3 tables judged");
  }

  @Test
  void registersInAFileBesideTheDumpAreTakenWhereNoneAreNamed() throws Exception {
    Path beside =
        Files.writeString(
            folder.resolve("memory.regs.txt"),
            "VTCR_EL2 = 0x80023559\nVTTBR_EL2 = 0x50000000\nHCR_EL2 = 1\n");
    assertThat(check(file(), "--vttbr", "0x40000000")).isZero();
    assertThat(out.toString())
        .contains("'" + beside + "', beside the dump, says the registers (--regs names another)")
        .contains("no errors, no warnings, 0 for information; 3 tables judged");
    Path other =
        Files.writeString(
            folder.resolve("other.txt"), "VTCR_EL2 = 0x80023559\nVTTBR_EL2 = 0x40000000\n");
    assertThat(check(file(), "--regs", other.toString())).isZero();
    assertThat(out.toString()).doesNotContain("beside the dump");
    Files.delete(beside);
    assertThat(check(file(), "--vttbr", "0x40000000")).isEqualTo(2);
    assertThat(err.toString()).contains("VTCR_EL2 is not known");
  }

  @Test
  void anErrorEndsWith1AndIsPrintedWithRulePlaceEvidenceAndMend() throws Exception {
    memory.putLong(0x1008, 0x4000_1003L);
    assertThat(check(file(), CONTROLS)).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "error table-loop\n",
            "  rule:  A table must not be reached from itself",
            "(Arm ARM, Translation process)",
            "  at:    level 2 entry 1 of the table at 0x4000_1000, IPA 0x0020_0000 (2 MiB), stage"
                + " 2, VMID 0",
            "  found: The descriptor 0x40001003 names the table at 0x4000_1000",
            "  mend:  Store 0 at 0x4000_1008",
            "1 error, no warnings");
  }

  @Test
  void aWarningAloneEndsWith0() throws Exception {
    memory.putLong(0x2008, 0x900_0000L | 1 << 6 | 1 << 10 | 3);
    assertThat(check(file(), CONTROLS)).isZero();
    assertThat(out.toString()).contains("warning device-executable", "no errors, 1 warning");
  }

  @Test
  void aDumpWithoutAllTablesCannotBeTold() throws Exception {
    memory.putLong(0x1008, 0x6000_0003L);
    assertThat(check(file(), CONTROLS)).isEqualTo(3);
    assertThat(out.toString()).contains("info not-judged", "0x6000_0000", "not all was looked at");
  }

  @Test
  void jsonHasTheShapeThatIsDocumented() throws Exception {
    memory.putLong(0x2008, 0x5000_1000L | DATA | 1);
    String[] args = {"--json", CONTROLS[0], CONTROLS[1], CONTROLS[2], CONTROLS[3]};
    assertThat(check(file(), args)).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("tables").asInt()).isEqualTo(3);
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.get("counts").toString()).isEqualTo("{\"error\":1,\"warning\":0,\"info\":0}");
    JsonNode finding = json.get("findings").get(0);
    assertThat(finding.get("id").asText()).isEqualTo("reserved-descriptor");
    assertThat(finding.get("severity").asText()).isEqualTo("error");
    assertThat(finding.get("count").asInt()).isEqualTo(1);
    assertThat(finding.get("source").asText()).isEqualTo("VMSAv8-64 descriptor formats");
    JsonNode first = finding.get("first").get(0);
    assertThat(first.get("mend").asText()).isNotBlank();
    assertThat(first.get("place").toString())
        .contains(
            "\"kind\":\"entry\"",
            "\"stage\":2",
            "\"regime\":\"EL1&0\"",
            "\"level\":3",
            "\"table\":\"0x40002000\"",
            "\"index\":1",
            "\"at\":\"0x40002008\"",
            "\"input\":\"0x1000\"",
            "\"size\":\"0x1000\"");
  }

  @Test
  void aSampleIsRunAndJudged() throws Exception {
    assertThat(check("hvc", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get("findings")).isEmpty();
    assertThat(check("as-posted")).isEqualTo(1);
    assertThat(out.toString()).contains("error table-freed", "warning control-reserved");
    assertThat(check("demand-paging", "--max-instructions", "100")).isEqualTo(3);
    assertThat(out.toString()).contains("has not ended after 100 instructions");
    assertThat(check("demand-paging", "--defects", "D26")).isZero();
    assertThat(out.toString()).contains("warning device-executable");
  }

  @Test
  void aProgramAtEl2IsSaidToRunNoLibrary() {
    assertThat(check("two-pes")).isZero();
    assertThat(out.toString())
        .contains("a program that begins at EL2 itself, without a library")
        .doesNotContain("under a library");
    assertThat(check("two-pes", "--defects", "D1")).isEqualTo(2);
    assertThat(err.toString()).contains("it runs no library that could have --defects");
  }

  @Test
  void aSourceIsRunAndJudgedUnderTheLibraryOrBare() throws Exception {
    Path source = folder.resolve("lab.s");
    Files.writeString(source, "mrs x0, currentel\nhvc #0\n");
    assertThat(check(source.toString())).isZero();
    assertThat(out.toString()).contains("under a library with defects: none");
    Files.writeString(
        source,
        """
            adr  x0, vectors
            msr  vbar_el2, x0
            isb
            udf  #1
            .balign 2048
        vectors:
            .skip 2048
        """);
    assertThat(check(source.toString(), "--bare", "--max-instructions", "1000")).isEqualTo(1);
    assertThat(out.toString()).contains("error vector-faults", "without a library");
    Files.writeString(source, "no such instruction\n");
    assertThat(check(source.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("lab.s:1:");
  }

  @Test
  void aRecordingIsExecutedAgainAndJudged() throws Exception {
    Path recording = folder.resolve("run.swrec");
    StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(new StringWriter(), true))
        .execute("run", "demand-paging", "--defects", "D11,D26", "--record", recording.toString());
    assertThat(check(recording.toString())).isEqualTo(1);
    String judged = out.toString();
    assertThat(judged)
        .contains(
            "the recorded run of 'demand-paging' under a library with defects: D11,D26",
            "error table-freed",
            "warning device-executable");
    assertThat(check("demand-paging", "--defects", "D11,D26")).isEqualTo(1);
    assertThat(findings(out.toString())).isEqualTo(findings(judged));
    assertThat(check(recording.toString(), "--defects", "D9")).isEqualTo(2);
    assertThat(check(folder.resolve("none.swrec").toString())).isEqualTo(2);
  }

  private static String findings(String text) {
    return text.lines()
        .filter(line -> line.startsWith("error ") || line.startsWith("warning "))
        .toList()
        .toString();
  }

  @Test
  void aTraceIsRefusedWithWhatItIsAndWhatToDo() throws Exception {
    Path trace = folder.resolve("trap.log");
    Files.writeString(
        trace, "Taking exception 13 [Hypervisor Call] on CPU 0\n...from EL1 to EL2\n");
    assertThat(check(trace.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("is a log of QEMU", "nothing to judge", "stagewalk import", "a dump");
    Path text = Files.writeString(folder.resolve("notes.txt"), "notes\n");
    assertThat(check(text.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("neither an ELF core nor a LiME file", "FILE@BASE");
  }

  @Test
  void everyRuleIsListedWithItsIdAndSeverity() {
    assertThat(check("--rules")).isZero();
    assertThat(out.toString().lines().filter(line -> !line.startsWith(" ")))
        .hasSameSizeAs(FindingKind.values())
        .contains("error bbm-missing", "warning device-executable", "info shared-between-vmids");
  }

  @Test
  void wrongUsageIsOneSentence() throws Exception {
    assertThat(check("demand-pagign")).isEqualTo(2);
    assertThat(err.toString()).contains("neither a file nor a sample", "demand-paging");
    assertThat(check("vmid-257")).isEqualTo(2);
    assertThat(err.toString()).contains("a case of the bug zoo", "stagewalk lesson vmid-257");
    assertThat(check(file())).isEqualTo(2);
    assertThat(err.toString()).contains("VTCR_EL2 is not known");
    assertThat(check(file(), "--defects", "D9")).isEqualTo(2);
    assertThat(err.toString()).contains("--defects, --tlb and --bare are of what runs");
  }

  @Test
  void stage1OfEl2IsJudgedAlone() throws Exception {
    // 39-bit VA, 4K, Attr0 Write-Back: the leaf is writable and may be executed.
    memory.putLong(0x2000, 0x5000_0000L | 0x701 | 2);
    assertThat(
            check(
                file(),
                "--stage1",
                "--regime",
                "EL2",
                "--tcr",
                "0x80853519",
                "--ttbr0",
                "0x40000000",
                "--mair",
                "0xff"))
        .isZero();
    assertThat(out.toString()).contains("info writable-executable", "stage 1 of EL2");
  }
}
