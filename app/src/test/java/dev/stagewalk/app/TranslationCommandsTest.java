package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stagewalk walk}, {@code tables} and {@code design}. */
final class TranslationCommandsTest {
  private static final long BASE = 0x4000_0000L;

  /** 4K granule, 48-bit IPA, from level 0. */
  private static final String VTCR = "0x80053590";

  private static final String VTTBR = "0x1000040000000";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteBuffer memory = ByteBuffer.allocate(0x9000).order(ByteOrder.LITTLE_ENDIAN);

  @TempDir private Path folder;
  private Path dump = Path.of("");

  /**
   * Stage 2 in four tables from BASE on: IPA 0x4000_0000 and on by pages one to one, IPA
   * 0x8000_0000 a block of 1 GiB on 0x4000_0000. Stage 1 in four tables behind them: VA
   * 0x40_0000_5000 to IPA 0x4000_8000.
   */
  @BeforeEach
  void makeTables() throws Exception {
    put(0x0000, 0x4000_1003L);
    put(0x1008, 0x4000_2003L);
    put(0x1010, 0x4000_07fdL);
    put(0x2000, 0x4000_3003L);
    for (int page = 0; page < 9; page++) {
      put(0x3000 + 8 * page, BASE + 0x1000L * page | 0x7ff);
    }
    put(0x3000 + 8 * 9, 0xdead_0000L);
    put(0x4000, 0x4000_5003L);
    put(0x5000 + 8 * 0x100, 0x4000_6003L);
    put(0x6000, 0x4000_7003L);
    put(0x7000 + 8 * 5, 0x4000_8000L | 0x703);
    dump = Files.write(folder.resolve("memory.bin"), memory.array());
  }

  private void put(int at, long value) {
    memory.putLong(at, value);
  }

  private String raw() {
    return dump + "@0x40000000";
  }

  @Test
  void aWalkIsPrintedWithBitsDescriptorsFieldsAndRules() {
    assertThat(walk("--ipa", "0x4000_1018", "--write")).isZero();
    assertThat(out.toString())
        .contains(
            "Stage-2 walk of IPA 0x0000_0000_4000_1018, a write of 8 bytes",
            "Start level                    0",
            "1. stage 2, level 0: table 0x4000_0000, index 0 = IPA bits [47:39] = 0b000000000, at"
                + " PA 0x4000_0000",
            "4. stage 2, level 3: table 0x4000_3000, index 1 = IPA bits [20:12] = 0b000000001",
            "descriptor 0x0000_0000_4000_17ff: page, output 0x4000_1000",
            "S2AP [7:6] = read/write",
            "rule: Bits [1:0] are 0b11 at level 3: the entry maps a page.",
            "Descriptor reads: 4",
            "Output address 0x0000_0000_4000_1018");
  }

  @Test
  void aDumpMayBeNamedWithoutAnOptionAndItsRegistersBeTakenFromBesideIt() throws Exception {
    Files.writeString(
        folder.resolve("memory.regs.txt"),
        "VTCR_EL2 = " + VTCR + "\nVTTBR_EL2 = " + VTTBR + "\nHCR_EL2 = 1\n");
    assertThat(stagewalk(List.of("walk", raw(), "--ipa", "0x4000_1018"))).isZero();
    assertThat(out.toString()).contains("Output address 0x0000_0000_4000_1018");
    stagewalk(List.of("tables", raw(), "--leaves"));
    assertThat(out.toString()).contains("40001000 1000 40001000 400017ff");
  }

  @Test
  void aFaultIsPrintedWithTheSyndromeItWouldLeave() {
    assertThat(walk("--ipa", "0x4000_9000", "--write")).isOne();
    assertThat(out.toString())
        .contains(
            "Translation fault, level 3, by stage 2",
            "ESR_EL2                        0x0000_0000_9200_0047",
            "HPFAR_EL2                      0x0000_0000_0040_0090: IPA page 0x4000_9000",
            "What if",
            "If bit 0 of this entry were set, as a page with AF = 1 (0x0000_0000_dead_0403): still"
                + " a fault: Permission fault, level 3",
            "What the hypervisor may do",
            "store [0x4000_3048] = P | 0x400000000007ff");
    assertThat(walk("--ipa", "0x4000_1000", "--fetch", "--el0")).isZero();
  }

  @Test
  void aDescriptorThatIsNotInTheDumpLeavesTheResultUntold() throws Exception {
    String higher = "0x1000050000000";
    List<String> args =
        new ArrayList<>(
            List.of("walk", "--dump", raw(), "--vtcr", VTCR, "--vttbr", higher, "--ipa"));
    args.add("0x4000_0000");
    assertThat(stagewalk(args)).isEqualTo(3);
    assertThat(out.toString())
        .contains(
            "The result cannot be told: PA 0x5000_0000 is not in the dump: the nearest it has is"
                + " 0x4000_0000 to 0x4000_8fff",
            "add it with --dump FILE@0x5000_0000")
        .doesNotContain("ESR_EL2", "External abort", "What if", "may do", "No memory answers");
    args.add("--json");
    assertThat(stagewalk(args)).isEqualTo(3);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/outcome/missing").asText()).isEqualTo("0x50000000");
    assertThat(json.at("/outcome/line").asText()).startsWith("cannot be told: PA 0x5000_0000");
    assertThat(json.get("syndrome")).isEmpty();
    assertThat(json.has("remedies")).isFalse();
  }

  @Test
  void aStage1TableWhoseStage2TableIsNotInTheDumpLeavesTheResultUntoldToo() {
    put(0x2000, 0x4001_0003L);
    assertThat(save()).isNotNull();
    assertThat(stagewalk(bothStages("--va", "0x40_0000_5018"))).isEqualTo(3);
    assertThat(out.toString())
        .contains("The result cannot be told: PA 0x4001_0020 is not in the dump")
        .doesNotContain("ESR_EL2", "What if", "may do");
  }

  @Test
  void anIpaOfMoreBitsThanAnyPeHasIsRefused() {
    assertRefused(
        "--ipa 0x0010_0000_0000_0000 is no IPA: an IPA has at most 52 bits, so it ends at"
            + " 0x000f_ffff_ffff_ffff",
        "walk",
        "--dump",
        raw(),
        "--vtcr",
        VTCR,
        "--vttbr",
        VTTBR,
        "--ipa",
        "0x10_0000_0000_0000");
    assertThat(walk("--ipa", "0xf_ffff_ffff_f000")).isOne();
    assertThat(out.toString())
        .contains("HPFAR_EL2                      0x0000_0fff_ffff_fff0: IPA page 0x000f_ffff");
  }

  @Test
  void aMendOfVtcrKeepsWhatItNeedNotChange() {
    // VS, HA and HD are set, walks are Non-shareable and Non-cacheable, PS says 36 bits.
    String vtcr = "0x80690090";
    assertThat(
            stagewalk(
                "walk",
                "--dump",
                raw(),
                "--vtcr",
                vtcr,
                "--vttbr",
                VTTBR,
                "--ipa",
                "0x4000_0000",
                "--pa-bits",
                "40",
                "--no-lpa2"))
        .isOne();
    assertThat(out.toString())
        .contains(
            "With VTCR_EL2 = 0x0000_0000_8069_0058 (40-bit IPAs from level 1)",
            "write VTCR_EL2 = 0x0000_0000_8069_0058");
  }

  @Test
  void nobodyReadsARootWhileEveryAccessFaults() {
    List<String> args =
        List.of("design", "--vtcr", "0x80053590", "--vttbr", "0x1000040001800", "--pa-bits", "40");
    assertThat(stagewalk(args)).isOne();
    assertThat(out.toString())
        .contains("which is not aligned to 4 KiB (Arm ARM", "every access is a Translation fault")
        .doesNotContain("the walker reads");
  }

  @Test
  void aDesignSaysWhereTheRootMustGoForTheBetterVtcr() throws Exception {
    String[] args = {
      "design", "--vtcr", "0x80053590", "--vttbr", "0x1000040001000", "--pa-bits", "40"
    };
    assertThat(stagewalk(args)).isOne();
    assertThat(out.toString())
        .contains(
            "root of 8 KiB aligned to 8 KiB; VTTBR_EL2 must change too: put the root at"
                + " 0x4000_0000 or 0x4000_2000, multiples of 8 KiB");
    assertThat(stagewalk("design", "--vtcr", "0x80053590", "--vttbr", VTTBR, "--pa-bits", "40"))
        .isOne();
    assertThat(out.toString())
        .contains("better: VTCR_EL2 = ")
        .doesNotContain("VTTBR_EL2 must change");
  }

  @Test
  void aDesignWithoutAGranuleListsAll() throws Exception {
    assertThat(stagewalk("design", "--ipa-bits", "42", "--profile", "cortex-a57")).isZero();
    assertThat(out.toString())
        .contains(
            "42-bit IPAs with the 4K granule",
            "42-bit IPAs with the 16K granule",
            "this PE has no 16K granule at stage 2",
            "42-bit IPAs with the 64K granule");
    assertThat(stagewalk("design", "--ipa-bits", "36", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("designs")).hasSize(3);
    assertThat(json.at("/designs/2/granule").asText()).isEqualTo("64K");
    assertThat(json.at("/designs/0/choices")).isNotEmpty();
    assertThat(stagewalk("design", "--ipa-bits", "60")).isOne();
  }

  @Test
  void misspeltNamesAreAnsweredWithThoseAlike() {
    assertRefused(
        "there is no sample 'demand_pagin'; did you mean demand-paging? There are demand-paging,",
        "walk",
        "--sample",
        "demand_pagin");
    assertRefused(
        "'uarrt' is no FILE.s and no sample; did you mean uart? There are", "run", "uarrt");
    assertRefused(
        "there is no sample 'own'; did you mean own-tables?", "shot", "own", "--out", "x.png");
    assertRefused(
        "there is no profile 'cortex-a75'; did you mean cortex-a57, cortex-a72,",
        "design",
        "--ipa-bits",
        "40",
        "--profile",
        "cortex-a75");
    assertRefused(
        "no CPU profile is named 'neoverse-n'; did you mean neoverse-n1", "profiles", "neoverse-n");
    assertRefused("there is no sample 'zzz'; there are", "walk", "--sample", "zzz");
  }

  @Test
  void aVaIsTranslatedByBothStagesWithEveryReadCounted() throws Exception {
    List<String> args = bothStages("--va", "0x40_0000_5018");
    assertThat(stagewalk(args)).isZero();
    assertThat(out.toString())
        .contains(
            "Stage 1, level 0: its entry stands at IPA 0x4000_4000, which stage 2 translates:",
            "24. stage 2, level 3",
            "Stage 2 of the output of stage 1:",
            "Descriptor reads: 24",
            "Output address 0x0000_0000_4000_8018",
            "Stage 1 says                   IPA 0x4000_8018");
    args.add("--json");
    assertThat(stagewalk(args)).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("reads").asInt()).isEqualTo(24);
    assertThat(json.at("/lookups/0/nested")).hasSize(4);
    assertThat(json.at("/stage1/startLevel").asInt()).isZero();
    assertThat(json.at("/outcome/output").asText()).isEqualTo("0x40008018");
    put(0x7000 + 8 * 5, 0x4000_8000L | 0x303);
    assertThat(save()).isNotNull();
    assertThat(stagewalk(args)).isOne();
    json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/outcome/fault").asText()).isEqualTo("ACCESS_FLAG");
    assertThat(json.at("/whatIf/line").asText())
        .startsWith("If the Access flag (bit 10) of this entry were set")
        .contains("output 0x4000_8018, read-write");
    assertThat(json.at("/whatIf/changes/0/pa").asText()).isEqualTo("0x40007028");
    assertThat(json.get("mender").asText()).isEqualTo("guest's OS");
  }

  @Test
  void aStage2FaultOnTheStage1WalkHasS1ptwAndTheIpaOfTheDescriptor() {
    put(0x3000 + 8 * 6, 0);
    assertThat(save()).isNotNull();
    assertThat(stagewalk(bothStages("--va", "0x40_0000_5018", "--write"))).isOne();
    assertThat(out.toString())
        .contains(
            "Translation fault, level 3, by stage 2, on the fetch of a stage-1 descriptor",
            "not read, because stage 2 refuses its address",
            "ESR_EL2                        0x0000_0000_9200_00c7",
            "FAR_EL2                        0x0000_0040_0000_5018: the VA",
            "IPA page 0x4000_6000");
  }

  private List<String> bothStages(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("walk", "--dump", raw(), "--vtcr", VTCR, "--vttbr", VTTBR, "--tcr"));
    args.addAll(List.of("0x500803510", "--ttbr0", "0x40004000", "--mair", "0xff"));
    args.addAll(Arrays.asList(more));
    return args;
  }

  private Path save() {
    try {
      return Files.write(dump, memory.array());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void rangesAreFoldedAndLeavesAreNot() throws Exception {
    assertThat(tables()).isZero();
    assertThat(out.toString().lines().map(l -> l.replaceAll(" +", " ")))
        .contains(
            "0x4000_0000 - 0x4000_8fff 0x4000_0000 36 KiB 3 9 rwx, Normal Write-Back, Inner"
                + " Shareable",
            "0x8000_0000 - 0xbfff_ffff 0x4000_0000 1 GiB 1 1 rwx, Normal Write-Back, Inner"
                + " Shareable",
            "2 ranges, 10 leaves, 1048612 KiB mapped, 4 tables, 1 invalid entry not zero");
    assertThat(tables("--leaves")).isZero();
    assertThat(out.toString().lines().toList())
        .hasSize(11)
        .contains("40008000 1000 40008000 400087ff", "40009000 1000 0 dead0000")
        .endsWith("80000000 40000000 40000000 400007fd");
    assertThat(tables("--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("ranges")).hasSize(2);
    assertThat(json.get("invalid").asInt()).isOne();
    assertThat(json.at("/ranges/1/size").asText()).isEqualTo("0x40000000");
  }

  @Test
  void aLeafBeyondTheOutputSizeIsListedAsOneThatFaults() {
    put(0x1018, 1L << 45 | 0x7fd);
    assertThat(save()).isNotNull();
    assertThat(tables("--pa-bits", "44")).isOne();
    assertThat(out.toString()).contains("every access faults");
    assertThat(stagewalk("tables", "--dump", raw(), "--vtcr", "0x80043590", "--vttbr", VTTBR))
        .isZero();
    assertThat(out.toString()).contains("Inner Shareable, faults: beyond the output size");
    assertThat(err.toString()).contains("maps 0x2000_0000_0000, beyond the output size of 44 bits");
  }

  @Test
  void aTableThatIsNotInTheDumpMakesTheExitCodeOne() {
    put(0x1018, 0x5000_0003L);
    assertThat(save()).isNotNull();
    assertThat(tables("--leaves")).isOne();
    assertThat(out.toString().lines()).hasSize(11);
    assertThat(err.toString())
        .contains("the level 2 table at 0x5000_0000 cannot be read", "is not in the dump");
  }

  @Test
  void aLoopIsNamedOnStandardErrorAndTheOutputStaysClean() {
    put(0x1018, 0x4000_0003L);
    assertThat(save()).isNotNull();
    assertThat(tables("--leaves")).isZero();
    assertThat(out.toString().lines()).hasSize(11);
    assertThat(err.toString()).contains("odd: the level 1 entry at 0x4000_1018", "a loop");
    assertThat(tables("--max-tables", "2")).isOne();
    assertThat(out.toString()).contains("not all tables were looked at");
  }

  @Test
  void aSampleIsWalkedWhereItFaults() {
    assertThat(stagewalk("walk", "--sample", "demand-paging")).isOne();
    assertThat(out.toString())
        .contains(
            "Stage-2 walk of IPA 0x0000_0000_4020_0018, a write of 8 bytes",
            "at a stage-2 fault",
            "Translation fault, level 2, by stage 2");
    assertThat(stagewalk("walk", "--sample", "own-tables")).isOne();
    assertThat(out.toString()).contains("Translation of VA", "Stage 1, EL1&0: ", "by stage 2");
    assertThat(stagewalk("tables", "--sample", "demand-paging", "--at", "exit 3")).isZero();
    assertThat(out.toString()).contains("ranges, ");
    assertRefused(
        "stage 2 of 'demand-paging' has no tables at",
        "tables",
        "--sample",
        "demand-paging",
        "--at",
        "end");
  }

  @Test
  void registersComeFromTextAsDebuggersPrintIt() throws Exception {
    Path text =
        Files.writeString(
            folder.resolve("regs.txt"),
            """
            CPU 0
            VTTBR_EL2      0x0                 0
            VTCR_EL2       0x0                 0
            HCR_EL2 = 0x488000000
            CPU 1
            VTTBR_EL2      0x1000040000000     281476050452480
            VTCR_EL2 = 0000000080053590
            HCR_EL2: 0x80000001
            """);
    String file = text.toString();
    assertThat(stagewalk("walk", "--dump", raw(), "--regs", file, "--ipa", "0x4000_1018")).isZero();
    assertThat(out.toString()).contains("the registers are those of PE 1", "0x0001_0000_4000_0000");
    assertRefused(
        "PEs 0 to 1, so --cpu 2 is none of them",
        "walk",
        "--dump",
        raw(),
        "--regs",
        file,
        "--cpu",
        "2",
        "--ipa",
        "0");
    List<String> ofPe0 =
        List.of("walk", "--dump", raw(), "--regs", file, "--cpu", "0", "--ipa", "0x4000_1018");
    assertRefused("no guest has been entered on this PE", ofPe0.toArray(String[]::new));
    List<String> typed = new ArrayList<>(ofPe0);
    typed.addAll(List.of("--vttbr", "0x1000040000000", "--vtcr", "0x80053590"));
    assertThat(stagewalk(typed)).isZero();
    assertThat(out.toString()).contains("is the host's, with stage 2 off");
  }

  @Test
  void aDesignListsChoicesAndReasons() throws Exception {
    assertThat(
            stagewalk("design", "--ipa-bits", "40", "--granule", "4K", "--profile", "cortex-a72"))
        .isZero();
    assertThat(out.toString())
        .contains(
            "Start level 1, 3 levels of lookup",
            "2 tables concatenated, 8 KiB",
            "VTTBR_EL2.BADDR from bit 13 up",
            "2060 KiB with pages (513 tables below the root), 8 KiB with blocks (0)",
            "that needs 1024 concatenated tables, and 16 is the most",
            "start levels 3 to -1, DS = 1: this PE has no 52-bit addresses");
    assertThat(stagewalk("design", "--ipa-bits", "52", "--granule", "64K", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/choices/0/rootTables").asInt()).isEqualTo(1);
    assertThat(json.at("/choices/0/needs/0").asText()).isEqualTo("FEAT_LPA");
    assertThat(stagewalk("design", "--ipa-bits", "60", "--granule", "4K")).isOne();
    assertThat(out.toString()).contains("No shape is legal.");
  }

  @Test
  void aWrongVtcrIsMended() throws Exception {
    assertThat(stagewalk("design", "--vtcr", VTCR, "--pa-bits", "40", "--no-lpa2")).isOne();
    assertThat(out.toString())
        .contains("(PARange) of at least 44 bits", "better: VTCR_EL2 = 0x0000_0000_8002_3558");
    assertThat(stagewalk("design", "--vtcr", VTCR, "--vttbr", "0x1000040000800", "--json"))
        .isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/stage2/problems/0/kind").asText()).isEqualTo("ROOT_MISALIGNED");
    assertThat(json.at("/roots/0").asText()).contains("0x4000_0000 or 0x4000_1000");
    assertThat(stagewalk("design", "--vtcr", VTCR)).isZero();
    assertThat(out.toString()).contains("Nothing is wrong with it.");
  }

  @Test
  void wrongUsageIsOneLineThatSaysWhatWouldBeRight() throws Exception {
    assertRefused(
        "there is no memory to walk", "walk", "--vtcr", "1", "--vttbr", "1", "--ipa", "0");
    assertRefused("VTCR_EL2 is not known: give --vtcr", "walk", "--dump", raw(), "--ipa", "0");
    assertRefused(
        "which address? give --ipa", "walk", "--dump", raw(), "--vtcr", "1", "--vttbr", "1");
    assertRefused("give one of them", "walk", "--sample", "uart", "--ipa", "0", "--va", "0");
    assertRefused("TCR_EL1 is not known", "walk", "--dump", raw(), "--va", "0");
    assertRefused("there is no sample 'x'", "walk", "--sample", "x");
    assertRefused("--at is a moment of a sample", "tables", "--dump", raw(), "--at", "end");
    assertRefused("is neither an ELF core nor a LiME file", "tables", "--dump", dump.toString());
    assertRefused("is not a file that can be read", "tables", "--dump", "none@0x1000");
    assertRefused("'x' is not a number", "walk", "--dump", raw(), "--vtcr", "x", "--ipa", "0");
    assertRefused("exclude each other", "tables", "--dump", raw(), "--leaves", "--json");
    assertRefused("there is no profile 'z80'", "design", "--vtcr", "0", "--profile", "z80");
    assertRefused("41 is no physical address size", "design", "--vtcr", "0", "--pa-bits", "41");
    assertRefused("give --ipa-bits", "design");
    assertRefused(
        "more than 32-bit IPAs reach",
        "design",
        "--ipa-bits",
        "32",
        "--granule",
        "4K",
        "--map",
        "8G");
    assertRefused("--size must be", "walk", "--sample", "uart", "--ipa", "0", "--size", "3");
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\n  \"VTCR_EL2\": \n}");
    assertRefused("line 3: this is not JSON", "tables", "--dump", raw(), "--regs", bad.toString());
    Path none = Files.writeString(folder.resolve("none.txt"), "nothing here\n");
    assertRefused("names no system register", "tables", "--dump", raw(), "--regs", none.toString());
  }

  @Test
  void helpShowsExamples() {
    for (String command : List.of("walk", "tables", "design")) {
      assertThat(stagewalk(command, "--help")).isZero();
      assertThat(out.toString()).contains("Examples:", "  stagewalk " + command);
    }
  }

  private int walk(String... more) {
    return command("walk", more);
  }

  private int tables(String... more) {
    return command("tables", more);
  }

  private int command(String name, String... more) {
    List<String> args =
        new ArrayList<>(List.of(name, "--dump", raw(), "--vtcr", VTCR, "--vttbr", VTTBR));
    args.addAll(Arrays.asList(more));
    return stagewalk(args);
  }

  private int stagewalk(List<String> args) {
    return stagewalk(args.toArray(String[]::new));
  }

  private void assertRefused(String reason, String... args) {
    assertThat(stagewalk(args)).as(reason).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("stagewalk " + args[0] + ": ")
        .contains(reason);
    assertThat(out.toString()).isEmpty();
  }

  private int stagewalk(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
