package dev.stagewalk.guests.lesson;

import dev.stagewalk.guests.Catalogue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The lessons and the cases of the bug zoo that come with the program, in their order. */
public final class Course {
  private static final String LESSONS = "lessons/";
  private static final String ZOO = "zoo/";

  private final List<Lesson> lessons;
  private final List<ZooCase> cases;

  private Course(List<Lesson> lessons, List<ZooCase> cases) {
    this.lessons = lessons;
    this.cases = cases;
  }

  /** Reads them from the program's own resources. */
  public static Course standard() {
    return new Course(
        names(LESSONS + "lessons.txt").map(Course::lesson).toList(),
        names(ZOO + "zoo.txt").map(Course::zooCase).toList());
  }

  private static java.util.stream.Stream<String> names(String list) {
    return Catalogue.resource(list)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"));
  }

  private static Lesson lesson(String name) {
    String file = name + ".lesson";
    return LessonFile.lesson(name, file, Catalogue.resource(LESSONS + file));
  }

  private static ZooCase zooCase(String name) {
    String file = name + ".case";
    return LessonFile.zooCase(name, file, Catalogue.resource(ZOO + file));
  }

  /**
   * Reads a lesson that somebody has written.
   *
   * @throws ContentException naming file, line, cause and what was expected
   */
  public static Lesson read(String file, String text) {
    int end = file.lastIndexOf('.');
    int slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
    String name = file.substring(slash + 1, end > slash ? end : file.length());
    return LessonFile.lesson(name, file, text);
  }

  public List<Lesson> lessons() {
    return lessons;
  }

  public List<ZooCase> cases() {
    return cases;
  }

  /** A lesson by its name, or a case of the zoo as one; upper or lower case. */
  public Optional<Lesson> find(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return java.util.stream.Stream.concat(lessons.stream(), cases.stream().map(ZooCase::story))
        .filter(lesson -> lesson.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst();
  }

  /** Names of all lessons, then of all cases. */
  public List<String> names() {
    return java.util.stream.Stream.concat(lessons.stream(), cases.stream().map(ZooCase::story))
        .map(Lesson::name)
        .toList();
  }
}
