package dev.stagewalk.session;

import dev.stagewalk.trace.RecordedRun;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.nio.file.Path;
import java.util.List;

/**
 * A recorded run that can be opened: all its events are there, and a machine that can be taken to
 * any moment of it, and on from there.
 *
 * @param scenario what was run
 * @param run what is known of its first branch
 * @param further its other branches, by number from 2
 * @param lacksBranches whether there were more, of which nothing is whole
 */
public record OpenedRun(
    Scenario scenario, RecordedRun run, List<OpenedBranch> further, boolean lacksBranches) {

  public OpenedRun {
    further = List.copyOf(further);
  }

  /**
   * Opens a recording.
   *
   * @param path its folder, or an archive of it
   * @throws TraceException if it cannot be opened; the message says why, and what to do
   */
  public static OpenedRun open(Path path) throws TraceException {
    Recording recording = Recording.open(path);
    return new OpenedRun(
        RecordedScenario.read(recording),
        new RecordedRun(recording),
        OpenedBranch.of(recording),
        recording.lacksBranches());
  }

  /** How far it goes, and whether something is missing: one or two sentences. */
  public String words() {
    String known =
        "recorded: "
            + run.events()
            + (run.events() == 1 ? " event" : " events")
            + ", up to "
            + run.end()
            + (further.isEmpty()
                ? ""
                : ", and "
                    + further.size()
                    + " more "
                    + (further.size() == 1 ? "branch" : "branches"));
    if (run.finished() && !lacksBranches && further.stream().allMatch(OpenedBranch::finished)) {
      return known;
    }
    long lost = run.recording().lostBytes();
    return known
        + "; it was cut off there, and what came in the last second before, at most 4096 events,"
        + " is missing"
        + (lost == 0 ? "" : " (" + lost + " bytes of it cannot be read)");
  }
}
