package dev.stagewalk.trace;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.Lane;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Takes an event of a trace apart. A register that an event shows but its exception has not written
 * is stale, so it counts as unknown: ESR at an interrupt, FAR where no abort wrote it.
 */
final class RecordedFacts {
  /** What KVM's {@code ret} says of an exit by a synchronous exception. */
  private static final long TRAP = 2;

  private static final Set<Integer> ABORTS = Set.of(0x20, 0x21, 0x24, 0x25);

  /** Exception classes that write FAR besides aborts: PC alignment, watchpoints. */
  private static final Set<Integer> WITH_FAR = Set.of(0x22, 0x34, 0x35);

  private RecordedFacts() {}

  static SimEvent.Recorded of(Trace trace, int number) {
    TraceKind kind = trace.kind();
    TraceEvent event = trace.events().get(number);
    Lane lane = RecordedLanes.of(kind, trace.events(), number);
    if (lane == Lane.HOST && isKvm(kind)) {
      // None of the host's own events says a register or an IPA: they need not be taken apart.
      return plain(lane, kind, event);
    }
    TraceFields fields = TraceFields.of(event);
    OptionalLong esr = esr(kind, event, fields);
    OptionalInt exceptionClass =
        esr.isPresent()
            ? OptionalInt.of(Syndrome.of(esr.getAsLong()).code())
            : exceptionClass(kind, event, fields);
    boolean abort = exceptionClass.isPresent() && ABORTS.contains(exceptionClass.getAsInt());
    boolean withFar =
        abort || exceptionClass.isPresent() && WITH_FAR.contains(exceptionClass.getAsInt());
    return new SimEvent.Recorded(
        lane,
        kind.id(),
        event.name(),
        event.body(),
        RecordedLanes.isExit(kind, trace.events(), number),
        esr,
        exceptionClass,
        withFar && !isUnknown(esr) ? fields.far() : OptionalLong.empty(),
        switch (kind) {
          case GDB_TRAPS, TARMAC -> pageOfHpfar(esr, fields);
          case TRACEFS, TRACE_CMD, PERF_SCRIPT, PERF_TRACE, TRACE_DAT, QEMU, STAGE2_TABLES ->
              fields.ipa();
        },
        // Over gdb the PC is that of the vector; the guest's is the preferred return address.
        kind == TraceKind.GDB_TRAPS ? fields.number("elr_el2") : fields.pc(),
        event.hasTime() ? OptionalLong.of(event.nanos()) : OptionalLong.empty(),
        event.cpu() < 0 ? OptionalInt.empty() : OptionalInt.of(event.cpu()),
        event.thread() < 0 ? OptionalInt.empty() : OptionalInt.of(event.thread()));
  }

  private static SimEvent.Recorded plain(Lane lane, TraceKind kind, TraceEvent event) {
    return new SimEvent.Recorded(
        lane,
        kind.id(),
        event.name(),
        event.body(),
        false,
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        event.hasTime() ? OptionalLong.of(event.nanos()) : OptionalLong.empty(),
        event.cpu() < 0 ? OptionalInt.empty() : OptionalInt.of(event.cpu()),
        event.thread() < 0 ? OptionalInt.empty() : OptionalInt.of(event.thread()));
  }

  private static boolean isKvm(TraceKind kind) {
    return switch (kind) {
      case TRACEFS, TRACE_CMD, PERF_SCRIPT, PERF_TRACE, TRACE_DAT -> true;
      case QEMU, TARMAC, STAGE2_TABLES, GDB_TRAPS -> false;
    };
  }

  private static OptionalLong esr(TraceKind kind, TraceEvent event, TraceFields fields) {
    boolean interrupt = kind == TraceKind.GDB_TRAPS && !event.name().equals("sync");
    return interrupt ? OptionalLong.empty() : fields.esr();
  }

  private static OptionalInt exceptionClass(TraceKind kind, TraceEvent event, TraceFields fields) {
    if (kind == TraceKind.GDB_TRAPS) {
      // A syndrome that was passed over is stale, and its class with it.
      return OptionalInt.empty();
    }
    OptionalLong named = fields.exceptionClass();
    boolean meant =
        named.isPresent()
            && named.getAsLong() >= 0
            && named.getAsLong() < 64
            && (!event.name().equals("kvm_exit") || fields.number("ret").orElse(-1) == TRAP);
    return meant ? OptionalInt.of((int) named.getAsLong()) : OptionalInt.empty();
  }

  /** Whether FnV says that FAR holds nothing. */
  private static boolean isUnknown(OptionalLong esr) {
    if (esr.isEmpty()) {
      return false;
    }
    boolean abort = ABORTS.contains(Syndrome.of(esr.getAsLong()).code());
    return abort && (esr.getAsLong() >>> 10 & 1) != 0;
  }

  /**
   * The page in HPFAR_EL2, where the exception has written that.
   *
   * <p>Source: Arm ARM, "HPFAR_EL2, Hypervisor IPA Fault Address Register".
   */
  private static OptionalLong pageOfHpfar(OptionalLong esr, TraceFields fields) {
    OptionalLong hpfar = fields.number("hpfar_el2");
    if (esr.isEmpty() || hpfar.isEmpty()) {
      return OptionalLong.empty();
    }
    Syndrome syndrome = Syndrome.of(esr.getAsLong());
    boolean lower = ExceptionClass.isAbortFromBelow(syndrome.code());
    Optional<FaultKind> fault = syndrome.fault().flatMap(status -> status.kind());
    boolean onWalk = (esr.getAsLong() >>> 7 & 1) != 0;
    boolean written =
        fault.isPresent()
            && (switch (fault.get()) {
              case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> true;
              case PERMISSION -> onWalk;
              case ALIGNMENT, EXTERNAL, EXTERNAL_ON_WALK, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE ->
                  false;
            });
    return lower && written
        ? OptionalLong.of((hpfar.getAsLong() >>> 4 & 0xfff_ffff_ffffL) << 12)
        : OptionalLong.empty();
  }
}
