package dev.stagewalk.views;

/**
 * A walk of stage 2 within a translation of a VA, folded into one line.
 *
 * @param walk its place in {@link WalkParts#walks()}
 * @param name what it translates: "L0 table", "output"
 * @param level level of the stage-1 lookup whose address it translates; {@link #OUTPUT} for the
 *     output
 * @param words from which IPA to which PA: "0x4040_0000 → 0x4800_9000"
 * @param reads "4 reads", "2 of 4 reads"
 * @param state how far it has come
 * @param open whether its tables are shown
 */
record WalkChip(
    int walk, String name, int level, String words, String reads, State state, boolean open) {

  /** Instead of a level: the output of stage 1. */
  static final int OUTPUT = 4;

  /** How far a walk of stage 2 has come. */
  enum State {
    DONE,
    GOING_ON,
    AHEAD,
    REFUSED
  }

  /** As a line of text. */
  String text() {
    String ipa = state == State.AHEAD ? "" : "IPA ";
    return name + ": " + ipa + words + (reads.isEmpty() ? "" : " (" + reads + ")");
  }
}
