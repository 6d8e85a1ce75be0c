package dev.stagewalk.check;

/** How much a finding matters, the worst first. */
public enum Severity {
  /** The architecture is violated, or a guest reaches what it must not. */
  ERROR("error"),
  /** Legal, or not certain, but hardly what was meant. */
  WARNING("warning"),
  /** Worth knowing; often meant. */
  INFO("info");

  private final String word;

  Severity(String word) {
    this.word = word;
  }

  /** {@code error}, {@code warning} or {@code info}. */
  public String word() {
    return word;
  }
}
