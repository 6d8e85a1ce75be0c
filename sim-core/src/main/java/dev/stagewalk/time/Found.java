package dev.stagewalk.time;

import java.util.Optional;

/**
 * What came of a search in a run.
 *
 * @param sighting empty if there is none
 * @param complete whether it was not interrupted
 */
public record Found(Optional<Sighting> sighting, boolean complete) {

  /** The same with its moment named in a branch. */
  Found onBranch(int branch) {
    return new Found(sighting.map(s -> s.onBranch(branch)), complete);
  }
}
