package dev.stagewalk.board;

import dev.stagewalk.mmu.TlbPlan;

/**
 * What can be chosen of a board.
 *
 * @param pes processing elements, 1 to {@link #MOST_PES}
 * @param others address of the first instruction, at EL2, of all PEs but the first; 0 if they are
 *     off until the firmware is asked to switch them on
 * @param quantum instructions one PE executes before the next has its turn, at least 1
 * @param epoch seconds since 1970-01-01 that the real-time clock shows when the board is switched
 *     on
 * @param tlb the TLBs, and what the machine does where the architecture leaves the choice
 * @param profile kind of PE, a name of {@link Profiles}
 * @param hostPage bytes of a page of the host, in which it allocates its memory: 4, 16 or 64 KiB
 */
public record BoardPlan(
    int pes, long others, long quantum, long epoch, TlbPlan tlb, String profile, int hostPage) {
  /** Bytes of a host page where nothing else is asked for, whatever the granule of stage 2 is. */
  public static final int USUAL_HOST_PAGE = 4096;

  /** The PEs of a board where nothing else is asked for. */
  public static final String USUAL_PROFILE = "neoverse-n1";

  /** The most PEs a board can have. */
  public static final int MOST_PES = 4;

  /** Instructions of a turn where nothing else is asked for. */
  public static final long USUAL_QUANTUM = 1000;

  /** 2026-01-01T00:00:00Z. */
  public static final long USUAL_EPOCH = 1_767_225_600L;

  /** One PE. */
  public static final BoardPlan USUAL =
      new BoardPlan(1, 0, USUAL_QUANTUM, USUAL_EPOCH, TlbPlan.USUAL);

  public BoardPlan {
    Profiles.standard().require(profile);
    if (pes < 1 || pes > MOST_PES) {
      throw new IllegalArgumentException("a board has 1 to " + MOST_PES + " PEs, not " + pes);
    }
    if (quantum < 1) {
      throw new IllegalArgumentException(
          "the turn of a PE is at least 1 instruction, not " + quantum);
    }
    if (hostPage != 4 << 10 && hostPage != 16 << 10 && hostPage != 64 << 10) {
      throw new IllegalArgumentException(
          "a page of the host has 4K, 16K or 64K bytes, not " + hostPage);
    }
    if (epoch < 0 || epoch > 0xffff_ffffL) {
      throw new IllegalArgumentException("the real-time clock has 32 bits, not for " + epoch);
    }
  }

  /** A board whose host has pages of the usual size. */
  public BoardPlan(int pes, long others, long quantum, long epoch, TlbPlan tlb, String profile) {
    this(pes, others, quantum, epoch, tlb, profile, USUAL_HOST_PAGE);
  }

  /** A board with PEs of the usual kind. */
  public BoardPlan(int pes, long others, long quantum, long epoch, TlbPlan tlb) {
    this(pes, others, quantum, epoch, tlb, USUAL_PROFILE);
  }

  /** The same board with another kind of PE. */
  public BoardPlan withProfile(String other) {
    return new BoardPlan(pes, others, quantum, epoch, tlb, other, hostPage);
  }

  /** The same board with a host that has pages of another size, in bytes. */
  public BoardPlan withHostPage(int bytes) {
    return new BoardPlan(pes, others, quantum, epoch, tlb, profile, bytes);
  }

  /** The usual board with so many PEs, all but the first off. */
  public static BoardPlan ofPes(int pes, long quantum) {
    return new BoardPlan(pes, 0, quantum, USUAL_EPOCH, TlbPlan.USUAL);
  }

  /** The same board whose other PEs begin with the first, at an address. */
  public BoardPlan startingAt(long entry) {
    return new BoardPlan(pes, entry, quantum, epoch, tlb, profile, hostPage);
  }

  /** The same board with other TLBs. */
  public BoardPlan with(TlbPlan newTlb) {
    return new BoardPlan(pes, others, quantum, epoch, newTlb, profile, hostPage);
  }
}
