package dev.stagewalk.app.bench;

import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Workload;
import dev.stagewalk.mmu.Tlb;

/**
 * What a workload executes, exactly, on any machine: every round of it is the same.
 *
 * @param instructionsBefore instructions before the part that is measured
 * @param instructionsAround instructions of that part beside its rounds
 * @param instructions instructions of a round
 * @param traps exceptions to EL2 of a round
 */
public record WorkloadSize(
    long instructionsBefore, long instructionsAround, long instructions, long traps) {
  private static final int HOST_PAGE = 4096;
  private static final long TLB_SEED = 1;

  /** Counts it, by executing none and one of its rounds. */
  public static WorkloadSize of(Workload workload) {
    Count none = Count.of(workload, 0);
    Count one = Count.of(workload, 1);
    return new WorkloadSize(
        none.before, none.all - none.before, one.all - none.all, one.traps - none.traps);
  }

  /** Instructions up to the end of a number of rounds. */
  public long instructionsOf(int rounds) {
    return instructionsBefore + instructionsAround + instructions * rounds;
  }

  /** A machine after reset with the image loaded, about to execute it. */
  static Machine machine(WorkloadImage image, Engine engine, EventSink sink) {
    Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, TLB_SEED);
    Machine machine = new Machine(Profile.NEOVERSE_N1, HOST_PAGE, tlb, sink);
    machine.use(engine);
    machine.ram().write(Workload.LOAD_ADDRESS, image.bytes());
    machine.pe().branch(Workload.LOAD_ADDRESS);
    return machine;
  }

  private record Count(long before, long all, long traps) {
    static Count of(Workload workload, int rounds) {
      WorkloadImage image = new WorkloadImage(workload, rounds);
      long[] traps = new long[1];
      Machine machine =
          machine(
              image,
              Engine.USUAL,
              (pe, event) -> {
                if (event instanceof SimEvent.ExceptionTaken taken && taken.toEl() == 2) {
                  traps[0]++;
                }
              });
      machine.runToBreakpoint(Long.MAX_VALUE, pc -> pc == image.measured());
      long before = machine.instructions();
      machine.runToBreakpoint(Long.MAX_VALUE, pc -> pc == image.finish());
      return new Count(before, machine.instructions(), traps[0]);
    }
  }
}
