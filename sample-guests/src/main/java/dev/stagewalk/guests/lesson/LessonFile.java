package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.ask.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The text form of lessons and cases: {@code key: value}, a value going on in indented lines. See
 * {@code docs/lesson-format.md} of this module for every key.
 */
final class LessonFile {
  private static final Pattern MISCONCEPTION = Pattern.compile("M([1-9]|1[0-7])");
  private static final Set<String> HEAD = Set.of("title", "treats", "machine", "intro");
  private static final Set<String> CASE_HEAD =
      Set.of("seen", "finding", "explain", "twin", "twin-do");

  private final String file;
  private final List<KeyedLine> lines;
  private final Map<String, KeyedLine> head = new HashMap<>();
  private final List<KeyedLine> findings = new ArrayList<>();
  private final List<KeyedLine> explained = new ArrayList<>();
  private final List<KeyedLine> twinDeeds = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  private LessonFile(String file, String text, boolean isCase) {
    this.file = file;
    lines = KeyedLine.parse(file, text);
    int at = 0;
    while (at < lines.size() && !lines.get(at).key().equals("step")) {
      head(lines.get(at), isCase);
      at++;
    }
    while (at < lines.size()) {
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).key().equals("step")) {
        end++;
      }
      steps.add(new StepReader(lines.subList(at, end)).read());
      at = end;
    }
    if (steps.isEmpty()) {
      throw new ContentException(file, 0, "no line 'step: …'");
    }
    checkKept();
  }

  /**
   * Reads a lesson.
   *
   * @param name as it is typed
   * @param file for errors
   * @throws ContentException naming file, line, cause and what was expected
   */
  static Lesson lesson(String name, String file, String text) {
    return new LessonFile(file, text, false).lesson(name);
  }

  /**
   * Reads a case of the bug zoo.
   *
   * @throws ContentException likewise
   */
  static ZooCase zooCase(String name, String file, String text) {
    LessonFile read = new LessonFile(file, text, true);
    KeyedLine twin = read.require("twin");
    return new ZooCase(
        read.lesson(name),
        read.require("seen").value(),
        read.findings.stream().map(KeyedLine::value).toList(),
        read.explained.stream().map(LessonFile::explained).toList(),
        parsed(twin, Setup::parse),
        read.twinDeeds.stream().map(line -> parsed(line, Deed::parse)).toList());
  }

  private Lesson lesson(String name) {
    KeyedLine machine = require("machine");
    KeyedLine treats = head.get("treats");
    return new Lesson(
        name,
        file,
        require("title").value(),
        require("intro").value(),
        treats == null ? List.of() : misconceptions(treats),
        parsed(machine, Setup::parse),
        steps);
  }

  private void head(KeyedLine line, boolean isCase) {
    switch (line.key()) {
      case "finding" -> findings.add(line);
      case "explain" -> explained.add(line);
      case "twin-do" -> twinDeeds.add(line);
      default -> {
        if (head.put(line.key(), line) != null) {
          throw line.refuse("'" + line.key() + "' stands here a second time");
        }
      }
    }
    if (!HEAD.contains(line.key()) && !(isCase && CASE_HEAD.contains(line.key()))) {
      Set<String> known = new TreeSet<>(HEAD);
      known.add("step");
      if (isCase) {
        known.addAll(CASE_HEAD);
      }
      throw line.refuse("unknown key '" + line.key() + "'" + Alike.choice(line.key(), known));
    }
  }

  private KeyedLine require(String key) {
    KeyedLine line = head.get(key);
    if (line == null) {
      throw new ContentException(file, 0, "no line '" + key + ": …' before the first step");
    }
    return line;
  }

  private static List<String> misconceptions(KeyedLine line) {
    List<String> all = List.of(line.value().split("[,\\s]+"));
    for (String id : all) {
      misconception(line, id);
    }
    return all;
  }

  /** Refuses what is no misconception. */
  static String misconception(KeyedLine line, String id) {
    if (!MISCONCEPTION.matcher(id).matches()) {
      throw line.refuse("'" + id + "' is no misconception: they are M1 to M17");
    }
    return id;
  }

  private static ZooCase.Explained explained(KeyedLine line) {
    int colon = line.value().indexOf(':');
    String event = colon < 0 ? line.value() : line.value().substring(0, colon).strip();
    if (colon < 0 || !Facts.SELECTABLE.contains(event)) {
      throw line.refuse(
          "expected 'EVENT: words', the newest event being " + String.join(", ", Facts.SELECTABLE));
    }
    return new ZooCase.Explained(event, line.value().substring(colon + 1).strip());
  }

  /** Refuses a step that asks for what no step before it has kept. */
  private void checkKept() {
    Set<String> kept = new TreeSet<>();
    for (KeyedLine line : lines) {
      for (String name : keptIn(line.value())) {
        if (!kept.contains(name)) {
          throw line.refuse("no step before has kept '" + name + "'" + Alike.choice(name, kept));
        }
      }
      if (line.key().equals("keep")) {
        kept.add(line.value().split("=", 2)[0].strip());
      }
    }
  }

  private static List<String> keptIn(String text) {
    return Pattern.compile("\\bkept\\.(\\w+)")
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  /** What a value says, its place added to what is wrong with it. */
  static <T> T parsed(KeyedLine line, Function<String, T> reader) {
    try {
      return reader.apply(line.value());
    } catch (ContentException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw line.refuse(e);
    }
  }
}
