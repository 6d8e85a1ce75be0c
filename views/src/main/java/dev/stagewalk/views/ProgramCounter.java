package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;

/** Where the program is, for the status row. */
public final class ProgramCounter {
  private ProgramCounter() {}

  /**
   * "PC 0x4008_0028 (touch_pages+0x4)": the instruction that waits or comes next; empty before a
   * guest begins and after its end.
   */
  public static String words(Snapshot snapshot) {
    long at = GuestState.instruction(snapshot);
    boolean nowhere =
        at == Listing.NONE || GuestState.isBefore(snapshot.pe(), snapshot.scenario().bare());
    return nowhere ? "" : "PC " + snapshot.program().names().shown(at);
  }
}
