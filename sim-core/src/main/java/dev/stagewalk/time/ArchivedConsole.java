package dev.stagewalk.time;

import dev.stagewalk.event.Moment;

/** What was printed in a recorded run, read as far as somebody has come. */
final class ArchivedConsole {
  private final Archive archive;
  private final Line line;
  private long read;

  /**
   * @param line of the recorded run, whose transcripts are filled
   */
  ArchivedConsole(Archive archive, Line line) {
    this.archive = archive;
    this.line = line;
  }

  /** Reads on up to a moment, or to where the recording ends. */
  void readTo(Moment moment) {
    long until = read == archive.events() ? read : archive.countAt(moment);
    if (until > read) {
      archive.printed(read, until, (at, what) -> line.print(at.instruction(), at.micro(), what));
      read = until;
    }
  }

  /** Reads all. */
  void readAll() {
    readTo(archive.end());
  }
}
