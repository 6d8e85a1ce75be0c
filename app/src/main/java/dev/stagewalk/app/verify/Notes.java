package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The flags and notes of a vector, and the rule which of them take it out of the comparison: any
 * flag, and any note but those that only relax what is compared.
 */
final class Notes {
  private final List<String> flags = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param flagged what carries flags
   * @param noted what carries notes; may be the same
   */
  Notes(JsonNode flagged, JsonNode noted) {
    flagged.path("flags").forEach(flag -> flags.add(flag.asText()));
    noted.path("notes").forEach(note -> notes.add(note.asText()));
  }

  boolean has(String note) {
    return notes.contains(note);
  }

  /**
   * Why this is not compared; null if it is.
   *
   * @param relaxing notes that only say what not to compare
   */
  @Nullable String skipReason(Set<String> relaxing) {
    if (!flags.isEmpty()) {
      return "flag " + flags.getFirst();
    }
    for (String note : notes) {
      if (!note.startsWith("info_") && !relaxing.contains(note)) {
        return "note " + note;
      }
    }
    return null;
  }
}
