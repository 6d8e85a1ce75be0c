package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.ask.Expression;
import dev.stagewalk.ask.Filled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one step. */
final class StepReader {
  private static final Template EMPTY = Template.parse("");
  private static final List<String> KEYS =
      List.of(
          "step",
          "first",
          "keep",
          "text",
          "figure",
          "show",
          "ask",
          "choice",
          "when",
          "shows",
          "says",
          "number",
          "wrong",
          "otherwise",
          "right",
          "then",
          "see",
          "claim");

  private final List<KeyedLine> lines;
  private final KeyedLine head;
  private final List<Deed> first = new ArrayList<>();
  private final Map<String, Expression> keeps = new LinkedHashMap<>();
  private final List<Template> figure = new ArrayList<>();
  private final List<Light> show = new ArrayList<>();
  private final List<Light> showAfter = new ArrayList<>();
  private final List<Deed> then = new ArrayList<>();
  private final List<Step.Claim> claims = new ArrayList<>();
  private final List<Draft> drafts = new ArrayList<>();
  private Template text = EMPTY;
  private Template see = EMPTY;
  private boolean seen;
  private @Nullable KeyedLine ask;
  private @Nullable Filled number;
  private Template otherwise = EMPTY;
  private Template right = EMPTY;

  /** A choice, or a wrong number, as far as it has been read. */
  private static final class Draft {
    private final KeyedLine line;
    private @Nullable Expression when;
    private String misconception = "";
    private @Nullable Template says;

    Draft(KeyedLine line) {
      this.line = line;
    }

    boolean isChoice() {
      return line.key().equals("choice");
    }

    Question.Choice choice() {
      if (when == null || says == null) {
        throw line.refuse("a choice needs 'when: condition' and 'says: feedback' below it");
      }
      return new Question.Choice(
          line.line(), LessonFile.parsed(line, Template::parse), when, misconception, says);
    }

    Question.Wrong wrong() {
      if (says == null) {
        throw line.refuse("a wrong number needs 'says: feedback' below it");
      }
      return new Question.Wrong(
          line.line(), LessonFile.parsed(line, Expression::parse), misconception, says);
    }
  }

  /**
   * @param lines from {@code step} to the line before the next
   */
  StepReader(List<KeyedLine> lines) {
    this.lines = lines;
    this.head = lines.getFirst();
  }

  Step read() {
    lines.forEach(this::line);
    if (text.isEmpty()) {
      throw head.refuse("the step has no line 'text: …'");
    }
    return new Step(
        head.line(),
        head.value(),
        first,
        keeps,
        text,
        figure,
        show,
        question(),
        then,
        see,
        showAfter,
        claims);
  }

  private void line(KeyedLine line) {
    switch (line.key()) {
      case "step" -> {
        if (line.value().isEmpty()) {
          throw line.refuse("a step has a title");
        }
      }
      case "first" -> first.add(LessonFile.parsed(line, Deed::parse));
      case "keep" -> keep(line);
      case "text" -> text = once(line, text);
      case "figure" -> figure.add(template(line));
      case "show" -> (seen ? showAfter : show).add(LessonFile.parsed(line, Light::parse));
      case "ask" -> {
        if (ask != null) {
          throw line.refuse("a step asks one question");
        }
        ask = line;
      }
      case "choice", "wrong" -> drafts.add(new Draft(line));
      case "when" -> draft(line, true).when = LessonFile.parsed(line, Expression::parse);
      case "shows" ->
          draft(line, false).misconception = LessonFile.misconception(line, line.value());
      case "says" -> draft(line, false).says = template(line);
      case "number" -> number = LessonFile.parsed(line, Filled::parse);
      case "otherwise" -> otherwise = once(line, otherwise);
      case "right" -> right = once(line, right);
      case "then" -> then.add(LessonFile.parsed(line, Deed::parse));
      case "see" -> {
        see = once(line, see);
        seen = true;
      }
      case "claim" ->
          claims.add(
              new Step.Claim(
                  line.line(), line.value(), LessonFile.parsed(line, Expression::parse)));
      default ->
          throw line.refuse(
              "unknown key '" + line.key() + "'" + Alike.choice(line.key(), new TreeSet<>(KEYS)));
    }
  }

  private static Template template(KeyedLine line) {
    return LessonFile.parsed(line, Template::parse);
  }

  private static Template once(KeyedLine line, Template before) {
    if (!before.isEmpty()) {
      throw line.refuse("'" + line.key() + "' stands in this step a second time");
    }
    return template(line);
  }

  private Draft draft(KeyedLine line, boolean ofChoice) {
    if (drafts.isEmpty() || (ofChoice && !drafts.getLast().isChoice())) {
      throw line.refuse(
          "'"
              + line.key()
              + "' stands below a 'choice'"
              + (ofChoice ? "" : " or a 'wrong' number"));
    }
    return drafts.getLast();
  }

  private void keep(KeyedLine line) {
    int equals = line.value().indexOf('=');
    if (equals < 1 || !line.value().substring(0, equals).strip().matches("\\w+")) {
      throw line.refuse("expected 'keep: name = expression'");
    }
    String name = line.value().substring(0, equals).strip();
    keeps.put(
        name, LessonFile.parsed(line, value -> Expression.parse(value.substring(equals + 1))));
  }

  private Optional<Question> question() {
    KeyedLine asked = ask;
    if (asked == null) {
      if (!drafts.isEmpty() || number != null) {
        throw head.refuse("the step has answers and no line 'ask: …'");
      }
      return Optional.empty();
    }
    Template prompt = template(asked);
    Filled answer = number;
    if (answer == null) {
      if (drafts.size() < 2 || !drafts.stream().allMatch(Draft::isChoice)) {
        throw asked.refuse("a question has a 'number', or at least two choices and no 'wrong'");
      }
      return Optional.of(
          new Question.Choose(prompt, right, drafts.stream().map(Draft::choice).toList()));
    }
    if (drafts.stream().anyMatch(Draft::isChoice) || otherwise.isEmpty()) {
      throw asked.refuse("a question for a number has 'otherwise: feedback' and no choices");
    }
    return Optional.of(
        new Question.Estimate(
            prompt, right, answer, drafts.stream().map(Draft::wrong).toList(), otherwise));
  }
}
