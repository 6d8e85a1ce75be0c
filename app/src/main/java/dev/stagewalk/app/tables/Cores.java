package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.Features;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Cores whose MMU features are known by name, and one that has everything. */
final class Cores {
  private static final String FILE = "cores.txt";

  private Cores() {}

  /**
   * The features of a core.
   *
   * @throws IllegalArgumentException if none has that name; the message lists them
   */
  static Features of(String name) {
    Map<String, Features> known = known();
    Features features = known.get(name);
    if (features == null) {
      throw new IllegalArgumentException(
          "there is no profile '" + name + "'" + Alike.choice(name, known.keySet()));
    }
    return features;
  }

  private static Map<String, Features> known() {
    Map<String, Features> known = new LinkedHashMap<>();
    known.put("max", Features.MAX);
    try (InputStream in = Objects.requireNonNull(Cores.class.getResourceAsStream(FILE))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        String[] words = line.strip().split("\\s+");
        if (!line.startsWith("#") && words.length == 4) {
          known.put(
              words[0], Features.of(Hex.parse(words[1]), Hex.parse(words[2]), Hex.parse(words[3])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return known;
  }
}
