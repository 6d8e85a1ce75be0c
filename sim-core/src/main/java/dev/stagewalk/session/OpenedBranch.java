package dev.stagewalk.session;

import dev.stagewalk.event.Moment;
import dev.stagewalk.trace.EventReader;
import dev.stagewalk.trace.JsonRecord;
import dev.stagewalk.trace.RecordedRun;
import dev.stagewalk.trace.Recording;
import dev.stagewalk.trace.TraceException;
import java.util.ArrayList;
import java.util.List;

/**
 * A further branch of a recorded run: what it takes to execute it again.
 *
 * @param number from 2
 * @param parent number of the branch that it leaves
 * @param parting where it leaves it, as a moment of the parent
 * @param before events before that moment
 * @param words its first edit; or "without" and the edit that it goes without
 * @param inputs behind the parting, with moments of this branch
 * @param end the furthest moment that is known, of this branch
 * @param finished whether its recording was ended, and not cut off
 */
record OpenedBranch(
    int number,
    int parent,
    Moment parting,
    long before,
    String words,
    List<RecordedRun.Given> inputs,
    Moment end,
    boolean finished) {
  private static final String WITHOUT = "without ";

  OpenedBranch {
    inputs = List.copyOf(inputs);
  }

  /** The edit that it goes without; empty if it begins with one. */
  String without() {
    return words.startsWith(WITHOUT) ? words.substring(WITHOUT.length()) : "";
  }

  /**
   * All further branches of a recording.
   *
   * @throws TraceException if one is damaged; the message says where
   */
  static List<OpenedBranch> of(Recording recording) throws TraceException {
    List<OpenedBranch> found = new ArrayList<>();
    for (Recording branch : recording.branches()) {
      found.add(read(branch, found.size() + 2));
    }
    return found;
  }

  private static OpenedBranch read(Recording recording, int number) throws TraceException {
    List<JsonRecord> first = new ArrayList<>();
    List<RecordedRun.Given> inputs = new ArrayList<>();
    List<Moment> last = new ArrayList<>();
    List<Boolean> ended = new ArrayList<>();
    try {
      recording.read(line -> {
        if (EventReader.isEvent(line)) {
          keepLater(last, EventReader.moment(line));
          return true;
        }
        JsonRecord control = JsonRecord.parse(line);
        if (first.isEmpty()) {
          first.add(control);
          return true;
        }
        if (control.has("end")) {
          ended.add(true);
          keepLater(last, Moment.parse(control.text("end")));
        } else if (control.has("moment")) {
          keepLater(last, Moment.parse(control.text("moment")));
        }
        for (String kind : List.of("input", "answer")) {
          if (control.has(kind)) {
            inputs.add(
                new RecordedRun.Given(
                    kind, control.text(kind), Moment.parse(control.text("moment"))));
          }
        }
        return true;
      });
      JsonRecord branch = first.getFirst();
      Moment parting = Moment.parse(branch.text("moment"));
      int parent = (int) branch.number("parent");
      if (branch.number("branch") != number
          || parent < 1
          || parent >= number
          || parting.branch() != parent) {
        throw new IllegalArgumentException("its first line does not fit the branches before it");
      }
      return new OpenedBranch(
          number,
          parent,
          parting,
          branch.number("events"),
          branch.text("words"),
          inputs,
          last.isEmpty() ? parting.onBranch(number) : last.getFirst(),
          !ended.isEmpty());
    } catch (IllegalArgumentException e) {
      throw new TraceException(
          "branch " + number + " of '" + recording.path() + "' is damaged: " + e.getMessage(), e);
    }
  }

  private static void keepLater(List<Moment> last, Moment moment) {
    if (last.isEmpty()) {
      last.add(moment);
    } else if (last.getFirst().isBefore(moment)) {
      last.set(0, moment);
    }
  }
}
