package dev.stagewalk.views;

/** Whose tables the panes show that can show those of either stage. */
enum TableChoice {
  STAGE_2("Stage 2", "IPA", "PA"),
  TTBR0("TTBR0_EL1", "VA", "IPA"),
  TTBR1("TTBR1_EL1", "VA", "IPA");

  private final String words;
  private final String input;
  private final String output;

  TableChoice(String words, String input, String output) {
    this.words = words;
    this.input = input;
    this.output = output;
  }

  /** "Stage 2", "TTBR0_EL1". */
  String words() {
    return words;
  }

  /** What the tables translate: "IPA", "VA". */
  String input() {
    return input;
  }

  /** What they translate to. */
  String output() {
    return output;
  }
}
