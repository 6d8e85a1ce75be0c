package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is disassembled assembles to the same word, by alias and by the name of the encoding. */
class SpellingTest {
  private static final long PC = 0x4008_0000L;

  private final InstructionTable table = InstructionTable.a64();
  private final Disassembler disassembler = new Disassembler();
  private final Assembler assembler = new Assembler();

  @Test
  void everyRowComesBackFromItsText() {
    for (Row row : table.rows()) {
      for (int word : RowWords.of(row, 40, 3)) {
        check(row, word);
      }
    }
  }

  @Test
  void randomWordsThatDecodeComeBackFromTheirText() {
    Random random = new Random(20);
    int decoded = 0;
    while (decoded < 20_000) {
      int word = random.nextInt();
      Row row = table.row(word);
      if (row != table.undefined()) {
        decoded++;
        check(row, word);
      }
    }
  }

  private void check(Row row, int word) {
    if (row == table.undefined() || !RowWords.isCanonical(row, word)) {
      return;
    }
    assertThat(assembled(disassembler.text(word, PC))).as(row.name()).isEqualTo(hex(word));
    assertThat(assembled(disassembler.baseText(word, PC))).as(row.name()).isEqualTo(hex(word));
  }

  private String assembled(String text) {
    Assembled result = assembler.assemble("test", text, PC);
    return result.isGood()
        ? hex(ByteBuffer.wrap(result.image()).order(ByteOrder.LITTLE_ENDIAN).getInt())
        : text + ": " + result.errors();
  }

  private static String hex(int word) {
    return "%08x".formatted(word);
  }
}
