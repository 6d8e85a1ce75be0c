package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The translation tables that one value of VTTBR_EL2 or a TTBR reaches, and what TLBs may hold of
 * them.
 *
 * <p>A TLB may hold what a PE could have walked: the tables of its present regime, while that is in
 * context. At EL2 the tables of EL1&amp;0 are not, so what a hypervisor stores between two entries
 * of its guest is held by nobody until the next one. Source: Arm ARM, "Translation Lookaside
 * Buffers".
 */
final class Tree {

  /** What tells trees apart. */
  record Id(int stage, Regime regime, long root, int vmid, long control, boolean upper) {}

  private record Cleared(TlbiScope tlbi, int issuer) {}

  private final Id id;
  private final BbmSupport bbm;
  private final @Nullable Stage2Parameters second;
  private final @Nullable Stage1Parameters first;
  private final @Nullable Stage1Range range;
  private final @Nullable Stage2Parameters below;
  private final Map<Integer, EntryFormat> formats = new HashMap<>();

  /** PEs that have it in context now. */
  private final Set<Integer> inContext = new HashSet<>();

  /** PEs whose registers name it now. */
  private final Set<Integer> named = new HashSet<>();

  /** Whoever walked it, or may have, since everything was last invalidated there. */
  private final Set<Holder> holders = new LinkedHashSet<>();

  private final Map<Holder, Cleared> cleared = new HashMap<>();

  /** Descriptors stored since a PE last had it in context: their values have not been walked. */
  private final Set<Long> fresh = new HashSet<>();

  /** Values that are held, more than any software leaves outstanding. */
  private static final int MOST_HELD = 1 << 14;

  /** By first input address. */
  private final NavigableMap<Long, List<Held>> held = new TreeMap<>();

  /** Descriptors whose break was completed, until something is made of them. */
  private final Set<Long> broken = new HashSet<>();

  private int heldCount;
  private boolean combined;
  private int asid = -1;
  private int tables;

  private Tree(
      Id id,
      BbmSupport bbm,
      @Nullable Stage2Parameters second,
      @Nullable Stage1Parameters first,
      @Nullable Stage1Range range,
      @Nullable Stage2Parameters below) {
    this.id = id;
    this.bbm = bbm;
    this.second = second;
    this.first = first;
    this.range = range;
    this.below = below;
  }

  static Id idOf(Stage2Parameters second) {
    return new Id(2, Regime.EL1_0, second.rootBase(), second.vmid(), second.vtcr(), false);
  }

  static Id idOf(Stage1Parameters first, Stage1Range range, int vmid) {
    return new Id(
        1, first.regime(), range.rootBase(), vmid, first.registers().tcr(), range.upper());
  }

  static Tree of(Stage2Parameters second, BbmSupport bbm) {
    return new Tree(idOf(second), bbm, second, null, null, null);
  }

  /**
   * @param below stage 2 under it; null where there is none
   */
  static Tree of(
      Stage1Parameters first,
      Stage1Range range,
      int vmid,
      @Nullable Stage2Parameters below,
      BbmSupport bbm) {
    return new Tree(idOf(first, range, vmid), bbm, null, first, range, below);
  }

  Id id() {
    return id;
  }

  int stage() {
    return id.stage;
  }

  Regime regime() {
    return id.regime;
  }

  int vmid() {
    return id.vmid;
  }

  /** ASID it was last used under; −1 for stage 2, and where the regime has none. */
  int asid() {
    return asid;
  }

  EntryFormat format(int level) {
    return formats.computeIfAbsent(level, this::makeFormat);
  }

  private EntryFormat makeFormat(int level) {
    if (second != null) {
      return EntryFormat.of(second, level, bbm);
    }
    if (first == null || range == null) {
      throw new IllegalStateException("a tree of neither stage");
    }
    return EntryFormat.of(first, range, level, bbm);
  }

  /** Its root; a root outside of memory is followed too, and found empty. */
  TableUse root(DescriptorReader memory) {
    if (second != null) {
      return new TableUse(
          this, second.rootBase(), second.rootEntries(), second.startLevel(), 0, -1);
    }
    if (range == null) {
      throw new IllegalStateException("a tree of neither stage");
    }
    long input = range.upper() ? -1L << range.inputBits() : 0;
    long base = pa(range.rootBase(), memory);
    return new TableUse(this, base, range.rootEntries(), range.startLevel(), input, -1);
  }

  /** Physical address of what a descriptor names, as stage 2 now has it; −1 if nowhere. */
  long pa(long address, DescriptorReader memory) {
    if (below == null) {
      return address;
    }
    Translation walk = Stage2Walk.walk(below, address, Access.read(8), memory);
    return walk.outcome() instanceof Translation.Output output ? output.address() : -1;
  }

  int tables() {
    return tables;
  }

  void counted(int difference) {
    tables += difference;
  }

  // Who may hold what

  boolean isNamed() {
    return !named.isEmpty();
  }

  /** Whether any PE has it in context. */
  boolean isUsed() {
    return !inContext.isEmpty();
  }

  boolean isInContext(int pe) {
    return inContext.contains(pe);
  }

  /** Whether a TLB may hold anything of it. */
  boolean isLive() {
    return !holders.isEmpty();
  }

  /** Whether it can be forgotten. */
  boolean isGone() {
    return named.isEmpty() && holders.isEmpty() && held.isEmpty();
  }

  Set<Holder> holders() {
    return holders;
  }

  /** The registers of a PE name it, or no longer. */
  void named(int pe, boolean now) {
    if (now) {
      named.add(pe);
    } else {
      named.remove(pe);
    }
  }

  /** A PE has it in context no longer. */
  void leave(int pe) {
    inContext.remove(pe);
  }

  /**
   * A PE has it in context, and may hold everything that stands in it.
   *
   * @param withStage1 whether stage 1 is on over it
   * @param staying false for a walk by AT, which ends at once
   */
  void enter(Holder holder, boolean withStage1, boolean staying) {
    if (staying) {
      inContext.add(holder.pe());
    }
    holders.add(holder);
    cleared.remove(holder);
    combined |= withStage1;
    asid = holder.asid();
    fresh.clear();
  }

  /** Forgets that a PE holds anything. */
  void acquit(Holder holder) {
    holders.remove(holder);
    cleared.remove(holder);
  }

  /** Whether the value that a descriptor had may have been walked. */
  boolean mayHold(long at) {
    return isLive() && (!inContext.isEmpty() || !fresh.contains(at));
  }

  /** A descriptor has got another value. */
  void stored(long at) {
    if (inContext.isEmpty()) {
      fresh.add(at);
    }
  }

  // Values that are held though they stand there no more

  Held hold(EntryPlace place, EntryFormat format, long value, int storer, List<Span> below) {
    List<Held> here =
        held.computeIfAbsent(EntryPlace.comparable(place.input()), _ -> new ArrayList<>());
    int before = here.size();
    here.removeIf(h -> h.value() == value && h.place().at() == place.at());
    heldCount -= before - here.size();
    Held now =
        new Held(
            place, format, value, storer, List.copyOf(holders), below, stage() == 2 && combined);
    if (heldCount < MOST_HELD) {
      here.add(now);
      heldCount++;
    }
    broken.remove(place.at());
    return now;
  }

  /** Held values whose first input address lies in a range. */
  List<Held> heldIn(long input, long bytes) {
    long from = EntryPlace.comparable(input);
    return held.subMap(from, from + bytes).values().stream().flatMap(Collection::stream).toList();
  }

  List<Held> allHeld() {
    return held.values().stream().flatMap(Collection::stream).toList();
  }

  /** The held table descriptor that named a table; null if there is none. */
  @Nullable Held heldTable(long parent, long base, DescriptorReader memory) {
    for (Held h : allHeld()) {
      if (h.place().at() == parent
          && h.isTable()
          && pa(h.format().output(h.value()), memory) == base) {
        return h;
      }
    }
    return null;
  }

  /** Whether the break of a descriptor was completed and nothing made of it since; then no more. */
  boolean takeBroken(long at) {
    return broken.remove(at);
  }

  /** What the invalidation of everything lacks for a PE that held it. */
  MissingStep missingFor(Holder holder) {
    return cleared.containsKey(holder) ? MissingStep.DSB_AFTER_TLBI : MissingStep.TLBI;
  }

  void invalidated(TlbiScope tlbi, int pe, @Nullable MissingStep doubt) {
    allHeld().forEach(h -> h.invalidated(tlbi, pe, doubt));
    if (doubt != null || tlbi.nothing() || !tlbi.everyAddress() || tlbi.regime() != regime()) {
      return;
    }
    boolean stages = stage() == 1 ? tlbi.vas() : tlbi.ipas() && (tlbi.vas() || !combined);
    for (Holder holder : holders) {
      if (stages
          && (tlbi.vmid() < 0 || tlbi.vmid() == holder.vmid())
          && tlbi.asid() < 0
          && !inContext.contains(holder.pe())
          && (!tlbi.domain().isLocal() || holder.pe() == pe)) {
        cleared.put(holder, new Cleared(tlbi, pe));
      }
    }
  }

  /**
   * A barrier was executed.
   *
   * @return held values that are held no more
   */
  List<Held> ordered(Barrier barrier, int pe) {
    if (barrier.kind() != Barrier.Kind.DSB) {
      return List.of();
    }
    List<Holder> free = new ArrayList<>();
    cleared.forEach((holder, done) -> {
      if (done.issuer == pe && barrier.completes(done.tlbi)) {
        free.add(holder);
      }
    });
    for (Holder holder : free) {
      cleared.remove(holder);
      if (!inContext.contains(holder.pe())) {
        holders.remove(holder);
      }
    }
    List<Held> done = new ArrayList<>();
    for (Held h : allHeld()) {
      h.ordered(barrier, pe);
      if (h.isDone()) {
        done.add(h);
        broken.add(h.place().at());
      }
    }
    held.values().forEach(list -> list.removeAll(done));
    heldCount -= done.size();
    held.values().removeIf(List::isEmpty);
    return done;
  }
}
