package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.ask.Expression;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Answer;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceImport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Something a lesson does to the run, or waits for the student to do. */
sealed interface Deed {

  /** How a student does it; empty where only the lesson can. */
  String hint();

  /**
   * Goes on in steps of a kind.
   *
   * @param until stops where this is true; null for a number of steps
   * @param times how many steps, where there is no condition
   */
  record Go(Pace pace, @Nullable Expression until, int times) implements Deed {
    @Override
    public String hint() {
      return pace.hint + (times > 1 ? " " + times + " times" : "");
    }
  }

  /** What one step is. */
  enum Pace {
    /** To the next exit to EL2, before its handler acts. */
    EXITS("F5"),
    /** One instruction, or the handler of an open exit. */
    STEPS("F10"),
    /** One lookup, one host operation. */
    MICROSTEPS("F11"),
    /** One lookup or host operation back. */
    MICROSTEPS_BACK("Ctrl+F11");

    private final String hint;

    Pace(String hint) {
      this.hint = hint;
    }
  }

  /** Lets the handler of the open exit act, to the return into the guest. */
  record Handler() implements Deed {
    @Override
    public String hint() {
      return "F10";
    }
  }

  /** Back to the start of the run. */
  record Start() implements Deed {
    @Override
    public String hint() {
      return "Shift+F5";
    }
  }

  /** To the end of the run, through all exits. */
  record End() implements Deed {
    @Override
    public String hint() {
      return "F5 until it ends";
    }
  }

  /** Does something to the machine, as {@code inject} lines of scenarios do. */
  record Inject(Template words) implements Deed {
    @Override
    public String hint() {
      return "";
    }
  }

  /** Answers the open exit instead of its handler. */
  record AnswerExit(Answer answer) implements Deed {
    @Override
    public String hint() {
      return "";
    }
  }

  /** Begins anew with another machine. */
  record Open(Setup setup) implements Deed {
    @Override
    public String hint() {
      return "";
    }
  }

  /** Opens a trace of a real machine, as its importer reads it. */
  record Replay(Trace trace) implements Deed {
    @Override
    public String hint() {
      return "";
    }
  }

  /**
   * Reads a deed.
   *
   * @throws IllegalArgumentException saying what can be done
   */
  static Deed parse(String text) {
    String[] words = text.strip().split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    for (Pace pace : Pace.values()) {
      if (words[0].equals(pace.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return go(pace, rest);
      }
    }
    return switch (words[0]) {
      case "handler" -> new Handler();
      case "start" -> new Start();
      case "end" -> new End();
      case "inject" -> inject(rest);
      case "open" -> new Open(Setup.parse(rest));
      case "trace" -> new Replay(trace(rest));
      case "answer" -> new AnswerExit(answer(rest));
      default ->
          throw new IllegalArgumentException(
              "nothing is done by '"
                  + words[0]
                  + "'"
                  + Alike.choice(
                      words[0],
                      List.of(
                          "exits",
                          "steps",
                          "microsteps",
                          "microsteps-back",
                          "handler",
                          "start",
                          "end",
                          "inject",
                          "open",
                          "trace",
                          "answer")));
    };
  }

  /** A trace that stands beside the lessons. */
  private static Trace trace(String name) {
    if (!name.matches("[a-z0-9-]+\\.trace")) {
      throw new IllegalArgumentException("'" + name + "' is not NAME.trace");
    }
    try {
      return TraceImport.ofText(name, Catalogue.resource("lessons/" + name));
    } catch (TraceException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Words that ask the machine nothing can be checked at once. */
  private static Deed inject(String text) {
    if (text.indexOf('{') < 0) {
      InjectionGrammar.parse(text);
    }
    return new Inject(Template.parse(text));
  }

  private static Deed go(Pace pace, String rest) {
    if (rest.startsWith("until ")) {
      return new Go(pace, Expression.parse(rest.substring("until ".length())), 0);
    }
    try {
      return new Go(pace, null, rest.isEmpty() ? 1 : Integer.parseInt(rest));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected 'until CONDITION' or a number instead of '" + rest + "'", e);
    }
  }

  private static Answer answer(String word) {
    for (Answer answer : Answer.values()) {
      if (answer.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
        return answer;
      }
    }
    throw new IllegalArgumentException(
        "an exit is answered by map-page or kill, not '" + word + "'");
  }
}
