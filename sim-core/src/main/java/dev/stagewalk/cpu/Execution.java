package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The inner loop of an {@link Engine}: from one instruction to the next while none is exceptional.
 */
sealed interface Execution permits OneByOne, Superblocks {

  /**
   * Executes until that many instructions have been started on the PE.
   *
   * @param breakpoint instruction addresses to stop before; null for none
   * @param first the instruction count at which no breakpoint is heeded
   * @return whether a breakpoint was met
   * @throws GuestException out of the instruction at the PE's instruction address, or before it
   */
  boolean execute(long until, @Nullable LongPredicate breakpoint, long first);

  /** The instruction that has thrown; null where the exception came before it was decoded. */
  @Nullable Op op();
}
