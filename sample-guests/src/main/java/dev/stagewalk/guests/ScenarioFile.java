package dev.stagewalk.guests;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.hyp.ExitHandlers;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Framework;
import dev.stagewalk.session.Framework.El1Handler;
import dev.stagewalk.session.Framework.OtherGuest;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.PlannedEdit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Scenario.Backing;
import dev.stagewalk.session.Scenario.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The text form of a scenario: lines of {@code key: value}.
 *
 * <ul>
 *   <li>{@code region}, as often as needed: a name, what is behind it, the first IPA and the size
 *   <li>{@code tlb: adversarial} for another TLB than the realistic one
 *   <li>{@code inject}, as often as needed, what is done to the machine and when, as {@link
 *       InjectionGrammar} reads it: {@code inject: clear-af ipa 0x40200000 at exit 3}
 *   <li>{@code handlers}: the exit handlers by {@link ExitHandlers#NAMES}, in the order in which
 *       they are asked
 *   <li>{@code host-page: 64K}: the pages in which the host allocates its memory, 4K if it is left
 *       out
 *   <li>{@code traps}: bits of HCR_EL2 to set in addition, such as TID3
 *   <li>{@code el1-handler}, as often as needed: a vector of EL1 and the label of its handler, or
 *       "none"
 *   <li>{@code guest: NAME LABEL VMID GRANULE IPA-BITS} begins a further guest, which starts at a
 *       label of the same program; regions and handlers behind it are that guest's
 * </ul>
 */
public final class ScenarioFile {
  private static final List<String> KEYS =
      List.of("title", "story", "source", "granule", "ipa-bits", "defects");

  /** Keys that may be left out: {@code el2} is "library" or "program". */
  private static final List<String> OPTIONAL =
      List.of("el2", "pes", "quantum", "epoch", "tlb", "profile", "traps", "host-page");

  private static final List<String> REPEATED =
      List.of("region", "inject", "handlers", "el1-handler", "guest");

  private final String file;
  private final Map<String, String> values = new HashMap<>();
  private final List<El1Handler> el1 = new ArrayList<>();
  private final List<PlannedEdit> injections = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();
  private String place = "";

  /** What is said of one guest. */
  private static final class Section {
    private final String[] words;
    private final List<Region> regions = new ArrayList<>();
    private String handlers = "";

    /**
     * @param words name, label, VMID, granule, IPA size; none for the first guest
     */
    Section(String... words) {
      this.words = words;
    }
  }

  private ScenarioFile(String file) {
    this.file = file;
    sections.add(new Section());
  }

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
    ScenarioFile reader = new ScenarioFile(file);
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      reader.place = file + ":" + number + ": ";
      if (!line.isBlank() && !line.startsWith("#")) {
        try {
          reader.line(line);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(reader.place + e.getMessage(), e);
        }
      }
    }
    return reader.scenario(name, sources);
  }

  private void line(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("expected 'key: value'");
    }
    String key = line.substring(0, colon).strip();
    String value = line.substring(colon + 1).strip();
    if (REPEATED.contains(key)) {
      repeated(key, value);
    } else if (!KEYS.contains(key) && !OPTIONAL.contains(key)) {
      throw new IllegalArgumentException(
          "unknown key '"
              + key
              + "'; known are "
              + String.join(", ", REPEATED)
              + ", "
              + String.join(", ", KEYS)
              + ", "
              + String.join(", ", OPTIONAL));
    } else if (values.put(key, value) != null) {
      throw new IllegalArgumentException("'" + key + "' stands here a second time");
    }
  }

  private void repeated(String key, String value) {
    Section now = sections.getLast();
    switch (key) {
      case "region" -> now.regions.add(region(value));
      case "inject" -> injections.add(InjectionGrammar.parsePlanned(value));
      case "handlers" -> {
        if (!now.handlers.isEmpty()) {
          throw new IllegalArgumentException("'handlers' stands here a second time");
        }
        ExitHandlers.parse(value);
        now.handlers = value;
      }
      case "el1-handler" -> {
        if (sections.size() > 1) {
          throw new IllegalArgumentException("only the first guest can have el1-handler lines");
        }
        el1.add(el1Handler(value));
      }
      case "guest" -> {
        Section section =
            new Section(
                words(
                    value, 5, "'name label vmid granule ipa-bits', such as 'b start_b 2 64K 36'"));
        other(section);
        sections.add(section);
      }
      default -> throw new IllegalStateException(key);
    }
  }

  private static String[] words(String value, int count, String expected) {
    String[] words = value.split("\\s+");
    if (words.length != count) {
      throw new IllegalArgumentException("expected " + expected);
    }
    return words;
  }

  private static El1Handler el1Handler(String value) {
    String[] words = words(value, 2, "'vector label', such as '4 on_sync'");
    int vector = number(words[0], "a vector");
    if (vector > 15) {
      throw new IllegalArgumentException("a vector is 0 to 15, not " + vector);
    }
    return new El1Handler(vector, words[1]);
  }

  private static OtherGuest other(Section section) {
    String[] words = section.words;
    return new OtherGuest(
        words[0],
        words[1],
        number(words[2], "a VMID"),
        Granule.parse(words[3]),
        number(words[4], "an IPA size in bits"),
        section.regions,
        section.handlers);
  }

  private static int number(String word, String what) {
    if (!word.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("'" + word + "' is not " + what);
    }
    return Integer.parseInt(word);
  }

  private Scenario scenario(String name, UnaryOperator<String> sources) {
    for (String key : KEYS) {
      if (!values.containsKey(key)) {
        throw new IllegalArgumentException(file + ": no line '" + key + ": …'");
      }
    }
    String source = value("source", "");
    try {
      return new Scenario(
              name,
              value("title", ""),
              value("story", ""),
              source,
              sources.apply(source),
              Granule.parse(value("granule", "")),
              Integer.parseInt(value("ipa-bits", "")),
              value("defects", ""),
              sections.getFirst().regions,
              board(),
              isProgram(value("el2", "library")))
          .withInjections(injections)
          .with(framework());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private String value(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  private Framework framework() {
    String traps = value("traps", "");
    return new Framework(
        sections.getFirst().handlers,
        traps.isEmpty() ? List.of() : Arrays.asList(traps.split(",\\s*")),
        el1,
        sections.stream().skip(1).map(ScenarioFile::other).toList());
  }

  private BoardPlan board() {
    BoardPlan usual = BoardPlan.USUAL;
    return new BoardPlan(
        Integer.parseInt(value("pes", Integer.toString(usual.pes()))),
        usual.others(),
        Long.parseLong(value("quantum", Long.toString(usual.quantum()))),
        Long.parseLong(value("epoch", Long.toString(usual.epoch()))),
        TlbPlan.parse(value("tlb", "realistic")),
        value("profile", usual.profile()),
        (int) size(value("host-page", "4K")));
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

  private static Region region(String value) {
    String[] words =
        words(value, 4, "'name backing ipa size', such as 'heap on-demand 0x40200000 1M'");
    return new Region(words[0], backing(words[1]), Hex.parse(words[2]), size(words[3]));
  }

  private static Backing backing(String word) {
    List<String> known =
        Arrays.stream(Backing.values())
            .map(backing -> backing.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    int index = known.indexOf(word);
    if (index < 0) {
      throw new IllegalArgumentException(
          "nothing is called '"
              + word
              + "' that could be behind a region; known are "
              + String.join(", ", known));
    }
    return Backing.values()[index];
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
