package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;

/** What a check sees of a machine, as it is at the moment it asks. */
public interface Observed {

  /** Exception level of a PE, 0 to 2. */
  int el(int pe);

  /** Stage 2 as the registers of a PE say. */
  Stage2Parameters second(int pe);

  /** Stage 1 of a regime as the registers of a PE say. */
  Stage1Parameters first(int pe, Regime regime);

  /** The regime of a PE at EL2: EL2, or EL2&amp;0 with HCR_EL2.E2H. */
  Regime regimeOfEl2(int pe);

  /** What the PEs offer for changes of size. */
  BbmSupport bbm();

  /** Whether the operand of a TLBI may name the level of the leaf (FEAT_TTL). */
  boolean levelHints();

  /** Physical memory. */
  DescriptorReader descriptors();
}
