package dev.stagewalk.event;

import java.util.List;

/**
 * One step of a translation table walk: one descriptor read and what it said.
 *
 * @param stage 1 or 2
 * @param level level of lookup, −1 to 3
 * @param table base address of the table, as the walker computed it (PA; for stage 1 under stage 2
 *     an IPA)
 * @param index entry in the table (in the concatenated tables, if there are several)
 * @param indexHigh highest input address bit that gave the index
 * @param indexLow lowest input address bit that gave the index
 * @param descriptorAddress physical address the descriptor was read at
 * @param descriptor the 64 bits read; 0 where the read itself failed
 * @param verdict what the walker made of it
 * @param output next table for {@link Verdict#TABLE}, output address of the leaf for block and page
 *     (without the offset), otherwise 0
 * @param rule one sentence: the rule that gave the verdict, naming the Arm ARM section where it
 *     refuses
 * @param nested the stage-2 lookups that translated the address of this stage-1 descriptor
 * @param held whether the descriptor was not read now but held by the TLB from an earlier walk,
 *     which is where this walk began
 */
public record Lookup(
    int stage,
    int level,
    long table,
    int index,
    int indexHigh,
    int indexLow,
    long descriptorAddress,
    long descriptor,
    Verdict verdict,
    long output,
    String rule,
    List<Lookup> nested,
    boolean held) {

  public Lookup {
    nested = List.copyOf(nested);
  }

  /** What the walker made of a descriptor. */
  public enum Verdict {
    TABLE,
    BLOCK,
    PAGE,
    /** Bit 0 clear, or a reserved encoding treated as invalid. */
    INVALID,
    /** A valid descriptor that the walker refused: address size, Access flag, permission. */
    REFUSED,
    /** The read of the descriptor failed. */
    EXTERNAL_ABORT,
    /** Stage 2 refused the address of a stage-1 descriptor, so it was not read. */
    UNREACHED
  }

  /** Descriptor reads this lookup took: itself, if it was read, and the nested ones. */
  public int reads() {
    int reads = held || verdict == Verdict.UNREACHED ? 0 : 1;
    for (Lookup below : nested) {
      reads += below.held ? 0 : 1;
    }
    return reads;
  }

  /** As {@link #reads()}, with what the TLB held. */
  public int steps() {
    return (verdict == Verdict.UNREACHED ? 0 : 1) + nested.size();
  }
}
