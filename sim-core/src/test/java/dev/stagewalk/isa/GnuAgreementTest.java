package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our text is what GNU objdump prints, and its text assembles to the word it came from. {@code mvn
 * -Dstagewalk.record=true -Dtest=Gnu*Test test} in this module records what binutils 2.40 prints of
 * rows that are not recorded yet.
 */
class GnuAgreementTest {
  private static final Pattern LINE = Pattern.compile("\\s*([0-9a-f]+):\\s+([0-9a-f]{8})\\s+(.*)");
  private static final Path RECORD = Path.of("src/test/resources/dev/stagewalk/isa/objdump.txt");

  private final InstructionTable table = InstructionTable.a64();
  private final Disassembler disassembler = new Disassembler();
  private final Assembler assembler = new Assembler();

  /** Where objdump prints something else, and why. */
  private enum Difference {
    /** It knows other registers than the table of registers here does, and prints S3_4_C2_C1_0. */
    REGISTER_NAMES {
      @Override
      boolean covers(Row row, int word, String ours, String theirs) {
        return row.name().matches("msr|mrs") && isGeneric(theirs) != isGeneric(ours);
      }
    },
    /** Its LDPSW with registers that are CONSTRAINED UNPREDICTABLE is undefined; it decodes. */
    LDPSW_OF_ONE_REGISTER {
      @Override
      boolean covers(Row row, int word, String ours, String theirs) {
        return theirs.startsWith(".inst") && row.name().startsWith("ldpsw");
      }
    },
    /** Bits that should be one or zero and are not make its instruction undefined; it decodes. */
    BITS_THAT_SHOULD_BE {
      @Override
      boolean covers(Row row, int word, String ours, String theirs) {
        return theirs.startsWith(".inst") && !RowWords.isCanonical(row, word);
      }
    };

    abstract boolean covers(Row row, int word, String ours, String theirs);

    static boolean explain(Row row, int word, String ours, String theirs) {
      return Arrays.stream(values()).anyMatch(known -> known.covers(row, word, ours, theirs));
    }

    private static boolean isGeneric(String text) {
      return text.matches(".*\\bs\\d_\\d_c.*");
    }
  }

  @Test
  void everyRowReadsAsRecordedFromObjdump(@TempDir Path folder) throws IOException {
    if (Boolean.getBoolean("stagewalk.record")) {
      recordMissingRows(folder);
    }
    assertThat(compare(recorded(), true)).containsKeys(rowNames());
  }

  @Test
  void freshWordsReadAsObjdumpPrintsThem(@TempDir Path folder) throws IOException {
    assumeTrue(GnuTools.areInstalled(), "binutils for aarch64 is not installed");
    List<Integer> words = new ArrayList<>();
    for (Row row : table.rows()) {
      words.addAll(row == table.undefined() ? List.of() : RowWords.of(row, 30, 11));
    }
    // Comments differ from version to version.
    assertThat(compare(GnuTools.disassemble(folder, words), false)).containsKeys(rowNames());
  }

  private String[] rowNames() {
    return table.rows().stream()
        .filter(row -> row != table.undefined())
        .map(Row::name)
        .toArray(String[]::new);
  }

  private static List<String> recorded() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                GnuAgreementTest.class.getResourceAsStream("objdump.txt"),
                StandardCharsets.UTF_8))) {
      return Files.exists(RECORD) && Boolean.getBoolean("stagewalk.record")
          ? Files.readAllLines(RECORD)
          : reader.lines().toList();
    }
  }

  private void recordMissingRows(Path folder) throws IOException {
    List<Integer> words = new ArrayList<>();
    Map<String, Integer> known = compare(recorded(), true);
    for (Row row : table.rows()) {
      if (row != table.undefined() && !known.containsKey(row.name())) {
        words.addAll(RowWords.of(row, 6, 1));
      }
    }
    List<String> lines =
        GnuTools.disassemble(folder, words).stream()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group(1) + ": " + line.group(2) + " " + plain(line.group(3)))
            .toList();
    Files.write(RECORD, lines, StandardOpenOption.APPEND);
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** Compares each line; gives the number compared of each row. */
  private Map<String, Integer> compare(List<String> lines, boolean comments) {
    Map<String, Integer> compared = new TreeMap<>();
    List<String> differences = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      long pc = Long.parseLong(matcher.group(1), 16);
      int word = Integer.parseUnsignedInt(matcher.group(2), 16);
      String theirs = comments ? plain(matcher.group(3)) : text(matcher.group(3));
      Row row = table.row(word);
      String ours = disassembler.commentedText(word, pc);
      ours = comments ? ours : text(ours);
      if (Difference.explain(row, word, ours, theirs)) {
        continue;
      }
      compared.merge(row.name(), 1, Integer::sum);
      if (!ours.equals(theirs)) {
        differences.add("%08x: %s, not %s".formatted(word, ours, theirs));
      }
      Optional<String> wrong = assembled(theirs, pc, word);
      if (RowWords.isCanonical(row, word) && wrong.isPresent()) {
        differences.add("%08x: %s assembles to %s".formatted(word, theirs, wrong.get()));
      }
    }
    assertThat(differences).isEmpty();
    return compared;
  }

  private static String text(String commented) {
    return plain(commented.replaceAll("(//|;).*", ""));
  }

  private Optional<String> assembled(String text, long pc, int word) {
    Assembled assembled = assembler.assemble("test", text, pc);
    if (!assembled.isGood()) {
      return Optional.of(assembled.errors().toString());
    }
    int ours = ByteBuffer.wrap(assembled.image()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return ours == word ? Optional.empty() : Optional.of("%08x".formatted(ours));
  }
}
