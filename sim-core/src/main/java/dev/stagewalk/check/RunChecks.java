package dev.stagewalk.check;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Onlooker;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.mmu.TlbEntry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All checks of a run. They look at the machine at each event, and keep little: what is found goes
 * to whom they were made with.
 */
public final class RunChecks implements RunCheck {
  private final Authors authors = new Authors();
  private final MaintenanceCheck maintenance;
  private final StaleUseCheck staleUse;
  private final FaultAddressCheck faultAddress;
  private final GuestControlsCheck controls;
  private final ProgressCheck progress;
  private final TablesOfRun tables;
  private final MapCallCheck mapCalls;
  private final HostMemoryCheck hostMemory;
  private final HostStateCheck hostState;
  private final HostResultCheck hostResult;
  private final VectorCheck vectors;
  private @Nullable Event last;

  /**
   * Watches a machine from now on, which is best its start.
   *
   * @param machine one that nobody else watches
   * @param found gets findings, in the order of time
   */
  public RunChecks(Machine machine, Consumer<Finding> found) {
    ObservedMachine observed = new ObservedMachine(machine);
    Referee referee = new Referee(observed);
    controls = new GuestControlsCheck(observed, found);
    maintenance = new MaintenanceCheck(observed, referee, controls, found);
    staleUse = new StaleUseCheck(machine, observed, maintenance, authors, found);
    faultAddress = new FaultAddressCheck(found);
    progress = new ProgressCheck(machine, found);
    tables = new TablesOfRun(machine, observed, found);
    mapCalls = new MapCallCheck(machine, observed, found);
    hostMemory = new HostMemoryCheck(machine, referee, found);
    hostState = new HostStateCheck(machine, found);
    hostResult = new HostResultCheck(found);
    vectors = new VectorCheck(found);
    machine.pes().forEach(pe -> pe.onlookers().set(onlooker()));
  }

  private Onlooker onlooker() {
    return new Onlooker() {
      @Override
      public void answered(Pe pe, TlbEntry entry, long address, Access access) {
        staleUse.answered(pe, entry, address, access, last);
        Event event = last;
        if (event != null && pe.id() == event.pe()) {
          mapCalls.reaches(event, entry.ipa(address), entry.output(address));
        }
      }

      @Override
      public void hasRead(Pe pe, int index, boolean byHost) {
        faultAddress.hasRead(pe, index, byHost);
      }
    };
  }

  @Override
  public void happened(Event event) {
    authors.happened(event);
    maintenance.happened(event);
    staleUse.happened(event);
    faultAddress.happened(event);
    controls.happened(event);
    progress.happened(event);
    tables.happened(event);
    mapCalls.happened(event);
    hostMemory.happened(event);
    hostState.happened(event);
    hostResult.happened(event);
    vectors.happened(event);
    last = event;
  }

  @Override
  public void ended() {
    tables.ended();
  }
}
