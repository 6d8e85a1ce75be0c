package dev.stagewalk.session;

import dev.stagewalk.ask.Present;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Branches;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.Mark;
import dev.stagewalk.trace.RecordedEvents;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Everything a face may show of one moment; immutable, so panes never mix two moments.
 *
 * @param version grows with each snapshot of a session
 * @param scenario what runs
 * @param program the guest's code
 * @param state what the session does
 * @param status one line for the status bar, such as "paused at guest exit"
 * @param notice something the user should know about the last command ("branch 2 begins here"), or
 *     empty
 * @param search what the last command has found, if it was a search
 * @param moment the moment shown
 * @param end the furthest moment executed so far in the present branch
 * @param pe registers now of the PE that executes next
 * @param before its registers where the user last was; what differs is shown as changed
 * @param pes registers now of every PE, by number
 * @param pesBefore their registers where the user last was
 * @param memory physical memory now
 * @param tlb entries now, oldest place first; {@link Checks#tlb} says how they agree with the
 *     tables
 * @param walk the walk that is open at this moment, if any
 * @param hostCalls names of the host calls that are open, outermost first
 * @param exit the exit whose handler has not acted yet
 * @param branches all branches of the run; the present one is that of {@code moment}
 * @param events all events recorded on the way of the present branch from the start, also those
 *     after {@code moment}
 * @param eventCount events up to this moment
 * @param exitCount exits to EL2 up to this moment
 * @param console what the guest has printed up to this moment
 * @param hostConsole what the hypervisor has printed up to this moment
 * @param marks of all branches, in order of time
 * @param breakpoints in order of their numbers
 * @param stopAtExits whether a run stops at exits
 * @param canUndo whether there is an edit to take back
 * @param canRedo whether there is an edit to do again
 * @param instructionsPerSecond speed of the last run; 0 when there was none
 * @param historyBytes host memory the history takes
 * @param historyBudget host memory it may take
 * @param checks what checks say of this moment, computed when asked for
 */
public record Snapshot(
    long version,
    Scenario scenario,
    Program program,
    RunState state,
    String status,
    String notice,
    Optional<SearchResult> search,
    Moment moment,
    Moment end,
    PeState pe,
    PeState before,
    List<PeState> pes,
    List<PeState> pesBefore,
    MemoryImage memory,
    List<TlbEntry> tlb,
    Optional<OpenWalk> walk,
    List<String> hostCalls,
    Optional<Event> exit,
    Branches branches,
    Events events,
    long eventCount,
    long exitCount,
    String console,
    String hostConsole,
    List<Mark> marks,
    List<Breakpoint> breakpoints,
    boolean stopAtExits,
    boolean canUndo,
    boolean canRedo,
    double instructionsPerSecond,
    long historyBytes,
    long historyBudget,
    Checks checks) {

  /**
   * The recording of a real machine that this is a moment of; empty for a run of the simulator. Of
   * a recording the registers are those alone that the newest event states (ask their names), and
   * memory, TLB and walk are unknown.
   */
  public Optional<RecordedEvents> recording() {
    return events instanceof RecordedEvents recorded ? Optional.of(recorded) : Optional.empty();
  }

  /** The breakpoint on an instruction, one that is enabled before all others. */
  public Optional<Breakpoint> breakpointAt(long address) {
    return breakpoints.stream()
        .filter(b -> b.isAt(address))
        .min(Comparator.comparing(b -> !b.enabled()));
  }

  /** Whether this moment is one at which a breakpoint stops a run. */
  public boolean isAtBreakpoint() {
    return breakpoints.stream().anyMatch(Breakpoint::here);
  }

  /** This moment, for expressions to ask of it. */
  public Present present() {
    return new SnapshotPresent(this);
  }

  /**
   * The dump of a real machine's memory that this shows; empty for a run of the simulator. Of a
   * dump the registers are those alone that are known (ask their names), memory has holes, and
   * there are no events, no TLB and no walk.
   */
  public Optional<OpenedDump> dump() {
    return events instanceof DumpEvents of ? Optional.of(of.dump()) : Optional.empty();
  }

  /** Whether this shows what a real machine left: a recording or a dump. Nothing of it runs. */
  public boolean isImported() {
    return events instanceof RecordedEvents || events instanceof DumpEvents;
  }

  /** The same moment with another PE in the foreground. */
  public Snapshot seenFrom(int number) {
    if (number == pe.id()) {
      return this;
    }
    return new Snapshot(
        version,
        scenario,
        program,
        state,
        status,
        notice,
        search,
        moment,
        end,
        pes.get(number),
        pesBefore.get(number),
        pes,
        pesBefore,
        memory,
        tlb,
        walk,
        hostCalls,
        exit,
        branches,
        events,
        eventCount,
        exitCount,
        console,
        hostConsole,
        marks,
        breakpoints,
        stopAtExits,
        canUndo,
        canRedo,
        instructionsPerSecond,
        historyBytes,
        historyBudget,
        checks);
  }

  /**
   * A walk in progress.
   *
   * @param reads steps made so far, 1 to {@code translation.steps()}
   */
  public record OpenWalk(Translation translation, int reads) {
    public boolean isComplete() {
      return reads >= translation.steps();
    }
  }
}
