package dev.stagewalk.ask;

/** An expression that cannot be read, with the place. */
public final class Misread extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int column;
  private final String problem;

  /**
   * @param column from 1
   * @param problem what is wrong there
   */
  Misread(String text, int column, String problem) {
    super(problem + " in '" + text.strip() + "', column " + column);
    this.column = column;
    this.problem = problem;
  }

  /** Where, from 1. */
  public int column() {
    return column;
  }

  /** What is wrong there, without the place. */
  public String problem() {
    return problem;
  }
}
