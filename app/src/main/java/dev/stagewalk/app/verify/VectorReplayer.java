package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;

/** Replays the lines of one vector file, in order. */
@FunctionalInterface
interface VectorReplayer {

  /**
   * Replays one line and tallies what it holds. May throw anything: the line then counts as failed.
   *
   * @param where file and line, for the report
   */
  void line(String where, JsonNode line);
}
