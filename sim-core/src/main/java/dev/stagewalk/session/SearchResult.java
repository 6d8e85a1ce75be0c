package dev.stagewalk.session;

import dev.stagewalk.time.Sighting;
import java.util.Optional;

/**
 * What came of a search in a run.
 *
 * @param text what was asked, in its usual form
 * @param words the answer, a sentence
 * @param sighting what was found; empty if there is nothing
 * @param complete whether all was looked through, and it was not interrupted
 */
public record SearchResult(
    String text, String words, Optional<Sighting> sighting, boolean complete) {}
