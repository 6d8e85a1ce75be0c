package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;

/**
 * What has to be known of the tables of a stage to go through them: where they begin and how they
 * are laid out.
 *
 * @param format how descriptors are laid out
 * @param startLevel initial level of lookup, −1 to 3
 * @param rootBase address of the root; an IPA for stage 1 under stage 2
 * @param rootEntries entries of the whole root
 * @param inputBits size of an input address in bits
 * @param outputBits size of an output address in bits
 * @param firstInput first input address that entry 0 of the root covers
 * @param walkable whether the controls let a walk begin
 */
public record TableShape(
    Stage2Format format,
    int startLevel,
    long rootBase,
    int rootEntries,
    int inputBits,
    int outputBits,
    long firstInput,
    boolean walkable) {

  /** The tables of stage 2. */
  public static TableShape of(Stage2Parameters parameters) {
    return new TableShape(
        parameters.format(),
        parameters.startLevel(),
        parameters.rootBase(),
        parameters.rootEntries(),
        parameters.inputBits(),
        parameters.outputBits(),
        0,
        parameters.walkable());
  }

  /** The tables that one TTBR of stage 1 names. */
  public static TableShape of(Stage1Range range) {
    return new TableShape(
        range.format(),
        range.startLevel(),
        range.rootBase(),
        range.rootEntries(),
        range.inputBits(),
        range.outputBits(),
        range.upper() ? -1L << range.inputBits() : 0,
        range.refusal() == null && range.rootRefusal() == null && !range.walksDisabled());
  }

  public Granule granule() {
    return format.granule();
  }

  /** Bytes of the whole root. */
  public long rootBytes() {
    return 8L * rootEntries;
  }

  /** Whether the root covers an input address. */
  public boolean covers(long input) {
    return inputBits >= 64 || (input ^ firstInput) >>> inputBits == 0;
  }
}
