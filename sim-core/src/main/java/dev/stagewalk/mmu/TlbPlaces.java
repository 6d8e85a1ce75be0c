package dev.stagewalk.mmu;

import dev.stagewalk.mem.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a TLB in their places, found by what they cover. It knows nothing of what may be
 * kept or which entry answers.
 */
final class TlbPlaces {
  private static final TlbEntry[] EMPTY = {};

  private final TlbIndex index = new TlbIndex();
  private boolean indexed = true;
  private @Nullable TlbEntry[] entries = EMPTY;
  private int count;
  private boolean shared = true;

  int count() {
    return count;
  }

  TlbEntry at(int place) {
    TlbEntry entry = entries[place];
    if (entry == null) {
      throw new IllegalStateException("entry " + place + " of " + count + " is missing");
    }
    return entry;
  }

  /** Sizes in use of a group, bit n for 2^n bytes, with the index made if there is none. */
  long shifts(int group) {
    if (!indexed) {
      if (index.fits(count)) {
        index.clear();
      } else {
        index.grow(count);
      }
      for (int i = 0; i < count; i++) {
        index.add(i, at(i));
      }
      indexed = true;
    }
    return index.shifts(group);
  }

  /**
   * The first place that may hold an entry of a size that covers an address; −1 if none. {@link
   * #shifts} has been asked since the last change.
   */
  int first(int group, int shift, long address) {
    return index.first(group, shift, address);
  }

  /** The next such place. */
  int after(int place) {
    return index.after(place);
  }

  void add(TlbEntry entry) {
    own();
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(16, count * 2));
    }
    entries[count++] = entry;
    if (indexed && index.fits(count)) {
      index.add(count - 1, entry);
    } else {
      indexed = false;
    }
  }

  void replace(int place, TlbEntry entry) {
    own();
    if (indexed) {
      index.remove(place, at(place));
      index.add(place, entry);
    }
    entries[place] = entry;
  }

  /** Puts one entry for each descriptor in the place of a run of contiguous ones. */
  void split(Predicate<TlbEntry> which) {
    int before = count;
    for (int i = 0; i < before; i++) {
      TlbEntry entry = at(i);
      if (which.test(entry)) {
        List<TlbEntry> singles = entry.singles();
        replace(i, singles.getFirst());
        singles.stream().skip(1).forEach(this::add);
      }
    }
  }

  /**
   * Removes entries; the others keep their order.
   *
   * @return how many
   */
  int remove(Predicate<TlbEntry> covered) {
    int kept = 0;
    while (kept < count && !covered.test(at(kept))) {
      kept++;
    }
    if (kept == count) {
      return 0;
    }
    own();
    for (int i = kept + 1; i < count; i++) {
      TlbEntry entry = at(i);
      if (!covered.test(entry)) {
        entries[kept++] = entry;
      }
    }
    int removed = count - kept;
    Arrays.fill(entries, kept, count, null);
    count = kept;
    indexed = false;
    return removed;
  }

  /** All entries, in the order of their places; later changes do not show. */
  List<TlbEntry> list() {
    TlbEntry[] copy = new TlbEntry[count];
    for (int i = 0; i < count; i++) {
      copy[i] = at(i);
    }
    return List.of(copy);
  }

  /** Hash of all entries, in the order of their places. */
  long hash() {
    long h = count;
    for (int i = 0; i < count; i++) {
      h = Mix.mix(h, at(i).hash());
    }
    return h;
  }

  /** The entries at one moment; opaque, never changed. */
  static final class State {
    private final @Nullable TlbEntry[] entries;
    private final int count;

    private State(@Nullable TlbEntry[] entries, int count) {
      this.entries = entries;
      this.count = count;
    }

    static State of(List<TlbEntry> entries) {
      return new State(entries.toArray(TlbEntry[]::new), entries.size());
    }

    List<TlbEntry> list() {
      TlbEntry[] copy = new TlbEntry[count];
      for (int i = 0; i < count; i++) {
        copy[i] = Objects.requireNonNull(entries[i]);
      }
      return List.of(copy);
    }
  }

  /** The entries, for later; the next change copies them first. */
  State save() {
    shared = true;
    return new State(entries, count);
  }

  void restore(State state) {
    entries = state.entries;
    count = state.count;
    shared = true;
    indexed = false;
  }

  private void own() {
    if (shared) {
      entries = entries.clone();
      shared = false;
    }
  }
}
