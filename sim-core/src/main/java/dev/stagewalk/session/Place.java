package dev.stagewalk.session;

import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Mark;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A moment of a run as people type it, print it and hand it on: {@code 1:18364.2}, {@code 18364},
 * {@code start}, {@code end}, {@code 50%}, {@code event 47} or {@code #47}, {@code exit 21}, {@code
 * branch 2}, and {@code mark 2} or the name of a mark. What names no branch is meant of the branch
 * one is in.
 */
public sealed interface Place {
  /** What may be typed, for an error and for help. */
  String FORMS =
      "a moment such as 1:18364.2, start, end, 50%, event 47, exit 21, branch 2, or the name of a"
          + " mark";

  /** The command that leads there. */
  Command from(Snapshot now);

  /** A moment as itself. */
  record AtMoment(Moment moment) implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.GoTo(moment);
    }
  }

  /** A moment of whichever branch one is in. */
  record InThisBranch(long instruction, long micro) implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.GoTo(new Moment(now.moment().branch(), instruction, micro));
    }
  }

  /** A branch, at the moment where one was in it last. */
  record OfBranch(int number) implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.GoToBranch(number);
    }
  }

  /** Where the run begins. */
  record Start() implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.ToStart();
    }
  }

  /** The furthest moment executed so far. */
  record End() implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.ToPresent();
    }
  }

  /**
   * A share of what was executed so far, by instructions.
   *
   * @param percent 0 to 100
   */
  record Share(double percent) implements Place {
    @Override
    public Command from(Snapshot now) {
      long last =
          now.moment().isBefore(now.end()) ? now.end().instruction() : now.moment().instruction();
      return new Command.GoTo(
          Moment.at(Math.round(last * (percent / 100))).onBranch(now.moment().branch()));
    }
  }

  /** After an event, from 0. */
  record AtEvent(long number) implements Place {
    @Override
    public Command from(Snapshot now) {
      if (number >= now.events().size()) {
        throw new IllegalArgumentException(
            now.events().size() == 0
                ? "there is no event yet"
                : "there is no event "
                    + number
                    + ": so far there are 0 to "
                    + (now.events().size() - 1));
      }
      return new Command.GoTo(now.events().momentOf(number));
    }
  }

  /** An exit to EL2, from 1, before its handler acts. */
  record AtExit(long number) implements Place {
    @Override
    public Command from(Snapshot now) {
      return new Command.GoToExit(number);
    }
  }

  /** To a mark, in the branch one is in if it goes through it. */
  private static Command to(Mark mark, Snapshot now) {
    Moment moment = mark.moment();
    return new Command.GoTo(now.branches().in(now.moment().branch(), moment).orElse(moment));
  }

  /** A mark by its number in order of time, from 1. */
  record NumberedMark(int number) implements Place {
    @Override
    public Command from(Snapshot now) {
      if (number < 1 || number > now.marks().size()) {
        throw new IllegalArgumentException(
            "there is no mark " + number + ": there are " + now.marks().size());
      }
      return to(now.marks().get(number - 1), now);
    }
  }

  /** A mark by what was written to it. */
  record NamedMark(String note) implements Place {
    @Override
    public Command from(Snapshot now) {
      return now.marks().stream()
          .filter(mark -> mark.note().equalsIgnoreCase(note))
          .findFirst()
          .map(mark -> to(mark, now))
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "'" + note + "' is no moment and no mark: write " + FORMS + marks(now)));
    }

    private static String marks(Snapshot now) {
      List<String> notes =
          now.marks().stream().map(mark -> mark.note()).filter(note -> !note.isEmpty()).toList();
      return notes.isEmpty() ? "" : notes.stream().collect(Collectors.joining(", ", " (", ")"));
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with the forms that there are
   */
  static Place parse(String text) {
    String typed = text.strip();
    String lower = typed.toLowerCase(Locale.ROOT);
    if (typed.isEmpty()) {
      throw new IllegalArgumentException("write " + FORMS);
    }
    if (lower.equals("start")) {
      return new Start();
    }
    if (lower.equals("end")) {
      return new End();
    }
    Matcher counted = Forms.COUNTED.matcher(lower);
    if (counted.matches()) {
      long number = number(typed, counted.group(2));
      return switch (counted.group(1)) {
        case "exit" -> new AtExit(atLeastOne(number));
        case "mark" -> new NumberedMark((int) Math.min(number, Integer.MAX_VALUE));
        case "branch" -> new OfBranch((int) Math.min(number, Integer.MAX_VALUE));
        default -> new AtEvent(number);
      };
    }
    Matcher share = Forms.SHARE.matcher(typed);
    if (share.matches()) {
      double percent = Double.parseDouble(share.group(1));
      if (percent > 100) {
        throw new IllegalArgumentException("'" + typed + "' is more than all of the run");
      }
      return new Share(percent);
    }
    if (!Character.isDigit(typed.charAt(0))) {
      return new NamedMark(typed);
    }
    Moment moment = Moment.parse(typed);
    return typed.contains(":")
        ? new AtMoment(moment)
        : new InThisBranch(moment.instruction(), moment.micro());
  }

  private static long number(String typed, String digits) {
    try {
      return Long.parseLong(digits.replaceAll("[_ \u00a0]", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the number in '" + typed + "' is too large", e);
    }
  }

  private static long atLeastOne(long number) {
    if (number < 1) {
      throw new IllegalArgumentException("exits are counted from 1");
    }
    return number;
  }

  /** Compiled once. */
  final class Forms {
    private static final Pattern COUNTED =
        Pattern.compile("(event|exit|mark|branch|#)\\s*(\\d[\\d_ \u00a0]*)");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)\\s*%");

    private Forms() {}
  }
}
