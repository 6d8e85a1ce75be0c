package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.ChangeReason;
import dev.stagewalk.mmu.ChangeReason.Need;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.EntryChange;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows what software does to live translation tables, event by event, and says of each store
 * what it needs and whether the steps before it were enough.
 *
 * <p>A descriptor is live if a TLB may hold it: it is reached from the VTTBR_EL2 or a TTBR of a PE
 * that had these tables in context since they were last invalidated as a whole. A value that is
 * replaced stays <em>held</em> until, for each PE that may have walked it, it was overwritten, the
 * store completed by a DSB, a TLBI that covers it executed, and that completed by a DSB of its
 * domain. Whatever valid is stored before then is judged against it.
 *
 * <p>Source: Arm ARM, "Using break-before-make when updating translation table entries"; "TLB
 * maintenance"; "Translation Lookaside Buffers".
 */
public final class Referee {

  /**
   * Trees of tables that are followed: of those that no register names, only the latest. A
   * hypervisor that gives up its guests without ever invalidating is not followed for ever.
   */
  static final int MOST_TREES = 256;

  /** Bytes of two places that are compared; what is larger counts as different. */
  private static final long MOST_COMPARED = 2 << 20;

  /** Completed invalidations of a PE that still lack a context synchronisation, the latest. */
  private static final int MOST_UNSYNCHRONISED = 1 << 12;

  private final Observed machine;
  private final Map<Tree.Id, Tree> trees = new LinkedHashMap<>();
  private final TableIndex index = new TableIndex();
  private final Map<Integer, Set<Tree>> namedBy = new HashMap<>();

  /** VTTBR_EL2 and VTCR_EL2 of a PE at its last context synchronisation. */
  private final Map<Integer, Synchronised> synchronised = new HashMap<>();

  /** What a PE invalidated of tables it uses itself, with no context synchronisation since. */
  private final Map<Integer, Deque<Held>> unsynchronised = new HashMap<>();

  /** What a PE had in context when it was looked at last. */
  private final Map<Integer, Context> contexts = new HashMap<>();

  private record Synchronised(long vttbr, long vtcr) {}

  private record Context(
      Stage2Parameters second, Stage1Parameters first, Stage1Parameters own, boolean guest) {

    /** A machine gives the same parameters as long as the registers are the same. */
    boolean is(Context other) {
      return second == other.second
          && first == other.first
          && own == other.own
          && guest == other.guest;
    }
  }

  public Referee(Observed machine) {
    this.machine = machine;
  }

  /** A stretch of invalidation that nobody has finished. */
  public record Outstanding(EntryPlace place, long held, MissingStep missing) {
    /** "level 3 entry …, held 0x…: no TLBI followed the store". */
    public String words() {
      return place.words() + " may be held as it was: " + missing.words();
    }
  }

  /**
   * Takes note of an event, right after its effect.
   *
   * @param pe processing element it happened on
   * @return what is to be said of it, in most cases nothing
   */
  public List<Ruling> happened(int pe, SimEvent event) {
    List<Ruling> rulings = new ArrayList<>();
    follow(pe, event instanceof SimEvent.Translated, rulings);
    switch (event) {
      case SimEvent.DescriptorStored e -> stored(pe, e.pa(), e.old(), e.value(), rulings);
      case SimEvent.HostStored e -> {
        if (e.size() == 8) {
          stored(pe, e.pa(), e.old(), e.value(), rulings);
        }
      }
      case SimEvent.Freed e -> {
        if (e.remark().isEmpty()) {
          freed(pe, e.pa(), rulings);
        }
      }
      case SimEvent.TlbInvalidated e -> invalidated(pe, e.scope());
      case SimEvent.BarrierCompleted e -> ordered(pe, e.barrier());
      case SimEvent.ExceptionTaken _, SimEvent.ExceptionReturned _ -> synchronise(pe);
      case SimEvent.Translated _,
          SimEvent.RegisterWritten _,
          SimEvent.MemoryCleared _,
          SimEvent.MemoryCopied _ -> {
        // Registers are read at every event, and memory that is cleared is no table yet.
      }
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _, SimEvent.HandlerAnswered _ -> {}
      case SimEvent.HostCallBegan _, SimEvent.HostCallEnded _, SimEvent.Allocated _ -> {}
      case SimEvent.Printed _, SimEvent.UartByte _, SimEvent.GuestStopped _ -> {}
      case SimEvent.Withheld _ -> {
        // It is as if the instruction were missing; what it did after all is an event of its own.
      }
      case SimEvent.Edited _,
          SimEvent.FirmwareCalled _,
          SimEvent.TimePassed _,
          SimEvent.Recorded _ -> {}
    }
    return rulings;
  }

  /** Everything that TLBs may hold though it stands in the tables no more. */
  public List<Outstanding> outstanding() {
    List<Outstanding> found = new ArrayList<>();
    for (Tree tree : trees.values()) {
      for (Held held : tree.allHeld()) {
        found.add(new Outstanding(held.place(), held.value(), held.missing()));
      }
    }
    for (Deque<Held> done : unsynchronised.values()) {
      done.forEach(h -> found.add(new Outstanding(h.place(), h.value(), MissingStep.ISB)));
    }
    return found;
  }

  /**
   * What the invalidation of a replaced value still lacks.
   *
   * @return null if nothing: it is complete, or nobody holds the value
   */
  @Nullable MissingStep missing(Ruling ruling) {
    Held held = held(ruling);
    return held == null ? null : held.missing();
  }

  private @Nullable Held held(Ruling ruling) {
    EntryPlace place = ruling.place();
    for (Tree tree : treesOf(place)) {
      for (Held held : tree.heldIn(place.input(), 1)) {
        if (held.place().at() == place.at() && held.value() == ruling.old()) {
          return held;
        }
      }
    }
    return null;
  }

  private List<Tree> treesOf(EntryPlace place) {
    return trees.values().stream()
        .filter(t ->
            t.stage() == place.stage() && t.regime() == place.regime() && t.vmid() == place.vmid())
        .toList();
  }

  /** Whether any PE uses the tables of a place now. */
  boolean isInContext(EntryPlace place) {
    return treesOf(place).stream().anyMatch(Tree::isUsed);
  }

  /** A leaf of stage 2, in tables that a PE's VTTBR_EL2 names, that leads to memory; or null. */
  @Nullable EntryPlace leafTo(long pa, long bytes) {
    for (Tree tree : trees.values()) {
      if (tree.stage() == 2 && tree.isNamed() && tree.isLive()) {
        EntryPlace leaf = index.leafTo(tree, pa, bytes, this::read);
        if (leaf != null) {
          return leaf;
        }
      }
    }
    return null;
  }

  /** What a PE has invalidated of its own tables with no context synchronisation since. */
  List<EntryPlace> unsynchronised(int pe) {
    return unsynchronised.getOrDefault(pe, new ArrayDeque<>()).stream().map(Held::place).toList();
  }

  /** The VMID that a TLBI may still act on, because no ISB has made the present one certain. */
  int synchronisedVmid(int pe) {
    Synchronised last = synchronised.get(pe);
    return last == null ? machine.second(pe).vmid() : vmidOf(last);
  }

  /** Trees of tables that are followed now. */
  int trees() {
    return trees.size();
  }

  /** Tables in all of them. */
  int tables() {
    return trees.values().stream().mapToInt(Tree::tables).sum();
  }

  // What is in context

  private void synchronise(int pe) {
    Stage2Parameters second = machine.second(pe);
    synchronised.put(pe, new Synchronised(second.vttbr(), second.vtcr()));
    unsynchronised.remove(pe);
  }

  private void follow(int pe, boolean walked, List<Ruling> rulings) {
    Stage2Parameters second = machine.second(pe);
    synchronised.computeIfAbsent(pe, _ -> new Synchronised(second.vttbr(), second.vtcr()));
    boolean guest = machine.el(pe) < 2;
    Stage1Parameters first = machine.first(pe, Regime.EL1_0);
    Stage1Parameters own = machine.first(pe, machine.regimeOfEl2(pe));
    Context context = new Context(second, first, own, guest);
    Context before = contexts.put(pe, context);
    if (before != null && before.is(context) && (guest || !walked)) {
      return;
    }
    Set<Tree> now = new HashSet<>();
    Tree stage2 = null;
    if (second.vttbr() << 16 >>> 17 != 0 && second.walkable()) {
      stage2 = tree(second);
      now.add(stage2);
    }
    boolean under = second.enabled();
    if (stage2 != null && under && (guest || walked)) {
      Holder holder = new Holder(pe, second.vmid(), -1);
      reuse(pe, stage2, holder, rulings);
      stage2.enter(holder, first.enabled(), guest);
    }
    if (first.enabled()) {
      stage1(pe, first, second.vmid(), under ? second : null, guest, now);
    }
    if (own.enabled()) {
      stage1(pe, own, -1, null, true, now);
    }
    for (Tree tree : namedBy.getOrDefault(pe, Set.of())) {
      if (!now.contains(tree)) {
        tree.named(pe, false);
        tree.leave(pe);
        forgetIfGone(tree);
      }
    }
    for (Tree tree : now) {
      tree.named(pe, true);
      if (!guest && tree.regime() == Regime.EL1_0) {
        tree.leave(pe);
      }
    }
    namedBy.put(pe, now);
  }

  private void stage1(
      int pe,
      Stage1Parameters first,
      int vmid,
      @Nullable Stage2Parameters below,
      boolean inContext,
      Set<Tree> now) {
    Stage1Range upper = first.upper();
    for (Stage1Range range :
        upper == null ? List.of(first.lower()) : List.of(first.lower(), upper)) {
      if (range.walksDisabled()) {
        continue;
      }
      Tree tree = trees.get(Tree.idOf(first, range, vmid));
      if (tree == null) {
        tree = begin(Tree.of(first, range, vmid, below, machine.bbm()));
      }
      now.add(tree);
      if (inContext) {
        tree.enter(new Holder(pe, vmid, first.asid()), false, true);
      }
    }
  }

  private Tree tree(Stage2Parameters second) {
    Tree known = trees.get(Tree.idOf(second));
    return known != null ? known : begin(Tree.of(second, machine.bbm()));
  }

  private Tree begin(Tree tree) {
    if (trees.size() >= MOST_TREES) {
      trees.values().stream()
          .filter(t -> !t.isNamed())
          .min(Comparator.comparing(t -> t.stage() == 2 && t.isLive()))
          .ifPresent(this::forget);
    }
    trees.put(tree.id(), tree);
    TableUse root = tree.root(machine.descriptors());
    if (root.base() >= 0) {
      index.add(root, machine.descriptors());
    }
    return tree;
  }

  private void forgetIfGone(Tree tree) {
    if (tree.isGone()) {
      forget(tree);
    }
  }

  private void forget(Tree tree) {
    trees.remove(tree.id());
    index.remove(tree);
  }

  /** Other tables under a VMID of which TLBs may still hold entries. */
  private void reuse(int pe, Tree tree, Holder holder, List<Ruling> rulings) {
    for (Tree other : List.copyOf(trees.values())) {
      if (other == tree || other.stage() != 2 || !other.holders().contains(holder)) {
        continue;
      }
      TableUse root = tree.root(machine.descriptors());
      rulings.add(
          new Ruling(
              Ruling.Verdict.VIOLATION,
              Ruling.Act.VMID_REUSE,
              pe,
              root.place(root.base()),
              other.root(machine.descriptors()).base(),
              root.base(),
              new EntryChange(Need.BREAK_BEFORE_MAKE, List.of(ChangeReason.OTHER_TABLE)),
              other.missingFor(holder),
              null));
      other.leave(pe);
      other.acquit(holder);
      forgetIfGone(other);
    }
  }

  // Maintenance

  private static int vmidOf(Synchronised last) {
    int bits = (last.vtcr() >>> 19 & 1) != 0 ? 0xffff : 0xff;
    return (int) (last.vttbr() >>> 48) & bits;
  }

  private void invalidated(int pe, TlbiScope tlbi) {
    Synchronised last = synchronised.get(pe);
    Stage2Parameters now = machine.second(pe);
    boolean doubtful =
        tlbi.vmid() >= 0
            && last != null
            && (last.vttbr() >>> 48 != now.vttbr() >>> 48
                || ((last.vtcr() ^ now.vtcr()) >>> 19 & 1) != 0);
    MissingStep doubt = doubtful ? MissingStep.ISB_BEFORE_TLBI : null;
    trees.values().forEach(tree -> tree.invalidated(tlbi, pe, doubt));
  }

  private void ordered(int pe, Barrier barrier) {
    if (barrier.kind() == Barrier.Kind.ISB) {
      synchronise(pe);
      return;
    }
    for (Tree tree : List.copyOf(trees.values())) {
      for (Held done : tree.ordered(barrier, pe)) {
        if (done.isTable()) {
          unlink(tree, done);
        }
        if (tree.isInContext(pe)) {
          Deque<Held> lacking = unsynchronised.computeIfAbsent(pe, _ -> new ArrayDeque<>());
          lacking.add(done);
          if (lacking.size() > MOST_UNSYNCHRONISED) {
            lacking.remove();
          }
        }
      }
      forgetIfGone(tree);
    }
  }

  /** Walks reach the table no more, unless the descriptor names it again. */
  private void unlink(Tree tree, Held done) {
    DescriptorReader memory = machine.descriptors();
    long at = done.place().at();
    if (read(at) != done.value()) {
      index.removeBelow(tree, at, tree.pa(done.format().output(done.value()), memory));
    }
  }

  private long read(long at) {
    try {
      return machine.descriptors().read(at);
    } catch (ExternalAbort _) {
      return 0;
    }
  }

  // Stores

  private void stored(int pe, long at, long old, long value, List<Ruling> rulings) {
    for (TableUse table : index.at(at)) {
      judge(pe, table, at, old, value, rulings);
    }
  }

  private void judge(int pe, TableUse table, long at, long old, long value, List<Ruling> rulings) {
    Tree tree = table.tree();
    EntryFormat format = table.format();
    EntryPlace place = table.place(at);
    EntryChange change = EntryChange.between(format, old, value, this::same);
    boolean live = tree.isLive();
    Held replaced = null;
    if (change.need() != Need.NOTHING && tree.mayHold(at)) {
      replaced = tree.hold(place, format, old, pe, new Subtree(table, this::read).leaves(at, old));
    }
    tree.stored(at);
    if (replaced == null && old != value && format.kind(old) == Verdict.TABLE && !live) {
      index.removeBelow(tree, at, tree.pa(format.output(old), machine.descriptors()));
    }
    if (format.kind(value) == Verdict.TABLE) {
      index.addBelow(table, at, value, machine.descriptors());
    }
    Ruling ruling = ruling(pe, table, place, old, value, change, replaced);
    EntryPlace misfit =
        live ? new ContiguousRun(table, this::read, tree::mayHold).misfit(at, value) : null;
    if (misfit != null && !ruling.isViolation() && old != value) {
      ruling =
          store(
              Ruling.Verdict.VIOLATION,
              pe,
              place,
              old,
              value,
              new EntryChange(Need.BREAK_BEFORE_MAKE, List.of(ChangeReason.CONTIGUOUS_RUN)),
              MissingStep.BREAK,
              misfit);
    }
    if (live || ruling.verdict() != Ruling.Verdict.SAFE) {
      rulings.add(ruling);
    }
  }

  private boolean same(long first, long second, long bytes) {
    if (bytes > MOST_COMPARED) {
      return false;
    }
    try {
      for (long i = 0; i < bytes; i += 8) {
        if (machine.descriptors().read(first + i) != machine.descriptors().read(second + i)) {
          return false;
        }
      }
      return true;
    } catch (ExternalAbort _) {
      return false;
    }
  }

  /** A stored value against everything held that translates the same addresses. */
  private Ruling ruling(
      int pe,
      TableUse table,
      EntryPlace place,
      long old,
      long value,
      EntryChange direct,
      @Nullable Held replaced) {
    Tree tree = table.tree();
    EntryFormat format = table.format();
    if (!format.mayBeCached(value)) {
      Ruling.Verdict taken =
          direct.need() == Need.TLBI ? Ruling.Verdict.NEEDS_TLBI : Ruling.Verdict.BREAK;
      Ruling.Verdict verdict = replaced == null ? Ruling.Verdict.SAFE : taken;
      MissingStep missing = replaced == null ? null : replaced.missing();
      return store(verdict, pe, place, old, value, direct, missing, null);
    }
    Ruling worst = null;
    for (Held held : tree.heldIn(place.input(), place.bytes())) {
      EntryChange change =
          held == replaced
              ? direct
              : new Subtree(table, this::read).against(held, place, value, this::same);
      if (change == null || change.need() == Need.NOTHING) {
        continue;
      }
      boolean violation = change.need() == Need.BREAK_BEFORE_MAKE;
      boolean bare = held == replaced;
      MissingStep missing = violation && bare ? MissingStep.BREAK : held.missing();
      EntryPlace other = held.place().at() == place.at() ? null : held.place();
      Ruling one =
          store(
              violation ? Ruling.Verdict.VIOLATION : Ruling.Verdict.NEEDS_TLBI,
              pe,
              place,
              held.value(),
              value,
              change,
              missing,
              other);
      if (worst == null || one.verdict().compareTo(worst.verdict()) > 0 || (bare && violation)) {
        worst = one;
      }
    }
    boolean made = tree.takeBroken(place.at()) && !format.mayBeCached(old);
    if (worst != null) {
      return worst;
    }
    Ruling.Verdict verdict = made ? Ruling.Verdict.MADE : Ruling.Verdict.SAFE;
    return store(verdict, pe, place, old, value, direct, null, null);
  }

  private static Ruling store(
      Ruling.Verdict verdict,
      int pe,
      EntryPlace place,
      long old,
      long value,
      EntryChange change,
      @Nullable MissingStep missing,
      @Nullable EntryPlace other) {
    return new Ruling(verdict, Ruling.Act.STORE, pe, place, old, value, change, missing, other);
  }

  // Memory given back

  private void freed(int pe, long pa, List<Ruling> rulings) {
    for (TableUse table : index.beginningAt(pa)) {
      Tree tree = table.tree();
      MissingStep missing = tree.isLive() ? reachedThrough(table) : null;
      if (missing != null) {
        EntryPlace parent = place(table);
        rulings.add(
            new Ruling(
                Ruling.Verdict.VIOLATION,
                Ruling.Act.FREE,
                pe,
                parent,
                table.parent() < 0 ? 0 : read(table.parent()),
                pa,
                new EntryChange(Need.BREAK, List.of(ChangeReason.NOW_FAULTS)),
                missing,
                null));
        return;
      }
    }
  }

  /** The descriptor that names a table; of a root, its own first one. */
  private EntryPlace place(TableUse table) {
    if (table.parent() >= 0) {
      for (TableUse above : index.at(table.parent())) {
        if (above.tree() == table.tree()) {
          return above.place(table.parent());
        }
      }
    }
    return table.place(table.base());
  }

  /** What lacks before no walk can reach a table; null if none can. */
  private @Nullable MissingStep reachedThrough(TableUse table) {
    Tree tree = table.tree();
    if (table.parent() < 0) {
      return tree.isNamed()
          ? MissingStep.STILL_NAMED
          : tree.missingFor(tree.holders().iterator().next());
    }
    DescriptorReader memory = machine.descriptors();
    Held held = tree.heldTable(table.parent(), table.base(), memory);
    if (held != null) {
      return held.missing();
    }
    for (TableUse above : index.at(table.parent())) {
      long descriptor = read(table.parent());
      if (above.tree() == tree
          && above.format().kind(descriptor) == Verdict.TABLE
          && tree.pa(above.format().output(descriptor), memory) == table.base()) {
        return reachedThrough(above);
      }
    }
    return null;
  }
}
