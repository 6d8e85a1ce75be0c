package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our text is what GNU objdump 2.40 prints, and its text assembles to the word it came from. */
class GnuAgreementTest {
  private static final Pattern LINE = Pattern.compile("\\s*([0-9a-f]+):\\s+([0-9a-f]{8})\\s+(.*)");

  private final InstructionTable table = InstructionTable.a64();
  private final Disassembler disassembler = new Disassembler();

  @Test
  void everyRowReadsAsRecordedFromObjdump() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                GnuAgreementTest.class.getResourceAsStream("objdump.txt"),
                StandardCharsets.UTF_8))) {
      assertThat(compare(reader.lines().toList()))
          .containsKeys(
              table.rows().stream()
                  .filter(row -> row != table.undefined())
                  .map(Row::name)
                  .toArray(String[]::new));
    }
  }

  @Test
  void freshWordsReadAsObjdumpPrintsThem(@TempDir Path folder) throws IOException {
    assumeTrue(isInstalled("aarch64-linux-gnu-objdump"), "binutils for aarch64 is not installed");
    List<Integer> words = new ArrayList<>();
    for (Row row : table.rows().subList(0, table.undefined().index())) {
      words.addAll(RowWords.of(row, 60, 11));
    }
    ByteBuffer bytes = ByteBuffer.allocate(words.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
    words.forEach(bytes::putInt);
    Path file = folder.resolve("words.bin");
    Files.write(file, bytes.array());
    assertThat(
            compare(
                run(
                    "aarch64-linux-gnu-objdump",
                    "-D",
                    "-z",
                    "-b",
                    "binary",
                    "-maarch64",
                    file + "")))
        .hasSizeGreaterThan(200);
  }

  @Test
  void gnuAsGivesOurTextTheWordItCameFrom(@TempDir Path folder) throws IOException {
    assumeTrue(isInstalled("aarch64-linux-gnu-as"), "binutils for aarch64 is not installed");
    List<Integer> words = new ArrayList<>();
    StringBuilder source = new StringBuilder(".arch armv8.8-a+fp16fml\n");
    for (Row row : table.rows().subList(0, table.undefined().index())) {
      boolean sendable = !row.name().equals("adrp") && !row.name().matches("msr|mrs");
      for (int word : sendable ? RowWords.of(row, 30, 12) : List.<Integer>of()) {
        if (RowWords.isCanonical(row, word)) {
          source.append(relative(disassembler.text(word, 0))).append('\n');
          words.add(word);
        }
      }
    }
    Path text = folder.resolve("words.s");
    Path object = folder.resolve("words.o");
    Path binary = folder.resolve("words.bin");
    Files.writeString(text, source);
    List<String> said = run("aarch64-linux-gnu-as", text + "", "-o", object + "");
    assertThat(said).noneMatch(line -> line.contains("Error"));
    run("aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", object + "", binary + "");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(binary)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(words.size() * 4);
    for (int word : words) {
      int theirs = bytes.getInt();
      assertThat(theirs).as(disassembler.text(word, 0)).isEqualTo(word);
    }
  }

  /** A branch target seen from address 0, as GNU as can resolve it without a linker. */
  private static String relative(String text) {
    return text.replaceAll(
        "^((?:b|bl|b\\..*|cbn?z|tbn?z|adr|ldr|ldrsw|prfm) (?:[^\\[]*, )?)0x([0-9a-f]+)$",
        "$1. + 0x$2");
  }

  /** Compares each line; gives the number compared of each row. */
  private Map<String, Integer> compare(List<String> lines) {
    Assembler assembler = new Assembler();
    Map<String, Integer> compared = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      long pc = Long.parseLong(matcher.group(1), 16);
      int word = Integer.parseUnsignedInt(matcher.group(2), 16);
      String theirs = matcher.group(3).replaceAll("\\s+", " ").strip();
      Row row = table.row(word);
      if (isLeftOpen(row, word, theirs)) {
        continue;
      }
      compared.merge(row.name(), 1, Integer::sum);
      String ours = disassembler.commentedText(word, pc);
      if (!ours.equals(theirs)) {
        differences.add("%08x: %s, not %s".formatted(word, ours, theirs));
      }
      Assembled assembled = assembler.assemble("test", theirs, pc);
      if (RowWords.isCanonical(row, word)
          && !(assembled.isGood()
              && ByteBuffer.wrap(assembled.image()).order(ByteOrder.LITTLE_ENDIAN).getInt()
                  == word)) {
        differences.add("%08x: %s assembles to %s".formatted(word, theirs, assembled.errors()));
      }
    }
    assertThat(differences).isEmpty();
    return compared;
  }

  /**
   * GNU names other system registers than the register table does, and prints LDPSW as undefined
   * where its registers make it CONSTRAINED UNPREDICTABLE, and some rows where bits that should be
   * one are not; both decode.
   */
  private boolean isLeftOpen(Row row, int word, String theirs) {
    boolean register = row.name().equals("msr") || row.name().equals("mrs");
    return (register && isGeneric(theirs) != isGeneric(disassembler.text(word, 0)))
        || (theirs.startsWith(".inst")
            && (row.name().startsWith("ldpsw") || !RowWords.isCanonical(row, word)));
  }

  private static boolean isGeneric(String text) {
    return text.matches(".*\\bs\\d_\\d_c.*");
  }

  private static boolean isInstalled(String tool) {
    try {
      run(tool, "--version");
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static List<String> run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
