package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.time.Branches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A session over a dump of a real machine's memory: one instant, whose tables are there to be
 * looked at. Nothing can be executed; registers that did not come with the dump can be typed in,
 * and the PE can be chosen whose registers name the tables.
 */
public final class DumpSession implements Session {
  private static final String NOTHING_RUNS =
      "this is a dump of a real machine's memory, one instant of it: nothing can be executed, and"
          + " there is no other moment";

  private final Scenario scenario;
  private final Program program;
  private final MemoryImage memory;
  private final Moment only = Moment.at(0);
  private OpenedDump dump;
  private long version;
  private volatile Snapshot snapshot;

  /** A session on a dump. */
  public DumpSession(OpenedDump dump) {
    this(dump, 1);
  }

  /**
   * @param firstVersion of its snapshots; they are to differ from those of other sessions that the
   *     same panes show
   */
  DumpSession(OpenedDump dump, long firstVersion) {
    this.dump = dump;
    version = firstVersion;
    scenario =
        new Scenario(
            dump.name(),
            dump.name(),
            "Memory of a real machine: " + String.join("; ", dump.memory().formats()) + ".",
            dump.name(),
            "",
            Granule.K4,
            40,
            "none",
            List.of(),
            BoardPlan.USUAL,
            true);
    program = new Program(dump.name(), "", 0, 0, Map.of(), Map.of());
    memory = MemoryImage.of(dump.memory());
    snapshot = now("");
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public CompletableFuture<Snapshot> submit(Command command) {
    try {
      return CompletableFuture.completedFuture(perform(command));
    } catch (Refused e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void close() {
    // Panes may still read what they show; the files go with the last of them.
  }

  private synchronized Snapshot perform(Command command) {
    String notice =
        switch (command) {
          case Command.Pause _, Command.ToStart _, Command.ToPresent _, Command.HistoryBudget _ ->
              "";
          case Command.SeeFrom see -> seeFrom(see.pe());
          case Command.Inject(Edit.SetRegister set) -> set(set);
          case Command.Inject _ ->
              throw new Refused(
                  "this is a dump of a real machine's memory: nothing in it can be changed");
          case Command.GoTo to when to.moment().equals(only) -> "";
          // Whatever else there is to do needs a machine.
          case Command _ -> throw new Refused(NOTHING_RUNS);
        };
    Snapshot made = now(notice);
    snapshot = made;
    return made;
  }

  private String seeFrom(int pe) {
    if (pe < 0 || pe >= dump.sheet().pes().size()) {
      throw new Refused("there is no PE " + pe + ": registers of PEs 0 to " + last() + " are here");
    }
    dump = dump.seenFrom(pe);
    return dump.unknown().orElse("The tables are those of PE " + pe + " now.");
  }

  private int last() {
    return dump.sheet().pes().size() - 1;
  }

  /** A register is not changed by this: it becomes known. */
  private String set(Edit.SetRegister typed) {
    if (!typed.register().matches("[A-Z][A-Z0-9_]*_EL[0-3]")) {
      throw new Refused(
          "of a dump only system registers can be typed in, such as VTTBR_EL2, not "
              + typed.register());
    }
    dump =
        (typed.pe() < 0 ? dump : dump.seenFrom(typed.pe())).with(typed.register(), typed.value());
    return dump.unknown().or(dump::assumed).orElse("");
  }

  private Snapshot now(String notice) {
    List<PeState> pes =
        IntStream.range(0, dump.sheet().pes().size()).mapToObj(this::state).toList();
    PeState pe = pes.get(dump.pe());
    return new Snapshot(
        version++,
        scenario,
        program,
        RunState.PAUSED,
        "dump",
        notice,
        Optional.empty(),
        only,
        only,
        pe,
        pe,
        pes,
        pes,
        memory,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Branches.one(only),
        new DumpEvents(dump),
        0,
        0,
        "",
        "",
        List.of(),
        List.of(),
        false,
        false,
        false,
        0,
        0,
        0,
        Checks.ofDump(pes, pe.id(), memory));
  }

  private PeState state(int number) {
    Map<String, Long> known = dump.registers(number);
    Map<String, Integer> places = new LinkedHashMap<>();
    known.keySet().forEach(name -> places.put(name, places.size()));
    long[] values = known.values().stream().mapToLong(Long::longValue).toArray();
    long[] general = new long[31];
    for (int n = 0; n < general.length; n++) {
      general[n] = known.getOrDefault("X" + n, 0L);
    }
    long pstate = known.getOrDefault("PSTATE", 0L);
    return new PeState(
        number,
        Activity.OFF,
        known.containsKey("PSTATE") ? (int) (pstate >>> 2 & 3) : 1,
        known.getOrDefault("PC", 0L),
        known.getOrDefault("SP", 0L),
        pstate,
        new RegisterFile(general, places, values));
  }
}
