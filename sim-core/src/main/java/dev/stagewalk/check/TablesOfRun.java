package dev.stagewalk.check;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Judges the tables of a machine that runs, whenever a guest has used them as they are: at its
 * exits, before they are destroyed, and at the end. What nothing was changed of is not judged
 * again, and where tables are large not each exit counts, so that a run does not become slow.
 */
final class TablesOfRun implements RunCheck {
  /** Tables that are judged again at each exit. */
  private static final long TABLES_AN_EXIT = 8;

  private static final int KEPT = 256;

  private static final String LIBRARY = "s2mmu_";

  private final Machine machine;
  private final Observed observed;
  private final Consumer<Finding> found;
  private final Set<List<Object>> known = new HashSet<>();

  /** Host calls that are open, on each PE. */
  private final Map<Integer, List<String>> calls = new HashMap<>();

  /** What the library holds for tables, roots too. */
  private final Set<Long> allocated = new TreeSet<>();

  /** Roots it has made, and the controls they were last named with. */
  private final Map<Long, Stage2Parameters> roots = new TreeMap<>();

  private final Set<Long> unnamedRoots = new HashSet<>();

  /** An Access flag fault that waits for its answer, on each PE. */
  private final Map<Integer, Event> accessFaults = new HashMap<>();

  private boolean changed = true;
  private long credit;
  private Moment last = Moment.START;

  TablesOfRun(Machine machine, Observed observed, Consumer<Finding> found) {
    this.machine = machine;
    this.observed = observed;
    this.found = found;
  }

  @Override
  public void happened(Event event) {
    last = event.moment();
    switch (event.what()) {
      case SimEvent.HostCallBegan e -> {
        if (e.name().endsWith("_destroy") && open(event.pe()).isEmpty() && changed) {
          judge(event.pe());
        }
        open(event.pe()).add(e.name());
      }
      case SimEvent.HostCallEnded _ -> {
        if (!open(event.pe()).isEmpty()) {
          open(event.pe()).removeLast();
        }
      }
      case SimEvent.Allocated e -> allocated(event.pe(), e.pa());
      case SimEvent.Freed e -> freed(e.pa());
      case SimEvent.DescriptorStored _, SimEvent.Edited _ -> changed = true;
      case SimEvent.RegisterWritten e -> {
        if (e.register().equals("VTTBR_EL2") || e.register().equals("VTCR_EL2")) {
          named(event.pe());
          changed = true;
        }
      }
      case SimEvent.ExceptionTaken e -> taken(event, e);
      case SimEvent.HandlerAnswered e -> answered(event, e);
      case SimEvent.Translated _, SimEvent.ExceptionReturned _, SimEvent.ContextSaved _ -> {}
      case SimEvent.ContextLoaded _, SimEvent.HostStored _, SimEvent.MemoryCleared _ -> {}
      case SimEvent.MemoryCopied _, SimEvent.TlbInvalidated _, SimEvent.BarrierCompleted _ -> {}
      case SimEvent.Printed _, SimEvent.UartByte _, SimEvent.FirmwareCalled _ -> {}
      case SimEvent.TimePassed _,
          SimEvent.GuestStopped _,
          SimEvent.Withheld _,
          SimEvent.Recorded _ -> {}
    }
  }

  private List<String> open(int pe) {
    return calls.computeIfAbsent(pe, _ -> new ArrayList<>());
  }

  private void allocated(int pe, long pa) {
    List<String> within = open(pe);
    if (pa != 0 && !within.isEmpty() && within.getLast().startsWith(LIBRARY)) {
      allocated.add(pa);
      changed = true;
      if (within.getLast().equals(LIBRARY + "init")) {
        unnamedRoots.add(pa);
      }
    }
  }

  private void freed(long pa) {
    changed |= allocated.remove(pa);
    roots.remove(pa);
    unnamedRoots.remove(pa);
  }

  /** Remembers with which controls the library uses a root, for guests that do not run. */
  private void named(int pe) {
    Stage2Parameters second = observed.second(pe);
    long root = rootNamed(second);
    if (unnamedRoots.remove(root) || roots.containsKey(root)) {
      // A guest that runs under another's VTCR_EL2 has no other tables for that.
      roots.merge(
          root, second, (known, now) -> sameShape(known, now) || !isUsable(known) ? now : known);
    }
  }

  /** The root that VTTBR_EL2 names, whatever alignment VTCR_EL2 asks of it. */
  private static long rootNamed(Stage2Parameters second) {
    return second.vttbr() & 0xffff_ffff_fffeL;
  }

  /** Whether a walk could begin with such controls; before they are set it cannot. */
  private static boolean isUsable(Stage2Parameters second) {
    return second.problems().stream().noneMatch(ControlRules::leadsAstray);
  }

  private static boolean sameShape(Stage2Parameters one, Stage2Parameters other) {
    return one.granule() == other.granule()
        && one.inputBits() == other.inputBits()
        && one.startLevel() == other.startLevel();
  }

  private void taken(Event event, SimEvent.ExceptionTaken e) {
    if (e.toEl() != 2 || e.fromEl() == 2) {
      return;
    }
    boolean accessFlag =
        e.fault().filter(f -> f.stage() == 2 && f.kind() == FaultKind.ACCESS_FLAG).isPresent();
    if (accessFlag) {
      accessFaults.put(event.pe(), event);
    } else {
      accessFaults.remove(event.pe());
    }
    credit += TABLES_AN_EXIT;
    if (changed && credit >= 0) {
      judge(event.pe());
    }
  }

  private void answered(Event event, SimEvent.HandlerAnswered e) {
    Event fault = accessFaults.remove(event.pe());
    if (fault == null
        || e.resume()
        || !(fault.what() instanceof SimEvent.ExceptionTaken taken)
        || !(taken.cause() instanceof Translation walk)
        || !(walk.outcome() instanceof Translation.Fault refused)) {
      return;
    }
    long granule = observed.second(event.pe()).granule().bytes();
    Place page =
        new Place.Input(
            Place.Owner.ofStage2(observed.second(event.pe()).vmid()),
            refused.ipa() & -granule,
            granule);
    found.accept(
        new Finding(
            FindingKind.AF_CLEAR,
            new Place.Happened(
                fault.number(), fault.moment(), fault.pe(), "Access flag fault", page),
            "The guest touched IPA "
                + Hex.address(refused.ipa())
                + ", whose leaf has AF = 0, and the handler "
                + e.handler()
                + " ended it: "
                + e.reason()
                + ".",
            "Map with AF = 1 (bit 10), or answer an Access flag fault by setting AF in the leaf: no"
                + " TLBI is needed for it."));
  }

  @Override
  public void ended() {
    if (calls.values().stream().allMatch(List::isEmpty)) {
      judge(-1);
    }
  }

  /** Judges everything as it is now. */
  private void judge(int exited) {
    changed = false;
    List<TableTree> trees = trees(exited);
    Findings now = new Findings(KEPT);
    TableCheck.Looked looked =
        TableCheck.of(
            trees, new Surroundings(false, AccessFaults.UNKNOWN, new BoardMemory(machine)), now);
    credit = Math.min(credit, TABLES_AN_EXIT) - looked.tables();
    if (looked.complete()) {
      orphans(looked.stage2(), now);
    }
    for (Findings.Group group : now.groups()) {
      for (Finding finding : group.first()) {
        if (known.add(key(finding))) {
          found.accept(dated(finding));
        }
      }
    }
  }

  /** A range that has grown or changed since is the same one. */
  private static List<Object> key(Finding finding) {
    return switch (finding.place()) {
      case Place.Input input -> List.of(finding.kind(), input.owner(), input.first());
      case Place.Entry entry -> List.of(finding.kind(), entry.owner(), entry.input());
      case Place.Table _, Place.Memory _, Place.Controls _, Place.Happened _ ->
          List.of(finding.kind(), finding.place());
    };
  }

  private Finding dated(Finding finding) {
    return new Finding(
        finding.kind(),
        finding.place(),
        finding.evidence() + " First seen at " + last + ".",
        finding.mend());
  }

  /** Tables that registers name, and those of guests that do not run. */
  private List<TableTree> trees(int exited) {
    List<TableTree> trees =
        new ArrayList<>(TableTree.named(new AsBuilt(), machine.pes().size(), exited));
    roots.forEach((root, second) -> {
      if (trees.stream().noneMatch(t -> t.stage() == 2 && t.shape().rootBase() == root)) {
        trees.add(TableTree.of(second, observed.bbm(), observed.descriptors()));
      }
    });
    return trees;
  }

  /** Tables of the library that no walk of any guest reaches. */
  private void orphans(long[] reached, Findings now) {
    boolean within =
        calls.values().stream().flatMap(List::stream).anyMatch(name -> name.startsWith(LIBRARY));
    if (within || !unnamedRoots.isEmpty()) {
      return;
    }
    for (long pa : allocated) {
      long bytes = machine.allocator().runBytes(pa);
      int found = Arrays.binarySearch(reached, pa);
      // A page of the host larger than a table holds several, and none at its beginning.
      int first = found < 0 ? -found - 1 : found;
      if (first == reached.length || reached[first] - pa >= bytes) {
        now.accept(
            new Finding(
                FindingKind.ORPHAN_TABLE,
                new Place.Memory(pa, bytes),
                "The library took "
                    + Size.words(bytes)
                    + " at PA "
                    + Hex.address(pa)
                    + " for a table; no descriptor and no VTTBR_EL2 names it, and it was not"
                    + " freed.",
                "Free the tables below an entry when something else is stored over it, once its"
                    + " break is complete."));
      }
    }
  }

  /**
   * The machine with the controls that tables were built for. A guest that runs under another's
   * VTCR_EL2 is a finding of its own, and its tables are not wrong for that.
   */
  private final class AsBuilt implements Observed {
    @Override
    public int el(int pe) {
      return observed.el(pe);
    }

    @Override
    public Stage2Parameters second(int pe) {
      Stage2Parameters now = observed.second(pe);
      Stage2Parameters built = roots.getOrDefault(rootNamed(now), now);
      return sameShape(built, now) ? now : built;
    }

    @Override
    public Stage1Parameters first(int pe, Regime regime) {
      return observed.first(pe, regime);
    }

    @Override
    public Regime regimeOfEl2(int pe) {
      return observed.regimeOfEl2(pe);
    }

    @Override
    public BbmSupport bbm() {
      return observed.bbm();
    }

    @Override
    public boolean levelHints() {
      return observed.levelHints();
    }

    @Override
    public DescriptorReader descriptors() {
      return observed.descriptors();
    }
  }
}
