package dev.stagewalk.app;

/** Which panes are open and how large: named ways to use the window. */
enum Arrangement {
  /** The walk large, the card, the explanation; what is not needed yet is folded. */
  TEACH("Teach"),
  /** All panes. */
  DEBUG("Debug"),
  /** The log and its timeline large, and what is said about its events. */
  REPLAY("Replay");

  private final String words;

  Arrangement(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
