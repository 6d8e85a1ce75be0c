package dev.stagewalk.ask;

import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Preview;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Events;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The moment of a run that expressions are asked at: one that stands still, or a machine's own. */
public interface Present {

  Moment moment();

  /** Whether an exit to EL2 has been taken and nobody has acted on it yet. */
  boolean atExit();

  /** Whether the guest runs no further. */
  boolean ended();

  /** Number of the PE whose registers are meant. */
  int pe();

  /** Its exception level, 0 to 2. */
  int el();

  long pc();

  /** The stack pointer in use. */
  long sp();

  /** PSTATE in the layout of SPSR_EL2. */
  long pstate();

  /** General register 0 to 30. */
  long x(int number);

  /**
   * A system register by its architectural name.
   *
   * @throws IllegalArgumentException if the PE has none of that name, or it is not known
   */
  long system(String name);

  /** Whether there is memory at all of these physical addresses. */
  boolean hasMemory(long pa, int bytes);

  /** Little-endian value of 1, 2, 4 or 8 bytes at a physical address. */
  long read(long pa, int bytes);

  /** The machine as checks see it. */
  Observed observed();

  /** Entries of the TLB. */
  List<TlbEntry> tlb();

  /** Entries of the TLB that disagree with the tables. */
  long stale();

  /** Violations of break-before-make up to now. */
  long violations();

  /** What a TLBI would remove. */
  Preview preview(Preview.Instruction instruction, long operand);

  /** All events recorded, also those after this moment. */
  Events events();

  /** Events up to this moment. */
  long eventCount();

  /** The last of them. */
  default Optional<Event> lastEvent() {
    return eventCount() == 0 ? Optional.empty() : Optional.of(events().get(eventCount() - 1));
  }

  /** Exits to EL2 up to this moment. */
  long exitCount();

  /** The address of a label of the program. */
  OptionalLong symbol(String name);

  /** What the guest has printed up to this moment. */
  String console();
}
