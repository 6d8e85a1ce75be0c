package dev.stagewalk.app.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.guests.lesson.Answers;
import dev.stagewalk.guests.lesson.ContentException;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk lesson NAME}. */
@Command(
    name = "lesson",
    mixinStandardHelpOptions = true,
    description = {
      "Goes through a lesson on the simulated machine. At a terminal it asks and answers;"
          + " otherwise",
      "it prints the cards. With --answers it grades a file of answers, without a screen.",
      "Exit code: 0 if all answers given were right or none was asked for, 1 if not, 2 for wrong",
      "usage."
    },
    footerHeading =
        "%nA file of answers has a line for each step that asks:%n%n"
            + "  # lines like this say nothing%n"
            + "  1: 2%n"
            + "  2: 0x4020_0000%n"
            + "  4: b%n"
            + "%nExamples:%n",
    footer = {
      "  stagewalk lesson --list",
      "  stagewalk lesson L7",
      "  stagewalk lesson L7 --template > ada.txt",
      "  stagewalk lesson L7 --answers ada.txt --json",
      "  stagewalk lesson my-own.lesson"
    })
public final class LessonCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME|FILE.lesson",
      description = "a lesson or case by its name, or the file of one's own lesson")
  private @Nullable String name;

  @Option(names = "--list", description = "list the lessons and the cases of the bug zoo")
  private boolean list;

  @Option(names = "--answers", paramLabel = "FILE", description = "grade these answers")
  private @Nullable Path answers;

  @Option(names = "--template", description = "print an empty file of answers")
  private boolean template;

  @Option(names = "--ask", description = "ask on standard input, also where it is no terminal")
  private boolean ask;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    int code;
    try {
      code = list || name == null ? list(out) : lesson(out, find(Objects.requireNonNull(name)));
    } catch (ContentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    out.flush();
    return code;
  }

  private int list(PrintWriter out) throws IOException {
    if (!list) {
      throw wrong("which lesson? --list names them all");
    }
    Course course = Course.standard();
    if (json) {
      LessonJson.list(out, course);
    } else {
      LessonText.list(out, course);
    }
    return 0;
  }

  private int lesson(PrintWriter out, Lesson lesson) throws IOException {
    if (answers != null) {
      return grade(out, lesson, answers);
    }
    if (!template && !json && (ask || isTerminal())) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      return Interview.of(lesson, in, out) ? 0 : 1;
    }
    Report report = Report.of(lesson, Answers.NONE);
    if (template) {
      out.print(Answers.template(lesson, report.steps().stream().map(Report.Done::card).toList()));
    } else if (json) {
      LessonJson.cards(out, report);
    } else {
      LessonText.cards(out, report);
    }
    return 0;
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private int grade(PrintWriter out, Lesson lesson, Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw wrong(file + ": there is no such file; --template prints an empty one");
    } catch (IOException e) {
      throw wrong(file + ": cannot be read as text (" + e.getMessage() + ")");
    }
    Report report = Report.of(lesson, Answers.parse(file.toString(), text, lesson));
    if (json) {
      LessonJson.grades(out, report);
    } else {
      LessonText.grades(out, report);
    }
    return report.allRight() ? 0 : 1;
  }

  private Lesson find(String wanted) {
    if (wanted.endsWith(".lesson")) {
      try {
        return Course.read(wanted, Files.readString(Path.of(wanted)));
      } catch (IOException e) {
        throw wrong(wanted + ": cannot be read");
      }
    }
    Course course = Course.standard();
    return course
        .find(wanted)
        .orElseThrow(() ->
            wrong("there is no lesson '" + wanted + "'" + Alike.choice(wanted, course.names())));
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
  }
}
