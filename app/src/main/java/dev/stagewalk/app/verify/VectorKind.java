package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;

/** A form of vector file. */
interface VectorKind {

  /** Whether a file that begins with this line is of this kind. */
  boolean recognises(JsonNode firstLine);

  /** Begins a file; the first line is handed to the replayer as well. */
  VectorReplayer open(Tally tally);
}
