package dev.stagewalk.trace;

import dev.stagewalk.event.SimEvent.Lane;
import java.util.Set;

/** Where in a timeline an event of a trace stands, told without taking it apart. */
final class RecordedLanes {
  /** Events of KVM at the border between a guest and its hypervisor. */
  private static final Set<String> AT_THE_BORDER =
      Set.of(
          "kvm_entry",
          "kvm_exit",
          "kvm_guest_fault",
          "kvm_access_fault",
          "kvm_mmio",
          "kvm_mmio_emulate",
          "kvm_mmio_nisv",
          "kvm_handle_sys_reg",
          "kvm_sys_access",
          "kvm_hvc_arm64",
          "kvm_wfx_arm64",
          "kvm_set_way_flush",
          "kvm_toggle_cache",
          "kvm_nested_eret",
          "kvm_inject_nested_exception",
          "kvm_forward_sysreg_trap",
          "trap_reg",
          "hyp_enter",
          "hyp_exit");

  private RecordedLanes() {}

  static Lane of(TraceKind kind, TraceEvents events, int number) {
    String name = events.eventName(number);
    return switch (kind) {
      case TRACEFS, TRACE_CMD, PERF_SCRIPT, PERF_TRACE, TRACE_DAT ->
          AT_THE_BORDER.contains(name) ? Lane.EXITS : Lane.HOST;
      case QEMU -> ofQemu(name, name.equals("IN") ? "" : events.get(number).body());
      case TARMAC -> name.equals("E") || name.equals("EXC") ? Lane.EXITS : Lane.GUEST;
      case STAGE2_TABLES -> Lane.HOST;
      case GDB_TRAPS -> Lane.EXITS;
    };
  }

  private static Lane ofQemu(String name, String body) {
    return switch (name) {
      case "IN", "Trace" -> Lane.GUEST;
      case "message" -> Lane.HOST;
      default -> {
        boolean from2 = body.contains("from=EL2") || body.contains("from=EL3");
        boolean to2 = body.contains("to=EL2") || body.contains("to=EL3");
        yield from2 != to2 ? Lane.EXITS : from2 ? Lane.HOST : Lane.GUEST;
      }
    };
  }

  /** Whether a guest is left for EL2 by it. */
  static boolean isExit(TraceKind kind, TraceEvents events, int number) {
    String name = events.eventName(number);
    return switch (kind) {
      case TRACEFS, TRACE_CMD, PERF_SCRIPT, PERF_TRACE, TRACE_DAT -> name.equals("kvm_exit");
      case QEMU -> isQemuExit(name, events, number);
      case TARMAC -> name.equals("E") && events.get(number).body().contains("CoreEvent_LOWER_");
      case STAGE2_TABLES -> false;
      case GDB_TRAPS -> true;
    };
  }

  private static boolean isQemuExit(String name, TraceEvents events, int number) {
    if (name.equals("IN") || name.equals("Trace") || name.equals("message")) {
      return false;
    }
    String body = events.get(number).body();
    return body.contains("to=EL2") && (body.contains("from=EL1") || body.contains("from=EL0"));
  }
}
