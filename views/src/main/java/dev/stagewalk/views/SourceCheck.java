package dev.stagewalk.views;

import dev.stagewalk.session.Scenario;
import java.util.List;

/** Assembles a changed source without running it. */
@FunctionalInterface
public interface SourceCheck {

  /** All that keeps a text from being assembled, in order of lines; empty if nothing does. */
  List<Problem> problems(Scenario scenario, String text);

  /**
   * @param line from 1
   * @param column from 1
   * @param words for people, with line and column
   */
  record Problem(int line, int column, String words) {}
}
