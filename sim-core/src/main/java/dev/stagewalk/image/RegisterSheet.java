package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stagewalk.arch.Hex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * System registers of one or several PEs from a file: JSON (an object of names and values, or an
 * array with one for each PE), or text as debuggers print registers, {@code NAME = value} or {@code
 * NAME value}, with lines such as {@code CPU 1} where the next PE begins.
 *
 * @param pes registers of each PE by name, in order
 */
record RegisterSheet(List<Map<String, Long>> pes) {
  /** More than any list of registers takes; a dump named by mistake is larger. */
  private static final long MOST_BYTES = 16 << 20;

  private static final long HCR_VM = 1;
  private static final long HCR_TGE = 1L << 27;
  private static final long HCR_E2H = 1L << 34;

  private static final String REGISTER = "[A-Za-z][A-Za-z0-9_]*_EL[0-3]|cpsr|pstate";
  private static final Pattern NAME = Pattern.compile(REGISTER, Pattern.CASE_INSENSITIVE);
  private static final Pattern LINE =
      Pattern.compile(
          "\\b(" + REGISTER + ")\\b(?:\\s*[=:]\\s*|\\s+)(0x[0-9a-f_]+|[0-9a-f]{16}\\b|[0-9]+\\b)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PE =
      Pattern.compile("\\b(?:CPU|PE)\\s*#?\\s*(\\d{1,3})\\b", Pattern.CASE_INSENSITIVE);

  RegisterSheet {
    pes = List.copyOf(pes);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it holds no registers; the message names file, place, cause
   *     and what would be right
   */
  static RegisterSheet read(Path file) {
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(
            "'" + file + "' is too large for a list of registers; memory is named with --dump");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "'" + file + "' is not a file that can be read as UTF-8 text", e);
    }
    String start = text.stripLeading();
    RegisterSheet sheet =
        start.startsWith("{") || start.startsWith("[") ? json(file, text) : text(text);
    if (sheet.pes.isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "' names no system register; write lines such as VTTBR_EL2 = 0x1000043582000, or"
              + " JSON");
    }
    return sheet;
  }

  private static RegisterSheet json(Path file, String text) {
    JsonNode tree;
    try {
      tree = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "', line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": this is not JSON: "
              + e.getOriginalMessage(),
          e);
    }
    List<Map<String, Long>> pes = new ArrayList<>();
    for (JsonNode node : tree.isArray() ? tree : List.of(tree)) {
      Map<String, Long> registers = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (NAME.matcher(field.getKey()).matches() && field.getValue().isValueNode()) {
          String value = field.getValue().asText();
          try {
            registers.put(named(field.getKey()), Hex.parse(value));
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                "'" + file + "', " + field.getKey() + ": " + e.getMessage(), e);
          }
        }
      }
      if (!registers.isEmpty() || tree.isArray()) {
        pes.add(registers);
      }
    }
    return new RegisterSheet(pes.stream().allMatch(Map::isEmpty) ? List.of() : pes);
  }

  private static RegisterSheet text(String text) {
    List<Map<String, Long>> pes = new ArrayList<>();
    boolean next = true;
    for (String line : text.lines().toList()) {
      Matcher m = LINE.matcher(line);
      boolean any = false;
      while (m.find()) {
        if (next) {
          pes.add(new TreeMap<>());
          next = false;
        }
        pes.getLast().put(named(m.group(1)), number(m.group(2)));
        any = true;
      }
      if (!any && PE.matcher(line).find()) {
        next = true;
      }
    }
    return new RegisterSheet(pes);
  }

  /** Sixteen digits without 0x are hexadecimal, as emulators print registers. */
  private static long number(String digits) {
    return digits.length() == 16 && !digits.startsWith("0x")
        ? Long.parseUnsignedLong(digits, 16)
        : Hex.parse(digits);
  }

  private static String named(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /**
   * The PE that a guest uses: one with stage 2 on, else one whose VTTBR_EL2 and VTCR_EL2 are
   * loaded, else the first.
   */
  int inGuestContext() {
    int best = 0;
    for (int i = 1; i < pes.size(); i++) {
      if (likeness(pes.get(i)) > likeness(pes.get(best))) {
        best = i;
      }
    }
    return best;
  }

  /** PEs that are as good a choice as the one of {@link #inGuestContext}, that one included. */
  List<Integer> equallyGood() {
    int best = likeness(pes.get(inGuestContext()));
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < pes.size(); i++) {
      if (likeness(pes.get(i)) == best) {
        found.add(i);
      }
    }
    return found;
  }

  private static int likeness(Map<String, Long> registers) {
    long hcr = registers.getOrDefault("HCR_EL2", 0L);
    boolean loaded =
        registers.getOrDefault("VTTBR_EL2", 0L) != 0 && registers.getOrDefault("VTCR_EL2", 0L) != 0;
    return loaded ? (stage2On(hcr) ? 2 : 1) : 0;
  }

  /** Stage 2 of EL1&amp;0 is on: VM, outside the host's own regime. */
  static boolean stage2On(long hcr) {
    return (hcr & HCR_VM) != 0 && (hcr & (HCR_E2H | HCR_TGE)) != (HCR_E2H | HCR_TGE);
  }

  /** HCR_EL2 as it would be while the guest runs. */
  static long guestHcr(long hcr) {
    return (hcr | HCR_VM) & ~HCR_TGE;
  }

  /** A register of a PE. */
  OptionalLong value(int pe, String name) {
    Long value = pes.get(pe).get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
