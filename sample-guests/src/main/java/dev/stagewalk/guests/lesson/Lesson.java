package dev.stagewalk.guests.lesson;

import dev.stagewalk.session.Scenario;
import java.util.List;

/** A lesson: a machine and cards to be gone through beside it. */
public final class Lesson {
  private final String name;
  private final String file;
  private final String title;
  private final String intro;
  private final List<String> treats;
  private final Setup setup;
  private final List<Step> steps;

  Lesson(
      String name,
      String file,
      String title,
      String intro,
      List<String> treats,
      Setup setup,
      List<Step> steps) {
    this.name = name;
    this.file = file;
    this.title = title;
    this.intro = intro;
    this.treats = List.copyOf(treats);
    this.setup = setup;
    this.steps = List.copyOf(steps);
  }

  /** As it is typed: {@code L2}. */
  public String name() {
    return name;
  }

  /** The file it was read from, for errors. */
  String file() {
    return file;
  }

  /** "A TLB miss is not a fault". */
  public String title() {
    return title;
  }

  /** One or two sentences for a list. */
  public String intro() {
    return intro;
  }

  /** The misconceptions it treats, M1 to M17. */
  public List<String> treats() {
    return treats;
  }

  /** The machine it begins with. */
  public Scenario scenario() {
    return setup.scenario();
  }

  /** How many cards it has. */
  public int size() {
    return steps.size();
  }

  List<Step> steps() {
    return steps;
  }

  /** Numbers, from 1, of the cards that ask for a prediction. */
  public List<Integer> questions() {
    return java.util.stream.IntStream.rangeClosed(1, steps.size())
        .filter(n -> steps.get(n - 1).question().isPresent())
        .boxed()
        .toList();
  }
}
