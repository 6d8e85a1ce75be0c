package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Mix;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The translation lookaside buffers of all PEs, as the architecture lets one see them: what a walk
 * left stays until maintenance that covers it, whatever happens to the tables.
 *
 * <p>Nothing is removed because memory changed. What a walk may leave is decided by {@link
 * TlbFill}. Two entries may cover one address; a lookup then answers with the older, or the access
 * ends in {@link #conflict}, as {@link Policy} has it.
 */
public final class Tlb {

  /** How much a TLB keeps. */
  public enum Mode {
    /**
     * A bounded number of translations a PE; when it is full a random one makes room. Maintenance
     * takes effect at once. Walks begin at the root: nothing is kept of their parts.
     */
    REALISTIC,
    /** Nothing: every access walks. */
    OFF,
    /**
     * All that it may keep, parts of walks too, preferring stale over fresh, then more permission
     * over less. Nothing takes effect before the barrier that makes it certain.
     */
    ADVERSARIAL
  }

  /** Entries a PE in {@link Mode#REALISTIC} where nothing else is asked for. */
  public static final int USUAL_CAPACITY = 64;

  /** Entries of all PEs in {@link Mode#ADVERSARIAL}. */
  static final int MOST = 1 << 16;

  private final int capacity;
  private final TablePages tables = new TablePages();
  private final PendingWork pending = new PendingWork();
  private final TlbPlaces places = new TlbPlaces();
  private final @Nullable Policy chosen;
  private Mode mode;
  private long random;
  private long filled;
  private long generation;

  /** What the latest change of {@link #generation} has removed, if it changed nothing else. */
  private @Nullable TlbEntry evicted;

  private long evictedAt;

  /**
   * @param capacity entries a PE in {@link Mode#REALISTIC}, at least 1
   * @param seed decides which entries make room
   */
  public Tlb(Mode mode, int capacity, long seed) {
    this(mode, capacity, seed, null);
  }

  /** A TLB as planned. */
  public Tlb(TlbPlan plan) {
    this(plan.mode(), plan.capacity(), plan.seed(), plan.policy());
  }

  /**
   * As above, on a machine with other choices than the usual ones, or the worst ones before an
   * adversarial TLB.
   */
  public Tlb(Mode mode, int capacity, long seed, @Nullable Policy policy) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a TLB of " + capacity + " entries");
    }
    this.mode = mode;
    this.capacity = capacity;
    this.random = seed;
    this.chosen = policy;
  }

  /** What the machine does where the architecture leaves the choice. */
  public Policy policy() {
    return chosen == null ? Policy.of(mode) : chosen;
  }

  /**
   * The entry that answers for an access to an IPA; null if a walk must be made. An entry that
   * would have to mark its descriptor dirty first does not answer a write.
   */
  public @Nullable TlbEntry lookup(int pe, int vmid, long ipa, Access access) {
    TlbEntry best = null;
    for (long left = places.shifts(1); left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      for (int i = places.first(1, shift, ipa); i >= 0; i = places.after(i)) {
        TlbEntry entry = places.at(i);
        if (entry.matches(pe, vmid, ipa) && (best == null || preferred(entry, best))) {
          best = entry;
        }
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
    TlbEntry best = ofVa(0, pe, first, vmid, va);
    return best != null && best.dirtyOnWrite() && writes(access) ? null : best;
  }

  /** The preferred entry of a group for a VA; of walk caches that of the deepest level. */
  private @Nullable TlbEntry ofVa(int group, int pe, Stage1Parameters first, int vmid, long va) {
    TlbEntry best = null;
    for (long left = places.shifts(group); left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      for (int i = places.first(group, shift, va); i >= 0; i = places.after(i)) {
        TlbEntry entry = places.at(i);
        if (entry.covers(pe, first.regime(), vmid, first.asid(), va)
            && (best == null || preferred(entry, best))) {
          best = entry;
        }
      }
      if (best != null && group >= 3) {
        return best;
      }
    }
    return best;
  }

  /**
   * The TLB conflict abort that an access to an IPA may end in which an entry answers for; null if
   * no entry of another size answers too.
   *
   * <p>Source: Arm ARM, "TLB conflict aborts".
   */
  public Translation.@Nullable Fault conflict(TlbEntry hit, long ipa, Access access) {
    return conflict(hit, ipa, access, entry -> entry.matches(hit.pe(), hit.vmid(), ipa));
  }

  /** As above for an access to a VA. */
  public Translation.@Nullable Fault conflict(
      TlbEntry hit, Stage1Parameters first, long va, Access access) {
    return conflict(
        hit,
        va,
        access,
        entry -> entry.covers(hit.pe(), first.regime(), hit.vmid(), first.asid(), va));
  }

  /** Of several the oldest, so that the places of entries decide nothing. */
  private Translation.@Nullable Fault conflict(
      TlbEntry hit, long address, Access access, Predicate<TlbEntry> answers) {
    int group = hit.group();
    TlbEntry other = null;
    for (long left = places.shifts(group) & ~(1L << hit.shift()); left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      for (int i = places.first(group, shift, address); i >= 0; i = places.after(i)) {
        TlbEntry entry = places.at(i);
        if (answers.test(entry)
            && !entry.isOfSameRun(hit)
            && (other == null || entry.number() < other.number())) {
          other = entry;
        }
      }
    }
    return other == null ? null : hit.conflict(other, address, access);
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
  public void insert(int pe, Stage2Parameters parameters, Translation walk, List<TlbEntry> used) {
    switch (mode) {
      case OFF -> {}
      case REALISTIC -> insert(TlbFill.stage2(filled, pe, parameters, walk, false));
      case ADVERSARIAL ->
          new PartialWalks(age(used), pe, null, parameters, walk, used)
              .entries()
              .forEach(this::insert);
    }
    bound();
  }

  /**
   * Keeps what a translation of a VA found, likewise.
   *
   * @param used the entries that the walk began with, see {@link LiveTables#used}
   */
  public void insert(
      int pe,
      Stage1Parameters first,
      Stage2Parameters second,
      Translation walk,
      List<TlbEntry> used) {
    switch (mode) {
      case OFF -> {}
      case REALISTIC -> insert(TlbFill.ofVa(filled, pe, first, second, walk, false, List.of()));
      case ADVERSARIAL -> {
        long number = age(used);
        PartialWalks parts = new PartialWalks(number, pe, first, second, walk, used);
        parts.entries().forEach(this::insert);
        insert(TlbFill.ofVa(number, pe, first, second, walk, true, parts.sources()));
      }
    }
    bound();
  }

  /**
   * The number of what a walk leaves. What it made of entries that a pending TLBI removes is as old
   * as they are, because once that is complete nothing of them may be left.
   */
  private long age(List<TlbEntry> used) {
    long number = filled;
    for (TlbEntry entry : used) {
      if (entry.number() < number && pending.willRemove(entry, policy())) {
        number = entry.number();
      }
    }
    return number;
  }

  /** An adversarial TLB keeps all it can hold; beyond that the older half makes room. */
  private void bound() {
    if (places.count() > MOST) {
      int[] left = {places.count() / 2};
      invalidate(_ -> left[0]-- > 0);
    }
  }

  private void insert(@Nullable TlbEntry entry) {
    if (entry == null) {
      return;
    }
    filled++;
    Meeting meeting = meeting(entry);
    if (meeting.same >= 0) {
      TlbEntry old = places.at(meeting.same);
      if (mode != Mode.ADVERSARIAL || old.dirtyOnWrite()) {
        replace(meeting.same, entry);
      }
      return;
    }
    boolean full = mode == Mode.REALISTIC && places.count() >= capacity;
    int others = full ? ofPe(entry.pe()) : 0;
    if (full && others >= capacity) {
      int place = victim(entry.pe(), others);
      TlbEntry old = places.at(place);
      replace(place, entry);
      evicted = meeting.overlap ? null : old;
      evictedAt = generation;
      return;
    }
    places.add(entry);
    if (meeting.overlap) {
      generation++;
    }
  }

  /**
   * Whom a new entry meets.
   *
   * @param same the place of one for the same addresses; −1 if there is none
   */
  private record Meeting(int same, boolean overlap) {
    static final Meeting NOBODY = new Meeting(-1, false);
  }

  private Meeting meeting(TlbEntry entry) {
    int group = entry.group();
    long sizes = places.shifts(group);
    if ((sizes & (1L << entry.shift()) - 1) != 0) {
      return meetingAll(entry);
    }
    int same = -1;
    boolean overlap = false;
    for (long left = sizes; left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      for (int i = places.first(group, shift, entry.input()); i >= 0; i = places.after(i)) {
        if (places.at(i).overlaps(entry)) {
          overlap = true;
          if (places.at(i).shift() == entry.shift()) {
            same = Math.max(same, i);
          }
        }
      }
    }
    return overlap ? new Meeting(same, true) : Meeting.NOBODY;
  }

  /** There are smaller ones, which may stand anywhere in it. */
  private Meeting meetingAll(TlbEntry entry) {
    int same = -1;
    boolean overlap = false;
    for (int i = 0; i < places.count(); i++) {
      TlbEntry old = places.at(i);
      if (old.overlaps(entry)) {
        overlap = true;
        if (old.shift() == entry.shift()) {
          same = i;
        }
      }
    }
    return overlap ? new Meeting(same, true) : Meeting.NOBODY;
  }

  private void replace(int place, TlbEntry entry) {
    places.replace(place, entry);
    generation++;
  }

  private int ofPe(int pe) {
    int number = 0;
    for (int i = 0; i < places.count(); i++) {
      number += places.at(i).pe() == pe ? 1 : 0;
    }
    return number;
  }

  private int victim(int pe, int candidates) {
    random += 0x9e37_79b9_7f4a_7c15L;
    int chosen = (int) Long.remainderUnsigned(Mix.mix(random, 0), candidates);
    int i = 0;
    for (; ; i++) {
      if (places.at(i).pe() == pe && chosen-- == 0) {
        return i;
      }
    }
  }

  /** The leaf of stage 2 for an IPA, or the deepest table, that a walk may begin with. */
  @Nullable TlbEntry heldOfIpa(
      int pe, int vmid, long ipa, int level, Granule granule, Access access) {
    TlbEntry leaf = lookup(pe, vmid, ipa, access);
    if (leaf != null && leaf.granule() == granule && leaf.level() >= level) {
      return leaf;
    }
    TlbEntry best = null;
    for (long left = places.shifts(4); left != 0 && best == null; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      for (int i = places.first(4, shift, ipa); i >= 0; i = places.after(i)) {
        TlbEntry entry = places.at(i);
        if (entry.covers(pe, vmid, ipa)
            && entry.granule() == granule
            && entry.level() >= level
            && (best == null || preferred(entry, best))) {
          best = entry;
        }
      }
    }
    return best;
  }

  /** The leaf of stage 1 under stage 2 for a VA, or the deepest table, likewise. */
  @Nullable TlbEntry heldOfVa(
      int pe,
      Stage1Parameters first,
      int vmid,
      long va,
      int level,
      Granule granule,
      Access access) {
    TlbEntry leaf = ofVa(2, pe, first, vmid, va);
    if (leaf != null
        && leaf.granule() == granule
        && leaf.level() >= level
        && !(leaf.dirtyOnWrite() && writes(access))) {
      return leaf;
    }
    TlbEntry table = ofVa(3, pe, first, vmid, va);
    return table != null && table.granule() == granule && table.level() >= level ? table : null;
  }

  /**
   * A PE executes a TLBI.
   *
   * @return entries removed now; what an adversarial TLB keeps goes at {@link #barrier}
   */
  public int invalidate(int pe, TlbiScope scope) {
    PendingWork.Tlbi oldest = pending.executed(pe, scope, filled);
    if (mode != Mode.ADVERSARIAL) {
      return invalidate(entry -> policy().removes(scope, pe, entry));
    }
    return oldest == null ? 0 : complete(List.of(oldest));
  }

  /**
   * A PE executes a barrier: what it completes is certain from now on.
   *
   * @return entries removed now
   */
  public int barrier(int pe, Barrier barrier) {
    List<PendingWork.Tlbi> done = pending.completed(pe, barrier);
    if (barrier.kind() == Barrier.Kind.ISB) {
      pending.contextSynchronised(pe);
    }
    return done.isEmpty() || mode != Mode.ADVERSARIAL ? 0 : complete(done);
  }

  /** Removes what TLBIs name, and of a run of contiguous descriptors no others. */
  private int complete(List<PendingWork.Tlbi> done) {
    for (PendingWork.Tlbi tlbi : done) {
      places.split(
          entry -> Invalidation.cuts(tlbi.scope(), entry) && tlbi.removes(entry, policy()));
    }
    return invalidate(entry -> done.stream().anyMatch(tlbi -> tlbi.removes(entry, policy())));
  }

  /** What PEs have done that translation need not know of yet. */
  public PendingWork pending() {
    return pending;
  }

  /**
   * Removes entries at once.
   *
   * @return entries removed
   */
  public int invalidate(Predicate<TlbEntry> covered) {
    int removed = places.remove(covered);
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

  /** Another mode from now on, with nothing cached and nothing pending. */
  public void mode(Mode newMode) {
    mode = newMode;
    invalidate(_ -> true);
    pending.clear();
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

  /** Makes whoever keeps answers of {@link #lookup} ask again; no answer changes. */
  public void askAgain() {
    generation++;
  }

  /**
   * What made room for another, if that alone was the latest change of {@link #generation}: answers
   * for other addresses are as before. Null if more has changed.
   */
  public @Nullable TlbEntry evictedLast() {
    return evictedAt == generation ? evicted : null;
  }

  /** What is cached now, oldest place first; later changes do not show. */
  public List<TlbEntry> entries() {
    return places.list();
  }

  /**
   * All state, for later. Entries and pages are shared with it until they change and are copied
   * then; what is pending is copied now.
   */
  public State save() {
    return new State(places.save(), mode, random, filled, tables.save(), pending.save());
  }

  /** Goes back to a saved state. */
  public void restore(State state) {
    places.restore(state.places);
    mode = state.mode;
    random = state.random;
    filled = state.filled;
    tables.restore(state.tables);
    pending.restore(state.pending);
    generation++;
  }

  /** Hash of all state that decides later answers. */
  public long hash() {
    long h = Mix.mix(random, mode.ordinal());
    h = Mix.mix(h ^ filled, places.hash());
    h = Mix.mix(h, tables.hash());
    return Mix.mix(h, pending.hash());
  }

  /** What {@link #save} keeps: immutable. */
  public static final class State {
    private final TlbPlaces.State places;
    private final Mode mode;
    private final long random;
    private final long filled;
    private final TablePages.State tables;
    private final PendingWork.State pending;

    private State(
        TlbPlaces.State places,
        Mode mode,
        long random,
        long filled,
        TablePages.State tables,
        PendingWork.State pending) {
      this.places = places;
      this.mode = mode;
      this.random = random;
      this.filled = filled;
      this.tables = tables;
      this.pending = pending;
    }

    /** The state that says this. */
    public static State of(TlbContent content) {
      return new State(
          TlbPlaces.State.of(content.entries()),
          content.mode(),
          content.random(),
          content.filled(),
          TablePages.State.of(content.tables()),
          new PendingWork.State(content.stores(), content.tlbis()));
    }

    /** What this state says, to be kept elsewhere. */
    public TlbContent content() {
      return new TlbContent(
          mode, random, filled, places.list(), tables.list(), pending.stores(), pending.tlbis());
    }
  }
}
