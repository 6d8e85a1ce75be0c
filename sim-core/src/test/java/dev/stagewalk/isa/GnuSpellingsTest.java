package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every spelling of every row, aliases and those that are only read included, assembles to what GNU
 * as makes of it. {@code mvn -Dstagewalk.record=true -Dtest=Gnu*Test test} in this module records
 * anew what binutils 2.40 made of them, for machines without.
 */
class GnuSpellingsTest {
  private static final long BASE = 0x4008_0000L;
  private static final String HEAD = ".arch armv8.8-a+fp16fml\nstart:\n";
  private static final Pattern TARGET = Pattern.compile("([^\\[]*[ ,])0x([0-9a-f]+)");
  private static final Path RECORD =
      Path.of("src/test/resources/dev/stagewalk/isa/spellings.txt.gz");

  private final InstructionTable table = InstructionTable.a64();

  /** What is read here and refused by GNU as, and why. */
  private enum Addition {
    /** BICS, ORN and EON of an immediate: as BIC, which GNU reads, they invert it. */
    INVERTED_IMMEDIATES {
      @Override
      boolean covers(Row row, Syntax syntax) {
        return row.name().matches("(orr|eor|ands)_immediate")
            && syntax.mnemonic().matches("orn|eon|bics");
      }
    },
    /** B.AL and B.NV without the point, as all other conditions may be written. */
    BRANCHES_THAT_ALWAYS_GO {
      @Override
      boolean covers(Row row, Syntax syntax) {
        return syntax.mnemonic().matches("bal|bnv");
      }
    };

    abstract boolean covers(Row row, Syntax syntax);

    static boolean explain(Row row, Syntax syntax) {
      return Arrays.stream(values()).anyMatch(known -> known.covers(row, syntax));
    }
  }

  /** An instruction as it is written, and its word. */
  private record Line(String text, int word) {}

  @Test
  void everySpellingAssemblesAsGnuAsDoes(@TempDir Path folder) throws IOException {
    assumeTrue(GnuTools.areInstalled(), "binutils for aarch64 is not installed");
    List<String> texts = texts(5);
    List<Integer> theirs = GnuTools.assemble(folder, HEAD + String.join("\n", texts) + "\n", BASE);
    assertThat(theirs).hasSameSizeAs(texts);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      lines.add(new Line(texts.get(i), theirs.get(i)));
    }
    compare(lines);
  }

  @Test
  void everySpellingAssemblesAsRecordedFromGnuAs(@TempDir Path folder) throws IOException {
    if (Boolean.getBoolean("stagewalk.record")) {
      record(folder);
    }
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Boolean.getBoolean("stagewalk.record")
                        ? Files.newInputStream(RECORD)
                        : GnuSpellingsTest.class.getResourceAsStream("spellings.txt.gz")),
                StandardCharsets.UTF_8))) {
      reader
          .lines()
          .forEach(line ->
              lines.add(
                  new Line(line.substring(9), Integer.parseUnsignedInt(line.substring(0, 8), 16))));
    }
    assertThat(lines).hasSizeGreaterThan(2500);
    compare(lines);
  }

  @Test
  void everySpellingThatMayBePrintedIsPrintedOfSomeWord() {
    for (Row row : table.rows()) {
      for (Syntax syntax : row.syntaxes()) {
        assertThat(RowWords.of(row, syntax, 1, 5)).as("%s %s", row, syntax.mnemonic()).isNotEmpty();
      }
    }
  }

  /** Each spelling of each row, of several words, as it stands in a source at the base. */
  private List<String> texts(int each) {
    List<String> texts = new ArrayList<>();
    for (Row row : table.rows()) {
      for (Syntax syntax : row.syntaxes()) {
        if (Addition.explain(row, syntax)) {
          continue;
        }
        for (int word : RowWords.of(row, syntax, each, 5)) {
          if (RowWords.isCanonical(row, word)) {
            long pc = BASE + 4L * texts.size();
            Printer out = new Printer(pc, address -> null, SystemRegisterNames::name);
            syntax.print(row, word, out);
            texts.add(fromStart(out.text()));
          }
        }
      }
    }
    return texts;
  }

  /**
   * A target seen from the label at the base. A number alone is an address here, as objdump prints
   * it; GNU as takes it for a distance.
   */
  private static String fromStart(String text) {
    Matcher target = TARGET.matcher(text);
    if (!target.matches()) {
      return text;
    }
    long distance = Long.parseUnsignedLong(target.group(2), 16) - BASE;
    return target.group(1) + "start" + (distance < 0 ? " - " : " + ") + Math.abs(distance);
  }

  private static void compare(List<Line> lines) {
    String source = lines.stream().map(Line::text).collect(Collectors.joining("\n", HEAD, ""));
    Assembled ours = new Assembler().assemble("spellings", source, BASE);
    assertThat(ours.errors()).isEmpty();
    ByteBuffer bytes = ByteBuffer.wrap(ours.image()).order(ByteOrder.LITTLE_ENDIAN);
    List<String> differences = new ArrayList<>();
    for (Line line : lines) {
      int word = bytes.getInt();
      if (word != line.word()) {
        differences.add("%s: %08x, not %08x".formatted(line.text(), word, line.word()));
      }
    }
    assertThat(differences).isEmpty();
  }

  private void record(Path folder) throws IOException {
    List<String> texts = texts(2);
    List<Integer> words = GnuTools.assemble(folder, HEAD + String.join("\n", texts) + "\n", BASE);
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(RECORD)), StandardCharsets.UTF_8)) {
      for (int i = 0; i < texts.size(); i++) {
        out.write("%08x %s\n".formatted(words.get(i), texts.get(i)));
      }
    }
  }
}
