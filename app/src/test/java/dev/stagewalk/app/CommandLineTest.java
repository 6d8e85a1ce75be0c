package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk run} and {@code stagewalk decode}, on the real engine. */
final class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void theDemandPagingSampleIsToldByItsTrapLog() {
    assertThat(stagewalk("run", "demand-paging")).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .startsWith(
            "Demand paging: 4K granule, 48-bit IPA, defects: none",
            "event instruction lane name EL PC symbol what result")
        .contains(
            "155 11 exit DABT_LOW EL1 0x4008_0028 touch_pages+0x10 write · Translation fault, level"
                + " 2 · IPA 0x4020_0018 demand_page → RESUME: mapped 0x4020_0000 in heap",
            "guest console | guest: every word read back")
        .endsWith("The guest has ended: HVC #0: the guest has finished");
  }

  @Test
  void aGuestThatIsStoppedMakesTheExitCodeOne() {
    assertThat(stagewalk("run", "read-only")).isOne();
    assertThat(out.toString())
        .contains("write · Permission fault, level 3")
        .endsWith(
            "The guest was stopped: write to a read-only page, VA 0x4030_0040"
                + System.lineSeparator());
  }

  @Test
  void geometryAndDefectsCanBeChosen() {
    assertThat(stagewalk("run", "uart", "--granule", "64k", "--defects", "as-posted")).isZero();
    assertThat(out.toString()).contains("64K granule, 48-bit IPA, defects: as-posted");
  }

  @Test
  void aSourceIncludesFilesOfItsFolder() throws Exception {
    Files.createDirectory(folder.resolve("parts"));
    Files.writeString(folder.resolve("parts/end.inc"), ".macro finish\n hvc #0\n.endm\n");
    Path file =
        Files.writeString(
            folder.resolve("main.s"), "_start: .include \"parts/end.inc\"\n finish\n");
    assertThat(stagewalk("run", file.toString())).isZero();
    assertThat(out.toString()).contains("HVC #0: the guest has finished");
    assertThat(GuestFile.open(file).includes().read("parts/end.inc")).isNotEmpty();
  }

  @Test
  void everyErrorOfASourceAndOfWhatItIncludesIsReported() throws Exception {
    Files.writeString(folder.resolve("bad.inc"), " nop\n mov x99, #1\n");
    Path file =
        Files.writeString(
            folder.resolve("main.s"),
            "_start: frob x0\n.include \"bad.inc\"\n add x0, x1\n.include \"../out.inc\"\n");
    assertThat(stagewalk("run", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(4);
    assertThat(err.toString().lines().toList().get(1)).contains("bad.inc", "2");
    assertThat(err.toString()).contains("frob", "main.s:3", "it lies outside");

    String run = err.toString();
    assertThat(catchThrowable(() -> GuestFile.open(file))).hasMessage(run.strip());
    assertThat(GuestCode.problems(GuestFile.source(file), "_start: nop\n frob\n blah\n"))
        .extracting(problem -> problem.line())
        .containsExactly(2, 3);
  }

  @Test
  void aSourceFileRunsUntilItHasHadEnough() throws Exception {
    Path file = Files.writeString(folder.resolve("loop.s"), "_start: b _start\n");
    assertThat(stagewalk("run", file.toString(), "--max-instructions", "500")).isOne();
    assertThat(out.toString())
        .startsWith("loop.s: ")
        .contains("The guest has not ended after 500 instructions");
  }

  @Test
  void theMemoryOfTheHistoryIsSetAndSaidAndTooMuchIsRefused() throws Exception {
    assertThat(stagewalk("run", "demand-paging", "--history", "2M")).isZero();
    assertThat(out.toString())
        .containsPattern("History: [\\d.]+ [KM]iB of 2 MiB. The history begins");
    assertThat(stagewalk("run", "demand-paging", "--history", "1000")).isEqualTo(2);
    assertThat(err.toString()).contains("--history: a history takes at least 1 MiB");
    assertThat(stagewalk("run", "demand-paging", "--history", "900T")).isEqualTo(2);
    assertThat(err.toString()).contains("more than half of what Java may take", "-Xmx");
    assertThat(stagewalk("run", "demand-paging", "--history", "much")).isEqualTo(2);
    assertThat(err.toString()).contains("'much' is not an amount of memory");
  }

  @Test
  void everyErrorOfASourceIsALine() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.s"), "  mvo x0, #1\n  b nowhere\n");
    assertThat(stagewalk("run", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ":1:3: 'mvo' is no instruction or directive",
            file + ":2:5: the symbol 'nowhere' is not defined");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void eventsAreDenseLinesOfJsonWithAddressesAsText() throws Exception {
    Path file = folder.resolve("events.jsonl");
    assertThat(stagewalk("run", "demand-paging", "--events", file.toString())).isZero();

    List<JsonNode> events = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(file)) {
      events.add(json.readTree(line));
    }
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).get("seq").asInt()).isEqualTo(i);
    }
    JsonNode fault =
        events.stream()
            .filter(e -> e.get("kind").asText().equals("exception"))
            .filter(e -> !e.get("translation").isNull())
            .findFirst()
            .orElseThrow();
    assertThat(fault.fieldNames())
        .toIterable()
        .containsExactly(
            "seq",
            "moment",
            "pe",
            "lane",
            "kind",
            "fromEl",
            "toEl",
            "vector",
            "esr",
            "far",
            "hpfar",
            "hpfarValid",
            "elr",
            "spsr",
            "translation");
    assertThat(fault.get("esr").asText()).isEqualTo("0x93c28046");
    assertThat(fault.get("hpfar").asText()).isEqualTo("0x402000");
    assertThat(fault.at("/translation/lookups")).hasSize(3);
    assertThat(fault.at("/translation/lookups/2/level").asInt()).isEqualTo(2);
    assertThat(fault.at("/translation/outcome/fault").asText()).isEqualTo("TRANSLATION");
  }

  @Test
  void aProgramAtEl2IsNoGuestWhenItEnds() {
    assertThat(stagewalk("run", "two-pes")).isZero();
    assertThat(out.toString().stripTrailing()).endsWith("The program has ended: PSCI SYSTEM_OFF");
    assertThat(out.toString()).doesNotContain("The guest");
  }

  @Test
  void wrongUsageOfRunIsOneLine() {
    assertRefused("several guests take turns on one PE", "run", "two-guests", "--pes", "2");
    assertRefused("'nothing' is no FILE.s and no sample; there are", "run", "nothing");
    assertRefused("'guest.elf' does not exist; check its name and folder", "run", "guest.elf");
    assertRefused("'none.s' is not a file that can be read", "run", "none.s");
    assertRefused("'5K' is not a translation granule", "run", "uart", "--granule", "5K");
    assertRefused("--ipa-bits must be 32 to 48", "run", "uart", "--ipa-bits", "52");
    assertRefused("'d99' is not a defect", "run", "uart", "--defects", "D99");
    assertRefused("--max-instructions must be", "run", "uart", "--max-instructions", "0");
    assertRefused(
        "is not a file that can be written",
        "run",
        "uart",
        "--events",
        folder.resolve("no/such/folder").toString());
  }

  @Test
  void aSyndromeIsDecodedIntoFieldsAndASentence() {
    assertThat(stagewalk("decode", "esr_el2", "0x93c2_8047")).isZero();
    assertThat(out.toString())
        .contains(
            "Translation fault, level 3 - fault status code",
            "Data abort, lower EL · 8 bytes · x2 · write · Translation fault, level 3",
            "from the syndrome alone (ISV = 1)");
  }

  @Test
  void hpfarIsTurnedIntoTheIpa() {
    assertThat(stagewalk("decode", "HPFAR_EL2", "0x402030")).isZero();
    assertThat(out.toString()).contains("0x4020_3000 to 0x4020_3fff");
  }

  @Test
  void controlsThatAPeCannotHaveAreNamed() {
    assertThat(stagewalk("decode", "VTCR_EL2", "0x80053590", "--pa-bits", "40")).isZero();
    assertThat(out.toString())
        .contains("What is wrong:", "start level 0 with the 4K granule needs an implemented PA");

    out.getBuffer().setLength(0);
    assertThat(stagewalk("decode", "VTCR_EL2", "0x80053590")).isZero();
    assertThat(out.toString())
        .contains("One entry of level 1 covers")
        .doesNotContain("What is wrong:", "Root base");
  }

  @Test
  void theRootIsReadWithTheControlsThatShapeIt() {
    assertThat(stagewalk("decode", "VTTBR_EL2", "0x1000040001000", "--vtcr", "0x80023558"))
        .isZero();
    assertThat(out.toString())
        .contains("VTTBR_EL2 names the root 0x4000_1000, which is not aligned to 8 KiB");
  }

  @Test
  void decodeCanSpeakJson() throws Exception {
    assertThat(stagewalk("decode", "--json", "ESR_EL2", "0x5a000001")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("register").asText()).isEqualTo("ESR_EL2");
    assertThat(json.get("class").asText()).isEqualTo("HVC64");
    assertThat(json.get("iss")).anyMatch(f -> f.get("value").asText().equals("0x1"));
  }

  @Test
  void wrongUsageOfDecodeIsOneLine() {
    assertRefused("did you mean VTCR_EL2, VTTBR_EL2", "decode", "VTBR_EL2", "0");
    assertRefused("'zz' is not a number", "decode", "VTCR_EL2", "zz");
    assertRefused(
        "'0x1_0000_0000_0000_0000' is not a number of at most 64 bits",
        "decode",
        "ESR_EL2",
        "0x1_0000_0000_0000_0000");
    assertRefused("41 is no physical address size", "decode", "VTCR_EL2", "0", "--pa-bits", "41");
    assertRefused("Missing required parameter: 'VALUE'", "decode", "VTCR_EL2");
  }

  @Test
  void helpShowsExamples() {
    for (String command : List.of("run", "decode")) {
      out.getBuffer().setLength(0);
      assertThat(stagewalk(command, "--help")).isZero();
      assertThat(out.toString()).contains("Examples:", "  stagewalk " + command);
    }
  }

  private void assertRefused(String reason, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    assertThat(stagewalk(args)).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("stagewalk " + args[0] + ": ")
        .contains(reason);
    assertThat(out.toString()).isEmpty();
  }

  private int stagewalk(String... args) {
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
