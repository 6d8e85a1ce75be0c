package dev.stagewalk.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The rows of a table beside this package: lines of words, with blank lines and # comments. */
final class ResourceRows {
  private ResourceRows() {}

  /** The words of each row. */
  static List<String[]> of(String file) {
    return lines(file).stream().map(line -> line.strip().split("\\s+")).toList();
  }

  /** The rows as they stand there. */
  static List<String> lines(String file) {
    try (InputStream in = Objects.requireNonNull(ResourceRows.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
