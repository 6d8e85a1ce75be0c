package dev.stagewalk.isa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * An encoding of the A64 instruction set, by an example.
 *
 * <p>Source: Arm ARM, "A64 Instruction Set Encoding".
 *
 * @param group of encodings, as the Arm ARM parts them
 * @param feature that brought it; {@code base} where it was there from the start
 * @param text an instruction in GNU syntax
 * @param word its encoding
 */
public record A64Encoding(String group, String feature, String text, int word) {
  private static final String FILE = "a64-encodings.txt";
  private static final int HEX = 16;

  /** All of them, in the order of their groups. */
  public static List<A64Encoding> all() {
    try (InputStream in = Objects.requireNonNull(A64Encoding.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(A64Encoding::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static A64Encoding parse(String line) {
    String[] columns = line.split(" \\| ");
    if (columns.length != 4) {
      throw new IllegalStateException(FILE + ": expected four columns: " + line);
    }
    return new A64Encoding(
        columns[0].strip(),
        columns[1].strip(),
        columns[2].strip(),
        Integer.parseUnsignedInt(columns[3].strip(), HEX));
  }

  /** Its first word: the mnemonic. */
  public String mnemonic() {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  /** Whether a table has a row for it. */
  public boolean isIn(InstructionTable table) {
    return table.row(word) != table.undefined();
  }
}
