package dev.stagewalk.mmu;

/** Where descriptors come from: live memory, a dump, a snapshot. */
@FunctionalInterface
public interface DescriptorReader {

  /**
   * Reads the 64-bit little-endian descriptor at a physical address, a multiple of 8.
   *
   * @throws ExternalAbort if no memory answers there
   */
  long read(long pa);
}
