package dev.stagewalk.app.bench;

import dev.stagewalk.guests.Workload;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;

/** A workload of so many rounds, assembled. */
public final class WorkloadImage {
  private final Assembled assembled;

  /**
   * @throws IllegalStateException if the source does not assemble
   */
  public WorkloadImage(Workload workload, int rounds) {
    assembled =
        new Assembler()
            .assemble(workload.name() + ".s", workload.source(rounds), Workload.LOAD_ADDRESS);
    if (!assembled.errors().isEmpty()) {
      throw new IllegalStateException(assembled.errors().toString());
    }
  }

  /** What is to be loaded at {@link Workload#LOAD_ADDRESS}. */
  public byte[] bytes() {
    return assembled.image();
  }

  /** Address of the instruction from which on it is measured. */
  public long measured() {
    return address(Workload.MEASURED);
  }

  /** Address of the first instruction that is executed no more. */
  public long finish() {
    return address(Workload.FINISH);
  }

  private long address(String label) {
    Long address = assembled.symbols().get(label);
    if (address == null) {
      throw new IllegalStateException("the workload has no label " + label);
    }
    return address;
  }
}
