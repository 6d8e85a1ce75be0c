package dev.stagewalk.check;

/**
 * What is known beside the tables.
 *
 * @param partial whether the machine had memory that is not here, as of a dump
 * @param accessFaults what becomes of an Access flag fault
 * @param host whose memory is
 */
public record Surroundings(boolean partial, AccessFaults accessFaults, HostMemory host) {

  /** Of a memory dump. */
  public static final Surroundings OF_DUMP =
      new Surroundings(true, AccessFaults.UNKNOWN, HostMemory.UNKNOWN);

  /** Of a machine that stands still, all memory of which is there. */
  public static final Surroundings OF_MACHINE =
      new Surroundings(false, AccessFaults.UNKNOWN, HostMemory.UNKNOWN);
}
