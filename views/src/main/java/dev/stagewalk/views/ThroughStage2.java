package dev.stagewalk.views;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;

/**
 * Reads stage-1 tables for showing them: their addresses are IPAs, which stage 2 translates if it
 * is on. What stage 2 keeps away counts as no memory. The last translation is kept, because
 * neighbours are read one after the other.
 */
final class ThroughStage2 implements DescriptorReader {
  private static final int UNKNOWN = 64;

  private final Stage2Parameters second;
  private final DescriptorReader memory;
  private long ipa;
  private long pa;
  private int shift;

  ThroughStage2(Stage2Parameters second, DescriptorReader memory) {
    this.second = second;
    this.memory = memory;
    this.shift = UNKNOWN;
  }

  @Override
  public long read(long address) {
    return memory.read(physical(address));
  }

  /**
   * Physical address of an IPA.
   *
   * @throws ExternalAbort if stage 2 keeps it away
   */
  long physical(long address) {
    if (!second.enabled()) {
      return address;
    }
    if (shift == UNKNOWN || (address ^ ipa) >>> shift != 0) {
      Translation walk = Stage2Walk.walk(second, address, Access.read(8), memory);
      if (!(walk.outcome() instanceof Translation.Output output)) {
        throw ExternalAbort.ABORT;
      }
      ipa = address;
      pa = output.address();
      shift = output.leafShift();
    }
    return pa + (address - ipa);
  }
}
