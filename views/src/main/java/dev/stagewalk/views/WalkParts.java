package dev.stagewalk.views;

import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;

/**
 * A translation taken apart: the lookups of stage 1, and the walks of stage 2 that it took, one for
 * the address of each of them and one for the output.
 *
 * @param stage1 lookups of stage 1; empty where it is off
 * @param walks walks of stage 2 in the order they were made; empty where it is off
 */
record WalkParts(List<Lookup> stage1, List<Walk> walks) {

  WalkParts {
    stage1 = List.copyOf(stage1);
    walks = List.copyOf(walks);
  }

  /**
   * One walk of stage 2.
   *
   * @param of place in {@link #stage1} of the lookup whose address it translates; for the output
   *     the number of those lookups
   * @param ipa what it translates
   * @param before descriptor reads of the translation before its first
   */
  record Walk(int of, long ipa, List<Lookup> lookups, int before) {
    /** How many of its lookups are among the first reads of the translation. */
    int done(int reads) {
      return Math.clamp((long) reads - before, 0, lookups.size());
    }

    /** Whether it ended in a leaf. */
    boolean found() {
      return !lookups.isEmpty() && isLeaf(lookups.getLast());
    }
  }

  static WalkParts of(Translation translation) {
    List<Lookup> stage1 = new ArrayList<>();
    List<Lookup> last = new ArrayList<>();
    List<Walk> walks = new ArrayList<>();
    int reads = 0;
    for (Lookup lookup : translation.lookups()) {
      if (lookup.stage() == 2) {
        last.add(lookup);
        continue;
      }
      if (!lookup.nested().isEmpty() || lookup.verdict() == Verdict.UNREACHED) {
        walks.add(new Walk(stage1.size(), address(lookup), lookup.nested(), reads));
      }
      stage1.add(lookup);
      reads += lookup.steps();
    }
    if (!last.isEmpty() || isOutputRefused(translation)) {
      walks.add(new Walk(stage1.size(), output(translation), last, reads));
    }
    return new WalkParts(stage1, walks);
  }

  /** Where stage 1 looks: an IPA if stage 2 is on. */
  static long address(Lookup lookup) {
    return lookup.table() + 8L * lookup.index();
  }

  static boolean isLeaf(Lookup lookup) {
    return lookup.verdict() == Verdict.BLOCK || lookup.verdict() == Verdict.PAGE;
  }

  private static boolean isOutputRefused(Translation translation) {
    return translation.outcome() instanceof Translation.Fault fault
        && fault.stage() == 2
        && !fault.onStage1Walk();
  }

  private static long output(Translation translation) {
    StageOutput first = translation.stages() == null ? null : translation.stages().stage1();
    if (first != null) {
      return first.address();
    }
    return translation.input();
  }

  /** How many lookups of stage 1 are among the first reads. */
  int stage1Done(int reads) {
    int done = 0;
    int sum = 0;
    for (Lookup lookup : stage1) {
      sum += lookup.steps();
      if (lookup.verdict() == Verdict.UNREACHED || sum > reads) {
        break;
      }
      done++;
    }
    return done;
  }

  /** The walk of stage 2 that a reader should see after so many reads; −1 if there is none. */
  int current(int reads) {
    int shown = walks.isEmpty() ? -1 : 0;
    for (int i = 0; i < walks.size(); i++) {
      if (walks.get(i).before() <= reads) {
        shown = i;
      }
    }
    return shown;
  }
}
