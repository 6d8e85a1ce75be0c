package dev.stagewalk.cpu;

import dev.stagewalk.isa.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the instruction table are UNDEFINED on a PE without a feature, from {@code
 * instruction-features.txt}.
 */
final class InstructionFeatures {
  private static final String FILE = "instruction-features.txt";
  private static final List<String[]> ROWS = ResourceRows.of(FILE);

  private InstructionFeatures() {}

  /** The names of rows that need a feature, as the file has them. */
  static List<String> names() {
    return ROWS.stream().map(row -> row[0]).toList();
  }

  /** Whether the name of a row is one of the file's. */
  static boolean names(String pattern, Row row) {
    return pattern.endsWith("*")
        ? row.name().startsWith(pattern.substring(0, pattern.length() - 1))
        : row.name().equals(pattern);
  }

  /** The feature a row needs; null where it needs none. */
  static @Nullable OptionalFeature of(Row row) {
    for (String[] line : ROWS) {
      if (names(line[0], row)) {
        return OptionalFeature.valueOf(line[1]);
      }
    }
    return null;
  }

  /** What the instructions of a row do, where a PE that lacks the row's feature refuses them. */
  static Semantics guarded(Row row, Semantics semantics) {
    OptionalFeature needed = of(row);
    if (needed == null) {
      return semantics;
    }
    return (pe, op) -> {
      if (pe.lacks(needed)) {
        throw pe.undefined();
      }
      semantics.execute(pe, op);
    };
  }
}
