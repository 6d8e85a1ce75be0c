package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A kind of vector that the engine cannot replay yet: recognised and counted, so that the total
 * says what was not compared.
 *
 * @param format the end of the header's {@code format}
 * @param why what the engine lacks
 */
record UnreachedVectors(String format, String why) implements VectorKind {

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-" + format);
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return (where, line) -> {
      if (!line.has("format")) {
        tally.skip("not simulated yet: " + why, 1);
      }
    };
  }
}
