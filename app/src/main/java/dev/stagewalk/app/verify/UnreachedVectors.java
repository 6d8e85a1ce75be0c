package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A kind of vector that the engine cannot replay yet: recognised and counted, so that the total
 * says what was not compared.
 *
 * @param format the end of the header's {@code format}
 * @param unit what they are counted in
 * @param parts the array whose elements are counted; null if each line is one
 */
record UnreachedVectors(String format, String unit, @Nullable String parts) implements VectorKind {

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-" + format);
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return (where, line) -> {
      if (!line.has("format")) {
        tally.skip(
            format + " vectors: no replayer for these " + unit + " in this version",
            parts == null ? 1 : line.path(parts).size());
      }
    };
  }
}
