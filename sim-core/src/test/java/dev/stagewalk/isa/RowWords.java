package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;

/** Words of a row: random ones, with the fields' extremes more often than chance has them. */
public final class RowWords {
  private RowWords() {}

  /** Up to {@code count} words that decode to a row. */
  public static List<Integer> of(Row row, int count, long seed) {
    return of(row, word -> true, count, seed);
  }

  /** Up to {@code count} words of a row that a spelling can name. */
  static List<Integer> of(Row row, Syntax syntax, int count, long seed) {
    return of(row, word -> syntax.names(row, word), count, seed);
  }

  private static List<Integer> of(Row row, IntPredicate wanted, int count, long seed) {
    // By name: what is drawn for a row stays the same when others come before it.
    Random random = new Random(seed * 1_000_003 + row.name().hashCode());
    InstructionTable table = InstructionTable.a64();
    List<Integer> words = new ArrayList<>();
    for (int tries = 0; words.size() < count && tries < 100_000; tries++) {
      int word = random.nextInt();
      for (BitField field : row.fields()) {
        switch (random.nextInt(6)) {
          case 0 -> word = field.in(word, 0);
          case 1 -> word = field.in(word, -1);
          case 2 -> word = field.in(word, 1);
          default -> {}
        }
      }
      if (random.nextBoolean()) {
        word = (word & ~row.pattern().shouldBe()) | row.pattern().shouldBeValue();
      }
      word = (word & ~row.mask()) | row.value();
      if (table.row(word) == row && wanted.test(word)) {
        words.add(word);
      }
    }
    return words;
  }

  /**
   * Whether the word is the one that an assembler gives for its text. Bits that should be something
   * may differ and decode all the same; and a logical immediate whose element is shorter than 64
   * bits ignores the upper bits of immr, so it has several.
   */
  static boolean isCanonical(Row row, int word) {
    if ((word & row.pattern().shouldBe()) != row.pattern().shouldBeValue()) {
      return false;
    }
    if (!(row.traits().imm() instanceof Immediate.LogicalMask mask)) {
      return true;
    }
    Encoding encoding = new Encoding(row);
    row.fields().stream()
        .filter(field -> (field.mask() & mask.mask()) == 0)
        .forEach(field -> encoding.set(field, field.of(word)));
    return mask.encode(encoding, mask.decode(row, word)) && encoding.word() == word;
  }
}
