package dev.stagewalk.guests;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.PlannedEdit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Scenario.Backing;
import dev.stagewalk.session.Scenario.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The text form of a scenario: lines of {@code key: value}, {@code region} as often as needed, its
 * value being a name, what is behind it, the first IPA and the size; {@code tlb: adversarial} for
 * another TLB than the realistic one; {@code inject}, as often as needed, what is done to the
 * machine and when, as {@link InjectionGrammar} reads it: {@code inject: clear-af ipa 0x40200000 at
 * exit 3}.
 */
public final class ScenarioFile {
  private static final List<String> KEYS =
      List.of("title", "story", "source", "granule", "ipa-bits", "defects");

  /** Keys that may be left out: {@code el2} is "library" or "program". */
  private static final List<String> OPTIONAL =
      List.of("el2", "pes", "quantum", "epoch", "tlb", "profile");

  private ScenarioFile() {}

  /**
   * Reads a scenario.
   *
   * @param name of the scenario
   * @param file name for error messages
   * @param text its content
   * @param sources gives the text of a source file by its name
   * @throws IllegalArgumentException naming file, line, cause and what was expected
   */
  public static Scenario parse(
      String name, String file, String text, UnaryOperator<String> sources) {
    Map<String, String> values = new HashMap<>();
    List<Region> regions = new ArrayList<>();
    List<PlannedEdit> injections = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String place = file + ":" + number + ": ";
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(place + "expected 'key: value'");
      }
      String key = line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      if (key.equals("region")) {
        regions.add(region(place, value));
      } else if (key.equals("inject")) {
        injections.add(injection(place, value));
      } else if (!KEYS.contains(key) && !OPTIONAL.contains(key)) {
        throw new IllegalArgumentException(
            place
                + "unknown key '"
                + key
                + "'; known are region, inject, "
                + String.join(", ", KEYS)
                + ", "
                + String.join(", ", OPTIONAL));
      } else if (values.put(key, value) != null) {
        throw new IllegalArgumentException(place + "'" + key + "' stands here a second time");
      }
    }
    for (String key : KEYS) {
      if (!values.containsKey(key)) {
        throw new IllegalArgumentException(file + ": no line '" + key + ": …'");
      }
    }
    String source = values.getOrDefault("source", "");
    try {
      return new Scenario(
              name,
              values.getOrDefault("title", ""),
              values.getOrDefault("story", ""),
              source,
              sources.apply(source),
              Granule.parse(values.getOrDefault("granule", "")),
              Integer.parseInt(values.getOrDefault("ipa-bits", "")),
              values.getOrDefault("defects", ""),
              regions,
              board(values),
              isProgram(values.getOrDefault("el2", "library")))
          .withInjections(injections);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static BoardPlan board(Map<String, String> values) {
    BoardPlan usual = BoardPlan.USUAL;
    return new BoardPlan(
        Integer.parseInt(values.getOrDefault("pes", Integer.toString(usual.pes()))),
        usual.others(),
        Long.parseLong(values.getOrDefault("quantum", Long.toString(usual.quantum()))),
        Long.parseLong(values.getOrDefault("epoch", Long.toString(usual.epoch()))),
        TlbPlan.parse(values.getOrDefault("tlb", "realistic")),
        values.getOrDefault("profile", usual.profile()));
  }

  private static boolean isProgram(String word) {
    return switch (word) {
      case "library" -> false;
      case "program" -> true;
      default ->
          throw new IllegalArgumentException(
              "el2 is '" + word + "'; expected library (the hypervisor) or program");
    };
  }

  private static Region region(String place, String value) {
    String[] words = value.split("\\s+");
    if (words.length != 4) {
      throw new IllegalArgumentException(
          place + "a region is 'name backing ipa size', such as 'heap on-demand 0x40200000 1M'");
    }
    try {
      return new Region(
          words[0],
          Backing.valueOf(words[1].toUpperCase(Locale.ROOT).replace('-', '_')),
          Hex.parse(words[2]),
          size(words[3]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  private static PlannedEdit injection(String place, String value) {
    try {
      return InjectionGrammar.parsePlanned(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  private static long size(String text) {
    long unit =
        switch (text.charAt(text.length() - 1)) {
          case 'K' -> 1L << 10;
          case 'M' -> 1L << 20;
          case 'G' -> 1L << 30;
          default -> 1;
        };
    return Hex.parse(unit == 1 ? text : text.substring(0, text.length() - 1)) * unit;
  }
}
