package dev.stagewalk.hyp;

/**
 * A range of a guest's physical address space and what stands behind it.
 *
 * @param name for messages: "heap"; the region called {@code stack} gives the guest its stack
 *     pointer
 * @param ipa first byte
 * @param size bytes
 * @param firstWord what the first 8 bytes hold at first, for {@link Kind#DATA}, {@link
 *     Kind#READ_ONLY} and every granule of {@link Kind#COPY_ON_WRITE}
 */
public record GuestRegion(String name, Kind kind, long ipa, long size, long firstWord) {

  /** What stands behind a region. */
  public enum Kind {
    /** The program's image at the same physical address: read and execute. */
    CODE,
    /** Zeroed memory, mapped before the guest starts: read and write. */
    DATA,
    /** Zeroed memory, mapped before the guest starts: read. */
    READ_ONLY,
    /** Zeroed memory, mapped a granule at a time when the guest touches it: read and write. */
    ON_DEMAND,
    /**
     * Memory whose granules are all one shared frame, read-only, until the guest writes to one:
     * then that granule gets a copy of its own.
     */
    COPY_ON_WRITE,
    /** Nothing, ever: each access traps, and the hypervisor answers for a device. */
    EMULATED,
    /** A device at the same physical address: read and write. */
    DEVICE;

    /** Whether an IPA of such a region is also its PA. */
    boolean identity() {
      return this == CODE || this == DEVICE;
    }

    /** Whether the guest's memory cannot do without a table of frames. */
    boolean needsFrames() {
      return this == COPY_ON_WRITE || this == EMULATED;
    }
  }

  /**
   * @throws IllegalArgumentException if the region is empty or passes 2^64
   */
  public GuestRegion {
    if (size <= 0 || Long.compareUnsigned(ipa + size, ipa) < 0) {
      throw new IllegalArgumentException("region " + name + " is empty or ends behind 2^64");
    }
  }

  /** A region whose memory is zero at first. */
  public static GuestRegion of(String name, Kind kind, long ipa, long size) {
    return new GuestRegion(name, kind, ipa, size, 0);
  }

  boolean contains(long address) {
    return Long.compareUnsigned(address - ipa, size) < 0;
  }

  long end() {
    return ipa + size;
  }

  long flags(Defects defects) {
    return switch (kind) {
      case CODE -> MapFlags.code(defects);
      case DATA, ON_DEMAND, COPY_ON_WRITE, EMULATED -> MapFlags.data(defects);
      case READ_ONLY -> MapFlags.readOnlyData(defects);
      case DEVICE -> MapFlags.device(defects);
    };
  }
}
