package dev.stagewalk.cpu;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.RegisterTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which bit of which control register traps an access to a System register, or a System
 * instruction: the rows of {@code traps.txt}, by encoding (op0:op1:CRn:CRm:op2 in 16 bits).
 *
 * <p>Source: Arm ARM, "Configurable traps to EL2".
 */
final class TrapTable {
  private static final String FILE = "traps.txt";
  private static final int[] WIDTHS = {2, 3, 4, 4, 3};
  private static final Map<Integer, List<Rule>> RULES = load();

  private TrapTable() {}

  /** Below EL2, whatever HCR_EL2.E2H is or where it has one value; or EL0, and then not to EL2. */
  private enum From {
    BELOW,
    BELOW0,
    BELOW1,
    EL0;

    boolean holds(Pe pe) {
      return switch (this) {
        case BELOW -> true;
        case BELOW0 -> !pe.system.hcr(SystemRegisters.HCR_E2H);
        case BELOW1 -> pe.system.hcr(SystemRegisters.HCR_E2H);
        case EL0 -> pe.el() == 0;
      };
    }
  }

  /**
   * One reason for a trap.
   *
   * @param register index of the control register
   * @param bit in it
   * @param whenSet whether it traps when the bit is 1, and not when it is 0
   * @param from what it traps
   */
  private record Rule(
      int register, long bit, boolean whenSet, boolean reads, boolean writes, From from) {

    boolean applies(Pe pe, boolean read) {
      int control =
          from == From.EL0 && pe.exceptions().targetOfOwnExceptions() == 2
              ? SystemRegisters.SCTLR_EL2
              : register;
      return (read ? reads : writes)
          && from.holds(pe)
          && ((pe.system.get(control) & bit) != 0) == whenSet;
    }
  }

  /**
   * The exception level that an access from EL0 or EL1 traps to; 0 if it does not.
   *
   * @param encoding op0:op1:CRn:CRm:op2
   * @param read MRS, not MSR or a System instruction
   */
  static int target(Pe pe, int encoding, boolean read) {
    if (pe.el() == 2) {
      return 0;
    }
    for (Rule rule : RULES.getOrDefault(encoding, List.of())) {
      if (rule.applies(pe, read)) {
        return rule.from == From.EL0 ? pe.exceptions().targetOfOwnExceptions() : 2;
      }
    }
    return 0;
  }

  private static Map<Integer, List<Rule>> load() {
    Map<Integer, List<Rule>> rules = new HashMap<>();
    text()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> {
          String[] sides = line.split(" : ", 2);
          String[] words = sides[0].strip().split("\\s+");
          if (sides.length != 2 || words.length != 6) {
            throw new IllegalStateException(FILE + ": no row: " + line);
          }
          Rule rule =
              new Rule(
                  SystemRegisters.index(words[0]),
                  1L << Integer.parseInt(words[1]),
                  oneOf(line, words[3], "set", "clear"),
                  words[4].contains("r"),
                  words[4].contains("w"),
                  From.valueOf(words[5].toUpperCase(Locale.ROOT)));
          for (String what : sides[1].strip().split("\\s+")) {
            for (int encoding : encodings(what)) {
              rules.computeIfAbsent(encoding, _ -> new ArrayList<>()).add(rule);
            }
          }
        });
    return rules;
  }

  private static boolean oneOf(String line, String word, String yes, String no) {
    if (!word.equals(yes) && !word.equals(no)) {
      throw new IllegalStateException(
          FILE + ": " + word + " is not " + yes + " or " + no + ": " + line);
    }
    return word.equals(yes);
  }

  private static List<Integer> encodings(String what) {
    if (!what.matches("S\\d_.*")) {
      return List.of(
          RegisterTable.standard().require(what).encoding().map(Encoding::packed).orElseThrow());
    }
    String[] parts = what.substring(1).replace("C", "").split("_");
    List<Integer> encodings = List.of(0);
    for (int i = 0; i < WIDTHS.length; i++) {
      List<Integer> longer = new ArrayList<>();
      for (int prefix : encodings) {
        int least = parts[i].equals("*") ? 0 : Integer.parseInt(parts[i]);
        int most = parts[i].equals("*") ? (1 << WIDTHS[i]) - 1 : least;
        for (int value = least; value <= most; value++) {
          longer.add(prefix << WIDTHS[i] | value);
        }
      }
      encodings = longer;
    }
    return encodings;
  }

  private static String text() {
    try (InputStream in = Objects.requireNonNull(TrapTable.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
