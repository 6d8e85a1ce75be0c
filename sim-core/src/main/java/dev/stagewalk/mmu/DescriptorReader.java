package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import org.jspecify.annotations.Nullable;

/** Where descriptors come from: live memory, a dump, a snapshot. */
@FunctionalInterface
public interface DescriptorReader {

  /**
   * Reads the 64-bit little-endian descriptor at a physical address, a multiple of 8.
   *
   * @throws ExternalAbort if no memory answers there
   */
  long read(long pa);

  /**
   * What a TLB holds of a walk, to begin with in place of the root: a leaf, or a table descriptor.
   * The next {@link #read} is of its address and gives what it holds.
   *
   * @param stage 1 or 2
   * @param input the VA without its tag, or the IPA
   * @param level the start level of the walk, above which nothing is of use
   * @return null to begin at the root, as every walk of plain tables does
   */
  default @Nullable TlbEntry held(
      int stage, long input, int level, Granule granule, Access access) {
    return null;
  }
}
