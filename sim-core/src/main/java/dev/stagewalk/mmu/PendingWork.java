package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mem.Mix;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PEs have done that translation need not know of yet: stores that a walk need not see, and
 * TLBIs that need not have taken effect.
 *
 * <p>A store is certain for the walks of its own PE after a DSB there, for those of the other PEs
 * after one that reaches them; where it makes an invalid entry valid, for its own PE only after a
 * context synchronisation event as well. A TLBI is complete after a DSB for reads and writes of its
 * domain. Until then either answer is legal.
 *
 * <p>No more than {@link #MOST} of either are pending: what is older has become certain by itself,
 * as it may at any time.
 *
 * <p>Source: Arm ARM, "Ordering and completion of TLB maintenance instructions"; "Ordering of
 * memory accesses from observers for the translation table walk"; "Context synchronization event".
 */
public final class PendingWork {
  /** Stores, and TLBIs, that may be pending at once. */
  static final int MOST = 4096;

  private static final long VALID = 1;

  /** Stores by the word they went to, of each the oldest first. */
  private final Map<Long, List<Store>> words = new LinkedHashMap<>();

  private int storeCount;
  private final List<Tlbi> tlbis = new ArrayList<>();

  /** How far a store has come. */
  public enum Reach {
    /** No DSB yet. */
    NOBODY,
    /** The walks of its own PE see it after context synchronisation, other PEs' need not. */
    OWN_PE_ONCE_SYNCHRONISED,
    /** The walks of its own PE see it, other PEs' need not. */
    OWN_PE,
    /** All walks see it, but those of its own PE only after context synchronisation. */
    OTHER_PES
  }

  /**
   * A store.
   *
   * @param pe who stored
   * @param pa address of the 8 bytes
   * @param old what was there before
   * @param now what it stored
   */
  public record Store(int pe, long pa, long old, long now, Reach reach) {
    private Store with(Reach newReach) {
      return new Store(pe, pa, old, now, newReach);
    }

    boolean hiddenFrom(int walker) {
      return switch (reach) {
        case NOBODY, OWN_PE_ONCE_SYNCHRONISED -> true;
        case OWN_PE -> walker != pe;
        case OTHER_PES -> walker == pe;
      };
    }
  }

  /**
   * A TLBI.
   *
   * @param pe who executed it
   * @param filled entries the TLB had been given by then: later ones need not go
   * @param doubtful the stores that were not certain then: what rests on the old value of one may
   *     have been read anew after the TLBI
   */
  public record Tlbi(int pe, TlbiScope scope, long filled, List<Store> doubtful) {
    /** Whether an entry has to go once this is complete. */
    boolean removes(TlbEntry entry, Policy policy) {
      return entry.number() < filled && policy.removes(scope, pe, entry) && !rests(entry);
    }

    private boolean rests(TlbEntry entry) {
      for (Store store : doubtful) {
        if (store.hiddenFrom(entry.pe()) && entry.sources().contains(store.pa())) {
          return true;
        }
      }
      return false;
    }
  }

  PendingWork() {}

  /**
   * A PE has stored to memory that holds descriptors, or may.
   *
   * @param pa of 8 bytes, a multiple of 8
   */
  public void stored(int pe, long pa, long old, long now) {
    List<Store> word = words.get(pa);
    if (word != null) {
      Store last = word.getLast();
      if (last.pe == pe && last.reach == Reach.NOBODY) {
        word.set(word.size() - 1, new Store(pe, pa, last.old, now, Reach.NOBODY));
        return;
      }
    }
    if (storeCount >= MOST) {
      forgetFirst();
    }
    words
        .computeIfAbsent(pa, _ -> new ArrayList<>())
        .add(new Store(pe, pa, old, now, Reach.NOBODY));
    storeCount++;
  }

  private void forgetFirst() {
    Iterator<List<Store>> first = words.values().iterator();
    if (isEmptyWithout(first.next(), 1)) {
      first.remove();
    }
  }

  /** Removes the first stores to a word, which all walks see; whether none are left. */
  private boolean isEmptyWithout(List<Store> word, int certain) {
    word.subList(0, certain).clear();
    storeCount -= certain;
    return word.isEmpty();
  }

  /**
   * A PE has executed a TLBI that is not complete yet.
   *
   * @param filled entries the TLB has been given
   * @return an older one that is complete now; null if there are not too many
   */
  @Nullable Tlbi executed(int pe, TlbiScope scope, long filled) {
    Tlbi oldest = tlbis.size() >= MOST ? tlbis.removeFirst() : null;
    // Where the last store to a word is certain for a walk, all before it are overtaken.
    List<Store> doubtful =
        words.values().stream().map(List::getLast).filter(s -> s.reach != Reach.OTHER_PES).toList();
    tlbis.add(new Tlbi(pe, scope, filled, doubtful));
    return oldest;
  }

  /** Whether an entry goes once the TLBIs executed by now are complete. */
  boolean willRemove(TlbEntry entry, Policy policy) {
    for (Tlbi tlbi : tlbis) {
      if (tlbi.removes(entry, policy)) {
        return true;
      }
    }
    return false;
  }

  /** Completes what a barrier of a PE completes; returns the TLBIs among it. */
  List<Tlbi> completed(int pe, Barrier barrier) {
    if (barrier.completesStores() && !words.isEmpty()) {
      complete(pe, !barrier.domain().covers(Domain.INNER_SHAREABLE));
    }
    if (tlbis.isEmpty()) {
      return List.of();
    }
    List<Tlbi> done = tlbis.stream().filter(t -> t.pe == pe && barrier.completes(t.scope)).toList();
    tlbis.removeAll(done);
    return done;
  }

  private void complete(int pe, boolean forOwnPeOnly) {
    words.values().removeIf(word -> isEmptyWithout(word, completeIn(word, pe, forOwnPeOnly)));
  }

  /** Returns how many stores to the word all walks now see. */
  private static int completeIn(List<Store> word, int pe, boolean forOwnPeOnly) {
    int seen = certainFor(pe, word);
    boolean wasInvalid = seen < word.size() && (word.get(seen).old & VALID) == 0;
    int certain = 0;
    for (int i = 0; i < word.size(); i++) {
      Store store = word.get(i);
      if (store.pe != pe || store.reach == Reach.OTHER_PES) {
        continue;
      }
      boolean waits = i >= seen && wasInvalid && (store.now & VALID) != 0;
      if (forOwnPeOnly) {
        word.set(i, store.with(waits ? Reach.OWN_PE_ONCE_SYNCHRONISED : Reach.OWN_PE));
      } else if (waits) {
        word.set(i, store.with(Reach.OTHER_PES));
      } else {
        certain = i + 1;
      }
    }
    return certain;
  }

  /**
   * How many of the stores to a word a walk sees at least: it reads what the last of them stored.
   */
  private static int certainFor(int walker, List<Store> word) {
    int certain = word.size();
    while (certain > 0 && word.get(certain - 1).hiddenFrom(walker)) {
      certain--;
    }
    return certain;
  }

  /** A context synchronisation event of a PE: ISB, exception entry, exception return. */
  public void contextSynchronised(int pe) {
    if (!words.isEmpty()) {
      words.values().removeIf(word -> isEmptyWithout(word, synchroniseIn(word, pe)));
    }
  }

  private static int synchroniseIn(List<Store> word, int pe) {
    int certain = 0;
    for (int i = 0; i < word.size(); i++) {
      Store store = word.get(i);
      if (store.pe == pe && store.reach == Reach.OTHER_PES) {
        certain = i + 1;
      } else if (store.pe == pe && store.reach == Reach.OWN_PE_ONCE_SYNCHRONISED) {
        word.set(i, store.with(Reach.OWN_PE));
      }
    }
    return certain;
  }

  /**
   * What a walk of a PE may read that prefers the old.
   *
   * @param now what memory holds
   */
  long oldest(int pe, long pa, long now) {
    List<Store> word = words.isEmpty() ? null : words.get(pa);
    if (word == null) {
      return now;
    }
    int certain = certainFor(pe, word);
    return certain == word.size() ? now : word.get(certain).old;
  }

  /** Stores that are not certain for all walks, those to one word together, oldest first. */
  public List<Store> stores() {
    return words.values().stream().flatMap(List::stream).toList();
  }

  /** TLBIs that no DSB has completed, oldest first. */
  public List<Tlbi> tlbis() {
    return List.copyOf(tlbis);
  }

  /** Forgets everything: it is certain and complete. */
  void clear() {
    words.clear();
    storeCount = 0;
    tlbis.clear();
  }

  /** The pending work at one moment; immutable. */
  record State(List<Store> stores, List<Tlbi> tlbis) {
    static final State NOTHING = new State(List.of(), List.of());
  }

  /** Hash of all that is pending, in its order. */
  long hash() {
    long h = Mix.mix(storeCount, tlbis.size());
    for (List<Store> word : words.values()) {
      for (Store store : word) {
        h = hash(h, store);
      }
    }
    for (Tlbi tlbi : tlbis) {
      h = hash(Mix.mix(h ^ tlbi.filled, tlbi.pe), tlbi.scope);
      h = Mix.mix(h, tlbi.doubtful.size());
      for (Store store : tlbi.doubtful) {
        h = hash(h, store);
      }
    }
    return h;
  }

  private static long hash(long before, Store store) {
    long h = Mix.mix(before ^ store.pa, (long) store.pe << 2 | store.reach.ordinal());
    return Mix.mix(h ^ store.old, store.now);
  }

  private static long hash(long before, TlbiScope scope) {
    Granule granule = scope.granule();
    int flags =
        (scope.vas() ? 1 : 0)
            | (scope.ipas() ? 1 << 1 : 0)
            | (scope.globalToo() ? 1 << 2 : 0)
            | (scope.lastLevelOnly() ? 1 << 3 : 0)
            | (scope.nothing() ? 1 << 4 : 0)
            | (scope.nxs() ? 1 << 5 : 0)
            | (granule == null ? 0 : granule.ordinal() + 1) << 6;
    long h = Mix.mix(before ^ scope.operand(), scope.operation().hashCode());
    h = Mix.mix(h, (long) scope.domain().ordinal() << 8 | scope.regime().ordinal());
    h = Mix.mix(h, (long) scope.vmid() << 32 | (scope.asid() & 0xffff_ffffL));
    h = Mix.mix(h ^ scope.first(), scope.bytes());
    return Mix.mix(h, (long) scope.hint() << 16 | flags);
  }

  /** What is pending, for later: copied, if there is anything. */
  State save() {
    return words.isEmpty() && tlbis.isEmpty() ? State.NOTHING : new State(stores(), tlbis());
  }

  void restore(State state) {
    clear();
    for (Store store : state.stores) {
      words.computeIfAbsent(store.pa, _ -> new ArrayList<>()).add(store);
      storeCount++;
    }
    tlbis.addAll(state.tlbis);
  }
}
