package dev.stagewalk.app.tables;

import dev.stagewalk.check.Findings;
import java.util.List;

/**
 * What was checked, and what was found.
 *
 * @param subject the file or sample
 * @param notes where all this comes from
 * @param tables tables looked at; −1 for a run, in which they are looked at many times
 * @param complete whether everything could be looked at: all tables, or the run to its end
 */
record Checked(
    String subject, List<String> notes, Findings findings, long tables, boolean complete) {
  Checked {
    notes = List.copyOf(notes);
  }
}
