package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is disassembled assembles to the same word, by alias and by the name of the encoding. */
class SpellingTest {
  private static final long PC = 0x4008_0000L;
  private static final int AT_ONCE = 10_000;

  private final InstructionTable table = InstructionTable.a64();
  private final Disassembler disassembler = new Disassembler();
  private final Assembler assembler = new Assembler();

  @Test
  void everyRowComesBackFromItsText() {
    List<Integer> words = new ArrayList<>();
    for (Row row : table.rows()) {
      words.addAll(RowWords.of(row, 40, 3));
    }
    check(words);
  }

  @Test
  void randomWordsThatDecodeComeBackFromTheirText() {
    randomWords(200_000, 20);
  }

  @Test
  @Tag("long")
  void tenMillionRandomWordsComeBackFromTheirText() {
    randomWords(10_000_000, 21);
  }

  private void randomWords(int count, long seed) {
    Random random = new Random(seed);
    for (int done = 0; done < count; done += AT_ONCE) {
      List<Integer> words = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        words.add(random.nextInt());
      }
      check(words);
    }
  }

  /** Assembles the text of those that decode, as one source. */
  private void check(List<Integer> words) {
    List<Integer> known = words.stream().filter(this::isKnown).toList();
    check(known, disassembler::text);
    check(known, disassembler::baseText);
  }

  private void check(List<Integer> words, Spelling spelling) {
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      source.append(spelling.text(words.get(i), PC + 4L * i)).append('\n');
    }
    Assembled result = assembler.assemble("test", source.toString(), PC);
    assertThat(result.errors()).isEmpty();
    ByteBuffer bytes = ByteBuffer.wrap(result.image()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < words.size(); i++) {
      int word = words.get(i);
      if (bytes.getInt(4 * i) != word) {
        assertThat("%08x".formatted(bytes.getInt(4 * i)))
            .as(spelling.text(word, PC + 4L * i))
            .isEqualTo("%08x".formatted(word));
      }
    }
    assertThat(bytes.capacity()).isEqualTo(4 * words.size());
  }

  private boolean isKnown(int word) {
    Row row = table.row(word);
    return row != table.undefined() && RowWords.isCanonical(row, word);
  }

  private interface Spelling {
    String text(int word, long pc);
  }
}
