package dev.stagewalk.mmu;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The translation lookaside buffers of all PEs, as the architecture lets one see them: what a walk
 * left stays until maintenance that covers it, whatever happens to the tables.
 *
 * <p>Nothing is removed because memory changed. What a walk may leave is decided by {@link
 * TlbEntry}. Two entries may cover one address; a lookup then answers with one of them, and {@link
 * #conflicting} with the other.
 */
public final class Tlb {

  /** How much a TLB keeps. */
  public enum Mode {
    /** A bounded number of entries a PE; when it is full a random one makes room. */
    REALISTIC,
    /** Nothing: every access walks. */
    OFF,
    /** All that it may keep, preferring stale over fresh, then more permission over less. */
    ADVERSARIAL
  }

  /** Entries a PE in {@link Mode#REALISTIC} where nothing else is asked for. */
  public static final int USUAL_CAPACITY = 64;

  private static final TlbEntry[] EMPTY = {};

  private final int capacity;
  private final TablePages tables = new TablePages();
  private Mode mode;
  private @Nullable TlbEntry[] entries = EMPTY;
  private int count;
  private boolean shared = true;
  private long random;
  private long filled;
  private long generation;

  /**
   * @param capacity entries a PE in {@link Mode#REALISTIC}, at least 1
   * @param seed decides which entries make room
   */
  public Tlb(Mode mode, int capacity, long seed) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a TLB of " + capacity + " entries");
    }
    this.mode = mode;
    this.capacity = capacity;
    this.random = seed;
  }

  /**
   * The entry that answers for an access to an IPA; null if a walk must be made. An entry that
   * would have to mark its descriptor dirty first does not answer a write.
   */
  public @Nullable TlbEntry lookup(int pe, int vmid, long ipa, Access access) {
    TlbEntry best = null;
    for (int i = 0; i < count; i++) {
      TlbEntry entry = entries[i];
      if (entry != null
          && entry.matches(pe, vmid, ipa)
          && (best == null || preferred(entry, best))) {
        best = entry;
      }
    }
    return best != null && best.dirtyOnWrite() && writes(access) ? null : best;
  }

  /**
   * The entry that answers for an access to a VA, likewise.
   *
   * @param va without its tag, see {@link Stage1Parameters#untagged}
   */
  public @Nullable TlbEntry lookup(
      int pe, Stage1Parameters first, int vmid, long va, Access access) {
    TlbEntry best = null;
    for (int i = 0; i < count; i++) {
      TlbEntry entry = entries[i];
      if (entry != null
          && entry.matches(pe, first.regime(), vmid, first.asid(), va)
          && (best == null || preferred(entry, best))) {
        best = entry;
      }
    }
    return best != null && best.dirtyOnWrite() && writes(access) ? null : best;
  }

  /** Another entry that covers an address and says something else; null if there is none. */
  public @Nullable TlbEntry conflicting(TlbEntry hit, long address) {
    for (int i = 0; i < count; i++) {
      TlbEntry entry = entries[i];
      if (entry != null
          && entry != hit
          && (entry.input() ^ address) >>> entry.shift() == 0
          && entry.overlaps(hit)
          && entry.contradicts(hit)) {
        return entry;
      }
    }
    return null;
  }

  private static boolean writes(Access access) {
    return access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC;
  }

  /** Older first: the stale answer. Entries of one walk never meet, so the number decides. */
  private static boolean preferred(TlbEntry entry, TlbEntry other) {
    return entry.number() != other.number()
        ? entry.number() < other.number()
        : entry.rights() > other.rights();
  }

  /**
   * Keeps what a walk found, if it may be kept and the mode keeps anything.
   *
   * @param pe the PE that walked
   */
  public void insert(int pe, Stage2Parameters parameters, Translation walk) {
    if (mode != Mode.OFF) {
      insert(TlbEntry.of(filled, pe, parameters, walk));
    }
  }

  /** Keeps what a translation of a VA found, likewise. */
  public void insert(int pe, Stage1Parameters first, Stage2Parameters second, Translation walk) {
    if (mode != Mode.OFF) {
      insert(TlbEntry.of(filled, pe, first, second, walk));
    }
  }

  private void insert(@Nullable TlbEntry entry) {
    if (entry == null) {
      return;
    }
    int pe = entry.pe();
    filled++;
    int same = -1;
    int others = 0;
    boolean overlap = false;
    for (int i = 0; i < count; i++) {
      TlbEntry old = entry(i);
      if (old.pe() == pe) {
        others++;
      }
      if (old.overlaps(entry)) {
        overlap = true;
        if (old.shift() == entry.shift()) {
          same = i;
        }
      }
    }
    own();
    if (same >= 0) {
      entries[same] = entry;
      generation++;
      return;
    }
    if (mode == Mode.REALISTIC && others >= capacity) {
      entries[victim(pe, others)] = entry;
      generation++;
      return;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(16, count * 2));
    }
    entries[count++] = entry;
    if (overlap) {
      generation++;
    }
  }

  private int victim(int pe, int candidates) {
    random += 0x9e37_79b9_7f4a_7c15L;
    int chosen = (int) Long.remainderUnsigned(Mix.mix(random, 0), candidates);
    int i = 0;
    for (; ; i++) {
      if (entry(i).pe() == pe && chosen-- == 0) {
        return i;
      }
    }
  }

  /**
   * TLBI VMALLS12E1IS: everything of EL1&amp;0 with a VMID, on all PEs.
   *
   * @return entries removed
   */
  public int invalidateVmid(int vmid) {
    return invalidate(entry -> entry.vmid() == vmid);
  }

  /**
   * Removes what a maintenance operation covers.
   *
   * @return entries removed
   */
  public int invalidate(Predicate<TlbEntry> covered) {
    int kept = 0;
    own();
    for (int i = 0; i < count; i++) {
      TlbEntry entry = entry(i);
      if (!covered.test(entry)) {
        entries[kept++] = entry;
      }
    }
    int removed = count - kept;
    Arrays.fill(entries, kept, count, null);
    count = kept;
    if (removed > 0) {
      generation++;
    }
    return removed;
  }

  public Mode mode() {
    return mode;
  }

  /** A walk reads a descriptor: what is stored to its page from now on is a store to a table. */
  public void walkReads(long pa) {
    if (tables.read(pa)) {
      generation++;
    }
  }

  /** The pages that walks have read. */
  public TablePages tables() {
    return tables;
  }

  /** Another mode from now on, with nothing cached. */
  public void mode(Mode newMode) {
    mode = newMode;
    invalidate(entry -> true);
    generation++;
  }

  /**
   * Changes whenever an answer of {@link #lookup} may have become another one, so that whoever
   * keeps answers knows when to drop them: at each removal, replacement and overlap, and at {@link
   * #restore}. An entry where none was changes no answer. Likewise whenever {@link #tables} gains a
   * page, so that whoever writes past this class knows. Never takes an earlier value again.
   */
  public long generation() {
    return generation;
  }

  /** What is cached now, oldest place first; later changes do not show. */
  public List<TlbEntry> entries() {
    TlbEntry[] copy = new TlbEntry[count];
    for (int i = 0; i < count; i++) {
      copy[i] = entry(i);
    }
    return List.of(copy);
  }

  /** All state, for later; costs nothing until the next change. */
  public State save() {
    shared = true;
    return new State(entries, count, mode, random, filled, tables.save());
  }

  /** Goes back to a saved state. */
  public void restore(State state) {
    entries = state.entries;
    count = state.count;
    mode = state.mode;
    random = state.random;
    filled = state.filled;
    tables.restore(state.tables);
    shared = true;
    generation++;
  }

  /** Hash of all state that decides later answers. */
  public long hash() {
    long h = Mix.mix(random, mode.ordinal());
    h = Mix.mix(h ^ filled, count);
    for (int i = 0; i < count; i++) {
      h = Mix.mix(h, entry(i).hash());
    }
    return Mix.mix(h, tables.save().hash());
  }

  /** What {@link #save} keeps: opaque, immutable. */
  public static final class State {
    private final @Nullable TlbEntry[] entries;
    private final int count;
    private final Mode mode;
    private final long random;
    private final long filled;
    private final TablePages.State tables;

    private State(
        @Nullable TlbEntry[] entries,
        int count,
        Mode mode,
        long random,
        long filled,
        TablePages.State tables) {
      this.entries = entries;
      this.count = count;
      this.mode = mode;
      this.random = random;
      this.filled = filled;
      this.tables = tables;
    }
  }

  /** A saved state may hold the array: copy it before the first change. */
  private void own() {
    if (shared) {
      entries = entries.clone();
      shared = false;
    }
  }

  private TlbEntry entry(int i) {
    TlbEntry entry = entries[i];
    if (entry == null) {
      throw new IllegalStateException("entry " + i + " of " + count + " is missing");
    }
    return entry;
  }
}
