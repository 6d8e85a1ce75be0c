package dev.stagewalk.board;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.RegisterTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The kinds of PE that can be simulated, from {@code profiles.txt} and {@code maskings.txt}. */
public final class Profiles {
  private static final String PROFILES = "profiles.txt";
  private static final String MASKINGS = "maskings.txt";

  /** Bytes that DC ZVA zeroes, as log2 of words. */
  private static final long ZVA_64_BYTES = 4;

  private static final Profiles STANDARD = new Profiles();

  private final List<Masking> maskings = new ArrayList<>();
  private final Map<String, Map<String, Long>> reported = new LinkedHashMap<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();

  private Profiles() {
    for (String line : lines(MASKINGS)) {
      String[] sides = line.split(" : ", 2);
      String[] words = sides[0].strip().split("\\s+");
      maskings.add(
          new Masking(
              register(words[0]),
              Integer.parseInt(words[1]),
              words[2],
              Integer.parseInt(words[4]),
              words[3].equals("is"),
              sides[1].strip()));
    }
    Map<String, Long> values = new TreeMap<>();
    for (String line : lines(PROFILES)) {
      String[] words = line.strip().split("\\s+", 4);
      if (words[0].equals("profile")) {
        values = new TreeMap<>();
        reported.put(words[1], values);
        remarks.put(words[1], words[3]);
      } else {
        values.put(register(words[0]), Long.parseUnsignedLong(words[1].substring(2), 16));
      }
    }
  }

  /** Those of the program. */
  public static Profiles standard() {
    return STANDARD;
  }

  /** Their names, in the order in which they are listed. */
  public List<String> names() {
    return List.copyOf(reported.keySet());
  }

  /**
   * A profile by its name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public Profile require(String name) {
    Map<String, Long> says = reported.get(name);
    if (says == null) {
      throw new IllegalArgumentException(
          "no CPU profile is named '" + name + "'" + Alike.choice(name, names()));
    }
    return new Profile(name, simulated(says));
  }

  /** One line on a profile. */
  public String remark(String name) {
    return Objects.requireNonNull(remarks.get(name));
  }

  /** What the product reports in its identification registers. */
  public Map<String, Long> reported(String name) {
    return Map.copyOf(Objects.requireNonNull(reported.get(name)));
  }

  /** The maskings that change something of a profile. */
  public List<Masking> maskingsOf(String name) {
    Map<String, Long> says = reported(name);
    return maskings.stream()
        .filter(m -> {
          long value = says.getOrDefault(m.register(), 0L);
          return m.masked(value) != m.reported(value);
        })
        .toList();
  }

  /** All maskings. */
  public List<Masking> maskings() {
    return List.copyOf(maskings);
  }

  private Map<String, Long> simulated(Map<String, Long> says) {
    Map<String, Long> values = new TreeMap<>(says);
    for (Masking masking : maskings) {
      long value = values.getOrDefault(masking.register(), 0L);
      values.put(masking.register(), masking.apply(value));
    }
    values.put("DCZID_EL0", ZVA_64_BYTES);
    values.put("MPIDR_EL1", 0x8000_0000L);
    return values;
  }

  private static String register(String name) {
    return RegisterTable.standard().require(name).name();
  }

  private static List<String> lines(String file) {
    try (InputStream in = Objects.requireNonNull(Profiles.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
