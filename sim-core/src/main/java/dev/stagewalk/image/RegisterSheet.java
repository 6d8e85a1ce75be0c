package dev.stagewalk.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stagewalk.arch.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Registers of one or several PEs as a file beside a dump has them: JSON (an object of names and
 * values, or an array with one for each PE), or text as debuggers print registers, {@code NAME =
 * value} or {@code NAME value}, with lines such as {@code CPU 1} or {@code CPU#1} where the next PE
 * begins. System registers have their architectural names; the others are {@code X0} to {@code
 * X30}, {@code SP}, {@code PC} and {@code PSTATE}.
 *
 * @param pes registers of each PE by name, in order
 */
public record RegisterSheet(List<Map<String, Long>> pes) {
  /** More than any list of registers takes; a dump named by mistake is larger. */
  private static final long MOST_BYTES = 16 << 20;

  private static final long HCR_VM = 1;
  private static final long HCR_TGE = 1L << 27;
  private static final long HCR_E2H = 1L << 34;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String SYSTEM = "[A-Za-z][A-Za-z0-9_]*_EL[0-3]|cpsr|pstate";
  private static final String GENERAL = "x0?[0-9]|x[12][0-9]|x30|sp|pc";
  private static final Pattern NAME =
      Pattern.compile(SYSTEM + "|" + GENERAL, Pattern.CASE_INSENSITIVE);
  private static final Pattern LINE =
      Pattern.compile(
          "\\b(?:(cpsr|pstate)=([0-9a-f]{8})\\b|("
              + SYSTEM
              + ")\\b(?:\\s*[=:]\\s*|\\s+)(0x[0-9a-f_]+|[0-9a-f]{16}\\b|[0-9]+\\b)|("
              + GENERAL
              + ")\\b(?:\\s*[=:]\\s*|\\s+)(0x[0-9a-f_]+|[0-9a-f]{16}\\b))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PE =
      Pattern.compile("\\b(?:CPU|PE)\\s*[#:]?\\s*(\\d{1,3})\\b", Pattern.CASE_INSENSITIVE);

  /** Of a dump that comes without registers: one PE, of which nothing is known. */
  public static final RegisterSheet UNKNOWN = new RegisterSheet(List.of(Map.of()));

  public RegisterSheet {
    pes = pes.stream().map(Map::copyOf).toList();
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it holds no registers; the message names file, place, cause
   *     and what would be right
   */
  public static RegisterSheet read(Path file) {
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
    List<Map<String, Long>> pes = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      boolean array = json.nextToken() == JsonToken.START_ARRAY;
      if (array) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          pes.add(object(file, json));
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
          throw new IllegalArgumentException(
              "'" + file + "': what stands in the list is to be an object for each PE");
        }
      } else {
        pes.add(object(file, json));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "'"
              + file
              + "', line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": this is not JSON: "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RegisterSheet(pes.stream().allMatch(Map::isEmpty) ? List.of() : pes);
  }

  /** The members that are registers; all others are passed over. */
  private static Map<String, Long> object(Path file, JsonParser json) throws IOException {
    Map<String, Long> registers = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (!json.nextToken().isScalarValue()) {
        json.skipChildren();
      } else if (NAME.matcher(name).matches()) {
        try {
          registers.put(named(name), Hex.parse(json.getText()));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("'" + file + "', " + name + ": " + e.getMessage(), e);
        }
      }
    }
    return registers;
  }

  private static RegisterSheet text(String text) {
    // By the number that the text gives them; registers before any are those of the first.
    Map<Integer, Map<String, Long>> pes = new LinkedHashMap<>();
    int pe = 0;
    for (String line : text.lines().toList()) {
      Matcher m = LINE.matcher(line);
      boolean any = false;
      while (m.find()) {
        take(m, pes.computeIfAbsent(pe, _ -> new TreeMap<>()));
        any = true;
      }
      Matcher header = PE.matcher(line);
      if (!any && header.find()) {
        pe = Integer.parseInt(header.group(1));
      }
    }
    return new RegisterSheet(List.copyOf(pes.values()));
  }

  private static void take(Matcher m, Map<String, Long> into) {
    if (m.group(1) != null) {
      into.put(named(m.group(1)), Long.parseLong(m.group(2), 16));
    } else if (m.group(3) != null) {
      into.put(named(m.group(3)), number(m.group(4)));
    } else {
      into.put(named(m.group(5)), number(m.group(6)));
    }
  }

  /** Sixteen digits without 0x are hexadecimal, as emulators print registers. */
  private static long number(String digits) {
    return digits.length() == 16 && !digits.startsWith("0x")
        ? Long.parseUnsignedLong(digits, 16)
        : Hex.parse(digits);
  }

  private static String named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("CPSR")) {
      return "PSTATE";
    }
    return upper.matches("X0[0-9]") ? "X" + upper.substring(2) : upper;
  }

  /**
   * The PE that a guest uses: one with stage 2 on, else one whose VTTBR_EL2 and VTCR_EL2 are
   * loaded, else one with VTTBR_EL2 alone, else the first.
   */
  public int inGuestContext() {
    int best = 0;
    for (int i = 1; i < pes.size(); i++) {
      if (likeness(pes.get(i)) > likeness(pes.get(best))) {
        best = i;
      }
    }
    return best;
  }

  /** PEs that are as good a choice as the one of {@link #inGuestContext}, that one included. */
  public List<Integer> equallyGood() {
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
    if (registers.getOrDefault("VTTBR_EL2", 0L) == 0) {
      return 0;
    }
    if (registers.getOrDefault("VTCR_EL2", 0L) == 0) {
      return 1;
    }
    return stage2On(registers.getOrDefault("HCR_EL2", 0L)) ? 3 : 2;
  }

  /** Stage 2 of EL1&amp;0 is on: VM, outside the host's own regime. */
  public static boolean stage2On(long hcr) {
    return (hcr & HCR_VM) != 0 && (hcr & (HCR_E2H | HCR_TGE)) != (HCR_E2H | HCR_TGE);
  }

  /** HCR_EL2 as it would be while the guest runs. */
  public static long guestHcr(long hcr) {
    return (hcr | HCR_VM) & ~HCR_TGE;
  }

  /** What is taken for granted where HCR_EL2 is the host's, in a sentence without its end. */
  public static String assumed(long hcr) {
    return "HCR_EL2 = "
        + Hex.plain(hcr)
        + " is the host's, with stage 2 off; VM = 1 and TGE = 0 are assumed. Whether the guest runs"
        + " with FWB, PTW, CD or ID is not known";
  }

  /** What a PE's registers say of the guest on it: the reason for which it is chosen or not. */
  public String why(int pe) {
    Map<String, Long> registers = pes.get(pe);
    for (String name : List.of("VTTBR_EL2", "VTCR_EL2")) {
      if (!registers.containsKey(name)) {
        return name + " is unknown";
      }
      if (registers.getOrDefault(name, 0L) == 0) {
        return name + " is 0: no guest has been entered on it";
      }
    }
    Long hcr = registers.get("HCR_EL2");
    if (hcr == null) {
      return "VTTBR_EL2 is loaded; HCR_EL2 is unknown";
    }
    return stage2On(hcr)
        ? "in guest context: VTTBR_EL2 is loaded and HCR_EL2.VM is 1"
        : "VTTBR_EL2 is loaded, but the host runs: HCR_EL2 has stage 2 off";
  }

  /** The same with a register of a PE set, or known at last. */
  public RegisterSheet with(int pe, String name, long value) {
    List<Map<String, Long>> changed = new ArrayList<>(pes);
    Map<String, Long> registers = new TreeMap<>(pes.get(pe));
    registers.put(named(name), value);
    changed.set(pe, registers);
    return new RegisterSheet(changed);
  }

  /** A register of a PE. */
  public OptionalLong value(int pe, String name) {
    Long value = pes.get(pe).get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
