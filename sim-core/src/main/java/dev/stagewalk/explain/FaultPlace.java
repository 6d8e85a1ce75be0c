package dev.stagewalk.explain;

import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where in a walk a fault arose.
 *
 * @param path the lookups of the stage and the walk that refused, in order; empty where the input
 *     was refused before any
 */
record FaultPlace(List<Lookup> path) {
  FaultPlace {
    path = List.copyOf(path);
  }

  static FaultPlace of(Translation walk, Translation.Fault fault) {
    if (fault.stage() == 2) {
      return new FaultPlace(
          walk.lastStage2().map(Translation::lookups).map(List::copyOf).orElse(List.of()));
    }
    return new FaultPlace(walk.lookups().stream().filter(l -> l.stage() == 1).toList());
  }

  /** The lookup that refused. */
  Optional<Lookup> lookup() {
    return path.isEmpty() ? Optional.empty() : Optional.of(path.getLast());
  }

  /** The entry that named its table; empty at the root. */
  Optional<Lookup> above() {
    return path.size() < 2 ? Optional.empty() : Optional.of(path.get(path.size() - 2));
  }

  /** Everywhere that a walk has read, nested lookups included. */
  static Set<Long> addressesOf(Translation walk) {
    Set<Long> addresses = new HashSet<>();
    List<Lookup> all = new ArrayList<>(walk.lookups());
    walk.lookups().forEach(lookup -> all.addAll(lookup.nested()));
    all.forEach(lookup -> addresses.add(lookup.descriptorAddress()));
    return addresses;
  }
}
