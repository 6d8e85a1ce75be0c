package dev.stagewalk.session;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.Condition;
import dev.stagewalk.ask.EventField;
import dev.stagewalk.ask.EventFilter;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.ask.Value;
import dev.stagewalk.check.FindingKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Breakpoints as they are typed on a command line and in the window: one line, words between
 * blanks, numbers decimal or {@code 0x}-hexadecimal with underscores.
 *
 * <pre>
 *   breakpoint = stop [ "if" EXPRESSION ]                      as lessons write expressions
 *   stop       = "at" place | "on" [ "event" ] KIND { test } | "on" "finding" [ ID ]
 *              | "watch" watch                                  see {@link WatchGrammar}
 *   place      = ADDRESS | LABEL [ "+" NUMBER ] | FILE ":" LINE
 *   test       = FIELD ( "=" | "!=" | "&lt;" | "&lt;=" | ">" | ">=" ) VALUE { "," VALUE }
 *              | FAULT                                          of exits and faults: translation, …
 * </pre>
 *
 * <p>{@link EventKind} names the kinds, {@link EventField} the fields; {@code iss.NAME} is a field
 * of the syndrome as its Exception class has it.
 */
public final class BreakpointGrammar {
  private static final Pattern TEST = Pattern.compile("([A-Za-z][\\w.]*)(<=|>=|!=|=|<|>)(.*)");
  private static final Pattern LINE = Pattern.compile("(.+):(\\d+)");

  private static final String FINDING = "finding";

  private BreakpointGrammar() {}

  /** A breakpoint without number and state. */
  record Typed(Stop stop, Optional<Condition> condition) {
    boolean asksEventAlone() {
      return stop.asksEventAlone() && condition.map(Condition::asksEventAlone).orElse(true);
    }
  }

  /** What may be typed, for help: each form with what it means. */
  public static List<String> forms() {
    return List.of(
        "at LABEL | at LABEL+0x10 | at 0x40080010 | at FILE.s:12",
        "on [event] KIND [FIELD=VALUE[,VALUE] | FIELD!=VALUE | FIELD<VALUE | FAULT] ...",
        "on finding [ID]",
        "watch write|read|access va|ipa|pa ADDRESS[+SIZE] | watch write entry ipa|va ADDRESS"
            + " [level N] | watch register NAME | watch use ipa ADDRESS | watch fault ipa ADDRESS",
        "each with: if EXPRESSION");
  }

  /**
   * Reads a breakpoint.
   *
   * @param program what labels and lines are of
   * @throws IllegalArgumentException with the place, what was expected, and what may have been
   *     meant
   */
  static Typed parse(String text, Program program) {
    InjectionWords words = new InjectionWords(text);
    Stop stop =
        switch (words.oneOf("where to stop", List.of("at", "on", "watch"))) {
          case "at" -> at(words, program);
          case "watch" -> new Stop.Watched(WatchGrammar.read(words, program), Optional.empty());
          default -> on(words);
        };
    Optional<Condition> condition = Optional.empty();
    if (words.skip("if")) {
      condition = Optional.of(words.rest("a condition", Condition::parse));
    }
    words.end(List.of("if"));
    return new Typed(stop, condition);
  }

  private static Stop at(InjectionWords words, Program program) {
    return words.read("an address, a label or FILE:LINE", word -> place(word, program));
  }

  private static Stop place(String word, Program program) {
    OptionalLong label = program.names().parse(word);
    if (label.isPresent()) {
      return new Stop.At(label.getAsLong(), word);
    }
    if (word.matches("0x[0-9a-fA-F_]+|\\d[\\d_]*")) {
      return new Stop.At(Hex.parse(word), "");
    }
    Matcher line = LINE.matcher(word);
    if (line.matches()) {
      Program.Line found = program.lineAt(line.group(1), Integer.parseInt(line.group(2)));
      return new Stop.At(found.address(), found.text());
    }
    throw new IllegalArgumentException(
        "the program has no label '"
            + word
            + "'"
            + Alike.question(Alike.to(word, program.names().addresses().keySet())));
  }

  private static Stop on(InjectionWords words) {
    boolean event = words.skip("event");
    List<String> kinds = new ArrayList<>(EventKind.words());
    if (!event) {
      kinds.add(FINDING);
    }
    String word = words.oneOf("a kind of event", kinds);
    if (word.equals(FINDING)) {
      return new Stop.Arises(
          words.isAtEnd() || words.isNext("if")
              ? Optional.empty()
              : Optional.of(words.read("the id of a finding", BreakpointGrammar::finding)));
    }
    EventKind kind = EventKind.named(word).orElseThrow();
    List<EventFilter.Test> tests = new ArrayList<>();
    while (!words.isAtEnd() && !words.isNext("if")) {
      tests.add(words.read("FIELD=VALUE", w -> test(w, kind)));
    }
    return new Stop.On(new EventFilter(kind, tests));
  }

  private static FindingKind finding(String word) {
    String id = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(FindingKind.values())
        .filter(k -> k.id().equals(id))
        .findFirst()
        .orElseThrow(() -> {
          List<String> ids = Arrays.stream(FindingKind.values()).map(FindingKind::id).toList();
          return new IllegalArgumentException(
              "no finding is called '" + word + "'" + Alike.question(Alike.to(id, ids)));
        });
  }

  private static EventFilter.Test test(String word, EventKind kind) {
    Matcher test = TEST.matcher(word);
    if (!test.matches()) {
      return fault(word, kind);
    }
    String field = test.group(1).toLowerCase(Locale.ROOT);
    if (!field.startsWith("iss.") && !EventField.words().contains(field)) {
      throw new IllegalArgumentException(
          "no event has a field '" + field + "'" + Alike.choice(field, EventField.words()));
    }
    List<Value> values =
        Arrays.stream(test.group(3).split(",", -1)).map(v -> value(word, v)).toList();
    return new EventFilter.Test(field, test.group(2), values);
  }

  private static EventFilter.Test fault(String word, EventKind kind) {
    List<String> faults = Arrays.stream(FaultKind.values()).map(EventField::word).toList();
    boolean may =
        switch (kind) {
          case FAULT, EXIT, EXCEPTION, WALK, ANY -> true;
          default -> false;
        };
    String given = word.toLowerCase(Locale.ROOT);
    if (!may || !faults.contains(given)) {
      throw new IllegalArgumentException(
          "'"
              + word
              + "' compares no field"
              + (may ? ", and is no kind of fault" + Alike.choice(given, faults) : ""));
    }
    return new EventFilter.Test("fault", "=", List.of(new Value.Words(given)));
  }

  private static Value value(String word, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a value is missing in '" + word + "'");
    }
    if (text.matches("-?(0x[0-9a-fA-F_]+|0b[01]+|\\d[\\d_]*)")) {
      boolean negative = text.startsWith("-");
      String digits = negative ? text.substring(1) : text;
      long number =
          digits.startsWith("0b") ? Long.parseLong(digits.substring(2), 2) : Hex.parse(digits);
      Value.Form form = digits.startsWith("0x") ? Value.Form.PLAIN : Value.Form.DEC;
      return new Value.Number(negative ? -number : number, form);
    }
    return new Value.Words(text);
  }
}
