package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A dump as people name it: {@code FILE}, or {@code FILE@BASE} where the file is raw memory.
 *
 * @param file the file
 * @param base physical address of its first byte; empty if the file itself has to say so
 */
public record DumpName(Path file, OptionalLong base) {

  /**
   * Takes a name apart. What follows the last {@code @} is a base if it is a number: hexadecimal
   * with {@code 0x} or decimal, with {@code K}, {@code M} or {@code G} behind it for multiples.
   * Otherwise it belongs to the name of the file.
   *
   * @throws IllegalArgumentException if neither the file nor the base can be meant
   */
  public static DumpName parse(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0 || Files.exists(Path.of(text))) {
      return new DumpName(Path.of(text), OptionalLong.empty());
    }
    OptionalLong base = base(text.substring(at + 1));
    if (base.isEmpty() || at == 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no file, and '"
              + text.substring(at + 1)
              + "' is no base address: write FILE@BASE, such as memory.bin@0x4358_2000 or"
              + " memory.bin@1G");
    }
    if (base.getAsLong() % 8 != 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': descriptors stand at multiples of 8, so a base must be one, not "
              + Hex.address(base.getAsLong()));
    }
    return new DumpName(Path.of(text.substring(0, at)), base);
  }

  private static OptionalLong base(String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    int shift = 0;
    if (!digits.isEmpty()) {
      shift =
          switch (digits.charAt(digits.length() - 1)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
          };
    }
    if (shift > 0) {
      digits = digits.substring(0, digits.length() - 1);
    }
    try {
      long value = Hex.parse(digits);
      return value << shift >>> shift == value
          ? OptionalLong.of(value << shift)
          : OptionalLong.empty();
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
