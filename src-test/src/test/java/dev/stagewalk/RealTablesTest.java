package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.app.tables.CheckCommand;
import dev.stagewalk.app.tables.TablesCommand;
import dev.stagewalk.app.tables.WalkCommand;
import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.image.DumpName;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TableSweep;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tables that real hypervisors have made, against what others have read in them. */
final class RealTablesTest {
  private static final Path DUMPS = dumps();
  private static final String KVM_6_1 = "kvm61-nvhe-linuxguest";
  private static final String KVM_7_3 = "kvm73-vhe-linuxguest";

  /** {@code 0xstart-0xend size unit level attributes}; nothing behind the level for a hole. */
  private static final Pattern KERNEL_LINE =
      Pattern.compile(
          "0x(\\p{XDigit}{16})-0x(\\p{XDigit}{16}) {3} *(\\d+)([KMGTPE]) (\\d)(?: +(.*?))?\\s*");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    KVM_6_1 + ",elf,regs.json",
    KVM_6_1 + ",elf,json",
    KVM_6_1 + ",lime,regs.json",
    KVM_6_1 + ",raw,regs.json",
    KVM_7_3 + ",elf,regs.json",
    KVM_7_3 + ",elf,json"
  })
  void theLeavesHaveTheRecordedHash(String name, String format, String registers) throws Exception {
    List<String> args = new ArrayList<>(List.of("--leaves"));
    dumpsOf(name, format).forEach(dump -> args.addAll(List.of("--dump", dump)));
    args.addAll(List.of("--regs", DUMPS.resolve(name + "." + registers).toString()));
    assertThat(run(new TablesCommand(), args)).isZero();
    JsonNode recorded = new ObjectMapper().readTree(DUMPS.resolve(name + ".json").toFile());
    assertThat(out.toString().lines().count()).isEqualTo(recorded.get("leaf_count").asLong());
    assertThat(sha256(out.toString())).isEqualTo(recorded.get("leaf_sha256").asText());
  }

  private static List<String> dumpsOf(String name, String format) throws IOException {
    if (!format.equals("raw")) {
      return List.of(DUMPS.resolve(name + "." + format).toString());
    }
    try (var files = Files.newDirectoryStream(DUMPS, name + ".raw.*.bin")) {
      List<String> found = new ArrayList<>();
      for (Path file : files) {
        String[] parts = file.getFileName().toString().split("\\.");
        found.add(file + "@" + parts[2]);
      }
      assertThat(found).hasSize(2);
      return found;
    }
  }

  @ParameterizedTest
  @CsvSource({KVM_6_1, KVM_7_3})
  void theRangesAreThoseOfTheIndependentWalker(String name) throws Exception {
    assertThat(
            run(
                new TablesCommand(),
                List.of(
                    "--json",
                    "--dump",
                    DUMPS.resolve(name + ".elf").toString(),
                    "--regs",
                    DUMPS.resolve(name + ".json").toString())))
        .isZero();
    List<String> ours = new ArrayList<>();
    for (JsonNode range : new ObjectMapper().readTree(out.toString()).get("ranges")) {
      long ipa = number(range, "ipa");
      ours.add(
          String.join(
              ",",
              Hex.plain(ipa),
              Hex.plain(ipa + number(range, "size")),
              Hex.plain(number(range, "pa")),
              range.get("level").asText(),
              range.get("leaves").asText()));
    }
    List<String> theirs = new ArrayList<>();
    for (String line : Files.readAllLines(DUMPS.resolve(name + ".leaves.csv"))) {
      String[] cells = line.split(",");
      if (line.startsWith("0x")) {
        theirs.add(String.join(",", cells[0], cells[1], cells[2], cells[3], cells[5]));
      }
    }
    assertThat(theirs).isNotEmpty();
    assertThat(ours).isEqualTo(theirs);
  }

  /** One line of the kernel's text. */
  private record KernelRange(long start, long end, int level, String attributes) {
    boolean isHole() {
      return attributes.isEmpty();
    }
  }

  @Test
  void theKernelsOwnTextAgreesWithOurRanges() throws Exception {
    List<KernelRange> kernel = kernelText();
    try (MemoryDump dump = dump(KVM_7_3)) {
      Stage2Parameters parameters = parameters(KVM_7_3);
      List<KernelRange> ours = new ArrayList<>();
      TableSweep.over(
          parameters,
          dump,
          (ipa, level, pa, descriptor) ->
              add(ours, ipa, level, kernelWords(descriptor, level, parameters), parameters));
      assertThat(ours).isEqualTo(kernel.stream().filter(r -> !r.isHole()).toList());

      List<KernelRange> holes = kernel.stream().filter(KernelRange::isHole).toList();
      assertThat(holes).hasSizeGreaterThan(3);
      for (KernelRange hole : holes) {
        for (long ipa : List.of(hole.start, (hole.start + hole.end) / 2, hole.end - 8)) {
          Translation walk = Stage2Walk.walk(parameters, ipa, Access.read(8), dump);
          assertThat(walk.outcome())
              .isInstanceOfSatisfying(
                  Translation.Fault.class,
                  fault -> {
                    assertThat(fault.kind()).isEqualTo(FaultKind.TRANSLATION);
                    assertThat(fault.level()).isEqualTo(hole.level);
                  });
        }
      }
      assertThat(kernel.getFirst().start).isZero();
      assertThat(kernel.getLast().end).isEqualTo(1L << parameters.inputBits());
    }
  }

  @Test
  void theKernelsIpaRangeAndLevelsAreOurs() throws Exception {
    Stage2Parameters parameters = parameters(KVM_7_3);
    assertThat(text(KVM_7_3 + ".ipa_range.txt").strip()).isEqualTo("" + parameters.inputBits());
    assertThat(text(KVM_7_3 + ".stage2_levels.txt").strip()).isEqualTo("" + parameters.levels());
    assertThat(parameters.problems()).isEmpty();
  }

  /**
   * KVM gives guests their memory with all rights, and asks for hardware updates on every PE: both
   * are worth knowing and neither is wrong.
   */
  @ParameterizedTest
  @CsvSource({
    KVM_6_1 + ",writable-executable hardware-update-absent",
    KVM_7_3 + ",writable-executable"
  })
  void inTablesOfARealHypervisorNothingIsWrong(String name, String worthKnowing) throws Exception {
    assertThat(run(new CheckCommand(), check(name))).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("complete").asBoolean()).isTrue();
    Set<String> ids = new TreeSet<>();
    json.get("findings").forEach(finding -> ids.add(finding.get("id").asText()));
    assertThat(ids).containsExactlyInAnyOrder(worthKnowing.split(" "));
    assertThat(json.get("counts").get("error").asInt()).isZero();
    assertThat(json.get("counts").get("warning").asInt()).isZero();
  }

  private static List<String> check(String name, String... more) {
    List<String> args = new ArrayList<>();
    args.add(DUMPS.resolve(name + ".elf").toString());
    args.addAll(List.of(more));
    args.addAll(List.of("--regs", DUMPS.resolve(name + ".regs.json").toString(), "--json"));
    return args;
  }

  @Test
  void theSameTablesWithOneBlockOverThemAreAnError(@TempDir Path folder) throws Exception {
    long table = 0x4953_1000L;
    byte[] page = Files.readAllBytes(DUMPS.resolve(KVM_6_1 + ".raw.0x49531000.bin"));
    ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(8, table & -(2L << 20) | 0x7fd);
    Path changed = Files.write(folder.resolve("changed.bin"), page);
    String over = changed + "@" + Hex.plain(table);
    assertThat(run(new CheckCommand(), check(KVM_6_1, "--dump", over))).isEqualTo(1);
    assertThat(out.toString()).contains("\"id\":\"guest-maps-tables\"", Hex.address(table));
  }

  @Test
  void aCoreByDumpGuestMemoryIsUnpackedAndRead() {
    assertThat(
            run(
                new TablesCommand(),
                List.of(
                    "--leaves",
                    "--dump",
                    DUMPS.resolve("guest-memory.elf.gz").toString(),
                    "--vtcr",
                    "0x80023559",
                    "--vttbr",
                    "0x100004a000000")))
        .isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            40000000 1000 50000000 500007ff
            40001000 1000 50001000 500017ff
            40002000 1000 50002000 500027ff
            """);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aWalkThroughADumpEndsWhereTheLeafSays() throws Exception {
    List<String> args =
        List.of(
            "--dump",
            DUMPS.resolve(KVM_6_1 + ".elf").toString(),
            "--regs",
            DUMPS.resolve(KVM_6_1 + ".regs.json").toString(),
            "--ipa",
            "0x4020_3018",
            "--json");
    assertThat(run(new WalkCommand(), args)).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/outcome/output").asText()).isEqualTo("0x4ba03018");
    assertThat(json.at("/lookups")).hasSize(2);
    assertThat(json.at("/stage2/problems/0/kind").asText())
        .as("KVM sets HA on a core that has no FEAT_HAFDBS")
        .isEqualTo("HARDWARE_UPDATE_NOT_IMPLEMENTED");
    assertThat(json.get("notes")).anyMatch(n -> n.asText().contains("those of PE 1"));
  }

  private static void add(
      List<KernelRange> ranges, long ipa, int level, String words, Stage2Parameters parameters) {
    long end = ipa + (1L << parameters.granule().levelShift(level));
    KernelRange last = ranges.isEmpty() ? null : ranges.getLast();
    if (last != null && last.end == ipa && last.level == level && last.attributes.equals(words)) {
      ranges.set(ranges.size() - 1, new KernelRange(last.start, end, level, words));
    } else {
      ranges.add(new KernelRange(ipa, end, level, words));
    }
  }

  /** A leaf in the kernel's words, single blanks between them. */
  private static String kernelWords(long leaf, int level, Stage2Parameters parameters) {
    Stage2Attributes attributes = Stage2Attributes.of(leaf, parameters);
    String execute =
        attributes.executableAtEl1()
            ? attributes.executableAtEl0() ? "px ux" : "px UXN"
            : attributes.executableAtEl0() ? "PXNux" : "PXNUXN";
    return (attributes.readable() ? "R" : "F")
        + (attributes.writable() ? " W " : " ")
        + execute
        + (attributes.accessFlag() ? " AF" : "")
        + (level < 3 ? " BLK" : "");
  }

  private static List<KernelRange> kernelText() throws IOException {
    List<KernelRange> ranges = new ArrayList<>();
    for (String line : text(KVM_7_3 + ".stage2_page_tables.txt").lines().skip(1).toList()) {
      Matcher m = KERNEL_LINE.matcher(line);
      assertThat(m.matches()).as(line).isTrue();
      long start = Long.parseUnsignedLong(m.group(1), 16);
      long end = Long.parseUnsignedLong(m.group(2), 16);
      long size = Long.parseLong(m.group(3)) << (10 * (1 + "KMGTPE".indexOf(m.group(4))));
      assertThat(end - start).as(line).isEqualTo(size);
      if (!ranges.isEmpty()) {
        assertThat(start).isEqualTo(ranges.getLast().end);
      }
      String attributes = m.group(6) == null ? "" : m.group(6).strip().replaceAll(" +", " ");
      ranges.add(new KernelRange(start, end, Integer.parseInt(m.group(5)), attributes));
    }
    return ranges;
  }

  private static Stage2Parameters parameters(String name) throws IOException {
    JsonNode json = new ObjectMapper().readTree(DUMPS.resolve(name + ".json").toFile());
    return Stage2Parameters.decode(
        number(json, "VTCR_EL2"), number(json, "VTTBR_EL2"), 1, Features.MAX);
  }

  private static MemoryDump dump(String name) throws Exception {
    return MemoryDump.open(List.of(DumpName.parse(DUMPS.resolve(name + ".elf").toString())));
  }

  private static long number(JsonNode node, String field) {
    return Hex.parse(node.get(field).asText());
  }

  private static String text(String file) throws IOException {
    return Files.readString(DUMPS.resolve(file));
  }

  private int run(Callable<Integer> command, List<String> args) {
    out.getBuffer().setLength(0);
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args.toArray(String[]::new));
  }

  private static String sha256(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static Path dumps() {
    try {
      return Path.of(Objects.requireNonNull(RealTablesTest.class.getResource("/dumps")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
