package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Translation;
import dev.stagewalk.image.boot.SymbolTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An event in words.
 *
 * @param route where it led: "EL1 → EL2"; empty where nothing moved
 * @param headline "Translation fault, level 3"
 * @param sentences what happened; the first stands for all
 * @param evidence the bits that say so
 * @param walk one line for each lookup
 * @param rule why it had to happen; empty where no rule decided
 * @param counterfactual what would have happened otherwise; empty where nothing can be computed
 * @param steps what the hypervisor did, in order
 * @param mender who may do something about it: "hypervisor", or "guest's OS" for the faults of its
 *     own stage 1
 * @param remedies what that one may do
 */
public record Explanation(
    String route,
    String headline,
    List<String> sentences,
    List<Evidence> evidence,
    List<String> walk,
    Optional<Rule> rule,
    Optional<Counterfactual> counterfactual,
    List<String> steps,
    String mender,
    List<Remedy> remedies) {
  static final String HYPERVISOR = "hypervisor";
  static final String GUEST_OS = "guest's OS";

  public Explanation {
    sentences = List.copyOf(sentences);
    evidence = List.copyOf(evidence);
    walk = List.copyOf(walk);
    steps = List.copyOf(steps);
    remedies = List.copyOf(remedies);
  }

  /**
   * Bits of a register.
   *
   * @param register "ESR_EL2"
   * @param field "DFSC"; empty for the whole register
   * @param bits "[5:0]"; empty for the whole register
   * @param value "0b000111" or "0x4020_3018"
   * @param meaning in words
   */
  public record Evidence(String register, String field, String bits, String value, String meaning) {

    /** "ESR_EL2.DFSC [5:0] = 0b000111: Translation fault, level 3". */
    public String line() {
      String name = field.isEmpty() ? register : register + "." + field + " " + bits;
      return name + " = " + value + (meaning.isEmpty() ? "" : ": " + meaning);
    }

    private Evidence named(SymbolTable names) {
      String prefix = register + " = ";
      String whole = names.named(prefix + value).substring(prefix.length());
      // The meaning may name it already.
      String named = whole.length() > value.length() && meaning.contains(" at ") ? value : whole;
      return new Evidence(
          register, field, bits, field.isEmpty() ? named : value, names.named(meaning));
    }
  }

  /**
   * The rule that decided.
   *
   * @param sentence the rule
   * @param source title of the section of the Arm ARM; empty if the sentence has none
   */
  public record Rule(String sentence, String source) {
    private static final String MARK = " (Arm ARM, ";

    /** Takes apart what the walker writes: a sentence, then the section in brackets. */
    static Rule of(String text) {
      int at = text.lastIndexOf(MARK);
      int end = text.lastIndexOf(')');
      return at < 0 || end < at
          ? new Rule(text, "")
          : new Rule(sentenceOf(text.substring(0, at)), text.substring(at + MARK.length(), end));
    }

    private static String sentenceOf(String text) {
      return Wording.capital(text) + (text.endsWith(".") ? "" : ".");
    }

    public String line() {
      return source.isEmpty() ? sentence : sentence + " Arm ARM, \"" + source + "\".";
    }
  }

  /** A word of memory that is changed. */
  public record Change(long pa, long value) {}

  /**
   * What would have happened otherwise, found by walking again.
   *
   * @param condition "If bit 10 (AF) of this entry were set (0x…)"
   * @param changes memory that would be different; empty where a register would be
   * @param registers registers that would be different, by name
   * @param result what the walker says then; its input and access are those of the question, which
   *     differ from the walk's where the address or the access would be different
   */
  public record Counterfactual(
      String condition, List<Change> changes, Map<String, Long> registers, Translation result) {
    public Counterfactual {
      changes = List.copyOf(changes);
      registers = Map.copyOf(registers);
    }

    public String line() {
      return condition + ": " + Wording.outcome(result) + ".";
    }
  }

  /**
   * Something that may be done about it.
   *
   * @param title "Map a page"
   * @param sentence when and why
   * @param operations what it would issue, in order; empty where there is nothing to issue
   */
  public record Remedy(String title, String sentence, List<String> operations) {
    public Remedy {
      operations = List.copyOf(operations);
    }

    private Remedy named(SymbolTable names) {
      return new Remedy(
          title, names.named(sentence), operations.stream().map(names::named).toList());
    }
  }

  /** A part with a title of its own, as lines. */
  public record Section(String title, List<String> lines) {
    public Section {
      lines = List.copyOf(lines);
    }
  }

  /** All that is known, in the order it is read; parts that have nothing to say are left out. */
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    List<String> what = new ArrayList<>();
    what.add(headline);
    what.addAll(sentences);
    add(sections, "What happened", what);
    add(sections, "Evidence", evidence.stream().map(Evidence::line).toList());
    add(sections, "The walk", walk);
    add(sections, "The rule", rule.stream().map(Rule::line).toList());
    add(sections, "What if", counterfactual.stream().map(Counterfactual::line).toList());
    add(sections, "What the hypervisor did", steps);
    List<String> may = new ArrayList<>();
    for (Remedy remedy : remedies) {
      may.add(remedy.title + ". " + remedy.sentence);
      for (int i = 0; i < remedy.operations.size(); i++) {
        may.add("   " + (i + 1) + ". " + remedy.operations.get(i));
      }
    }
    add(sections, "What the " + mender + " may do", may);
    return sections;
  }

  private static void add(List<Section> sections, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      sections.add(new Section(title, lines));
    }
  }

  /** The same with names behind the addresses that have one. */
  public Explanation named(SymbolTable names) {
    return new Explanation(
        route,
        headline,
        sentences.stream().map(names::named).toList(),
        evidence.stream().map(row -> row.named(names)).toList(),
        walk.stream().map(names::named).toList(),
        rule,
        counterfactual,
        steps.stream().map(names::named).toList(),
        mender,
        remedies.stream().map(remedy -> remedy.named(names)).toList());
  }

  /** As plain text, titles on lines of their own. */
  public String asText() {
    StringBuilder out = new StringBuilder();
    for (Section section : sections()) {
      out.append(section.title()).append('\n');
      section.lines().forEach(line -> out.append("  ").append(line).append('\n'));
    }
    return out.toString();
  }

  /** Gathers the parts. */
  static final class Draft {
    private final String headline;
    private String route = "";
    private final List<String> sentences = new ArrayList<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<String> walk = new ArrayList<>();
    private Optional<Rule> rule = Optional.empty();
    private Optional<Counterfactual> counterfactual = Optional.empty();
    private final List<String> steps = new ArrayList<>();
    private String mender = HYPERVISOR;
    private final List<Remedy> remedies = new ArrayList<>();

    Draft(String headline) {
      this.headline = headline;
    }

    Draft route(String text) {
      route = text;
      return this;
    }

    Draft say(String sentence) {
      sentences.add(sentence);
      return this;
    }

    Draft evidence(List<Evidence> rows) {
      evidence.addAll(rows);
      return this;
    }

    Draft evidence(String register, String value, String meaning) {
      evidence.add(new Evidence(register, "", "", value, meaning));
      return this;
    }

    Draft address(String register, long value, String meaning) {
      return evidence(register, Hex.address(value), meaning);
    }

    Draft walk(List<String> lines) {
      walk.addAll(lines);
      return this;
    }

    Draft rule(String sentence, String source) {
      rule = Optional.of(new Rule(sentence, source));
      return this;
    }

    Draft rule(Rule decided) {
      rule = Optional.of(decided);
      return this;
    }

    Draft counterfactual(Optional<Counterfactual> what) {
      counterfactual = what;
      return this;
    }

    Draft steps(List<String> lines) {
      steps.addAll(lines);
      return this;
    }

    Draft may(String title, String sentence, String... operations) {
      remedies.add(new Remedy(title, sentence, List.of(operations)));
      return this;
    }

    /** Who mends it. */
    Draft mender(String who) {
      mender = who;
      return this;
    }

    Draft may(List<Remedy> more) {
      remedies.addAll(more);
      return this;
    }

    Explanation done() {
      return new Explanation(
          route,
          headline,
          sentences,
          evidence,
          walk,
          rule,
          counterfactual,
          steps,
          mender,
          remedies);
    }
  }
}
