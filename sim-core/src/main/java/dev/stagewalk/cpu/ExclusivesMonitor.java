package dev.stagewalk.cpu;

import dev.stagewalk.mem.Frame;

/**
 * What the last Load-Exclusive of a PE has marked: the local monitor, and the PE's part of the
 * global one.
 *
 * <p>Source: Arm ARM, "Synchronization and semaphores".
 */
final class ExclusivesMonitor {
  /** Bytes an exclusive load marks: CTR_EL0.ERG = 4. */
  private static final long GRANULE = 64;

  private final Pe pe;
  private long address;
  private int bytes;
  private long granule;

  ExclusivesMonitor(Pe pe) {
    this.pe = pe;
  }

  /**
   * Marks what was loaded.
   *
   * @param va as the instruction named it
   * @param pa where its first byte was found
   */
  void mark(long va, int loaded, long pa) {
    address = va;
    bytes = loaded;
    granule = pa & -GRANULE;
  }

  /** Whether a Store-Exclusive may store; the mark is gone either way. */
  boolean take(long va, int stored) {
    boolean mine = bytes == stored && address == va;
    bytes = 0;
    return mine;
  }

  void clear() {
    bytes = 0;
  }

  /** Whether another PE has a mark in the page of an address. */
  boolean markedByOthers(long pa) {
    for (Pe other : pe.wiring().others()) {
      ExclusivesMonitor theirs = other.memory().exclusives();
      if (theirs.bytes != 0 && ((theirs.granule ^ pa) & -Frame.SIZE) == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * A store to a granule that another PE has marked takes its mark, and is an event for it.
   *
   * <p>Source: Arm ARM, "Synchronization and semaphores", "Shareable memory locations".
   */
  void takeFromOthers(long pa, int size) {
    for (Pe other : pe.wiring().others()) {
      ExclusivesMonitor theirs = other.memory().exclusives();
      if (theirs.bytes != 0 && theirs.granule + GRANULE > pa && theirs.granule < pa + size) {
        theirs.bytes = 0;
        other.waiting().receiveEvent();
      }
    }
  }

  /** The VA that is marked. */
  long address() {
    return address;
  }

  /** Bytes that were loaded; 0 if nothing is marked. */
  int bytes() {
    return bytes;
  }

  /** Physical address of the granule that is marked. */
  long granule() {
    return granule;
  }

  void restore(long ofAddress, int ofBytes, long ofGranule) {
    address = ofAddress;
    bytes = ofBytes;
    granule = ofGranule;
  }
}
