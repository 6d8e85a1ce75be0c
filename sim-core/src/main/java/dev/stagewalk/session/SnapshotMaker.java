package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TlbEntry;
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

  /**
   * The TLB's entries.
   *
   * @param compared whether to say how each agrees with the tables as they stand
   */
  static List<Snapshot.TlbRow> tlb(Machine machine, boolean compared) {
    Stage2Parameters parameters = parameters(machine);
    return machine.tlb().entries().stream()
        .map(e ->
            new Snapshot.TlbRow(
                e.pe(),
                e.vmid(),
                e.kind(),
                e.kind() == TlbEntry.Kind.TABLE_1 ? e.input() : e.ipa(e.input()),
                e.size(),
                e.output(),
                attributes(e),
                compared ? staleness(machine.ram(), parameters, e) : ""))
        .toList();
  }

  private static String attributes(TlbEntry e) {
    Stage1Tag tag = e.stage1();
    String whose =
        tag == null
            ? ""
            : (e.regime() == Regime.EL1_0 ? "" : e.regime().text() + " · ")
                + "VA "
                + Hex.address(e.input())
                + " · "
                + tag.words()
                + " · ";
    if (e.kind().isTable()) {
      return whose + "level " + e.level() + " table";
    }
    String stage1 = tag == null ? "" : "stage 1 " + tag.permissions().text() + " · ";
    boolean stage2 = e.kind() != TlbEntry.Kind.STAGE_1;
    return whose + stage1 + (stage2 ? e.permissions() + " · " : "") + e.memoryType().words();
  }

  private static String staleness(PhysicalMemory ram, Stage2Parameters parameters, TlbEntry e) {
    Stage1Tag tag = e.stage1();
    boolean stage2 = tag == null || e.kind() == TlbEntry.Kind.COMBINED;
    if (!parameters.enabled() || e.vmid() != parameters.vmid() || !stage2) {
      return "";
    }
    DescriptorReader reader =
        pa -> {
          if (!ram.contains(pa, 8)) {
            throw ExternalAbort.ABORT;
          }
          return ram.read(pa, 8);
        };
    return String.join(
        "; ",
        e.disagreements(
            parameters, Stage2Walk.walk(parameters, e.ipa(e.input()), Access.read(1), reader)));
  }

  /** Stage-2 translation as the registers now say. */
  static Stage2Parameters parameters(Machine machine) {
    Pe pe = machine.pe();
    return Stage2Parameters.decode(
        pe.system(SystemRegisters.VTCR_EL2),
        pe.system(SystemRegisters.VTTBR_EL2),
        pe.system(SystemRegisters.HCR_EL2),
        machine.profile().features());
  }

  /** One line for the status bar. */
  static String status(RunState state, EventLog.View events, long count) {
    return switch (state) {
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case AT_EXIT -> "paused at guest exit";
      case ENDED -> "guest ended: " + lastReason(events, count);
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
