package dev.stagewalk.session;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.time.EventLog;
import java.util.List;

/** The parts of a snapshot that are computed from a machine that stands still. */
final class SnapshotMaker {
  private SnapshotMaker() {}

  /** Registers of every PE, by number. */
  static List<PeState> allRegisters(Machine machine) {
    return machine.pes().stream().map(SnapshotMaker::registers).toList();
  }

  private static PeState registers(Pe pe) {
    return new PeState(
        pe.id(),
        pe.waiting().activity(),
        pe.el(),
        pe.pc(),
        pe.sp(),
        pe.pstate(),
        pe.registerFile());
  }

  /** One line for the status bar. */
  static String status(RunState state, boolean bare, EventLog.View events, long count) {
    return switch (state) {
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case AWAITS_INPUT -> "waits for input: type it in the console";
      case AT_EXIT -> "paused at guest exit";
      case ENDED -> (bare ? "program ended: " : "guest ended: ") + lastReason(events, count);
    };
  }

  private static String lastReason(EventLog.View events, long count) {
    for (long n = count - 1; n >= Math.max(0, count - 64); n--) {
      if (events.get(n).what() instanceof SimEvent.GuestStopped stopped) {
        return stopped.reason();
      }
    }
    return "the machine stands still";
  }
}
