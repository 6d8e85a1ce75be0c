package dev.stagewalk.session;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.FaultStatus;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.trace.Gap;
import dev.stagewalk.trace.TraceEvent;
import dev.stagewalk.trace.TraceFields;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a row of the trap log says of a recorded event: what its source says, and no more. */
final class RecordedRow {
  private static final String UNKNOWN = "–";

  private RecordedRow() {}

  static TrapRow of(Event event, SimEvent.Recorded what) {
    return new TrapRow(
        event.number(),
        event.moment().toString(),
        event.moment().instruction(),
        lane(what),
        name(what),
        event.pe(),
        from(what),
        what.pc().isPresent() ? Hex.address(what.pc().getAsLong()) : UNKNOWN,
        "",
        words(what),
        isRenamed(what) ? what.name() : "",
        1,
        time(what));
  }

  /** The row of events that the source lost. */
  static TrapRow lost(Event next, List<Gap> gaps) {
    return new TrapRow(
        next.number(),
        next.moment().toString(),
        next.moment().instruction(),
        "lost",
        "LOST",
        0,
        UNKNOWN,
        UNKNOWN,
        "",
        gaps.stream().map(Gap::words).collect(Collectors.joining("; ")),
        "",
        1,
        UNKNOWN);
  }

  /** Its fields; a row asks for them only where it says one. */
  private static TraceFields fields(SimEvent.Recorded what) {
    return TraceFields.of(
        new TraceEvent(0, 0, TraceEvent.UNKNOWN, -1, -1, -1, "", what.name(), what.text()));
  }

  private static String time(SimEvent.Recorded what) {
    OptionalLong nanos = what.nanos();
    if (nanos.isEmpty()) {
      return UNKNOWN;
    }
    long seconds = nanos.getAsLong() / 1_000_000_000;
    long rest = nanos.getAsLong() % 1_000_000_000;
    // Most sources give microseconds; more digits would look like more is known.
    return rest % 1000 == 0
        ? "%d.%06d".formatted(seconds, rest / 1000)
        : "%d.%09d".formatted(seconds, rest);
  }

  private static String lane(SimEvent.Recorded what) {
    return switch (what.on()) {
      case GUEST -> "guest";
      case EXITS -> isEntry(what) ? "entry" : "exit";
      case HOST -> "host";
      case YOU -> "you";
    };
  }

  /** Whether a guest is entered by it. */
  static boolean isEntry(SimEvent.Recorded what) {
    return EventKind.ENTRY.includes(what);
  }

  /** Whether it is an access to a device that the host emulated. */
  static boolean isAccess(SimEvent.Recorded what) {
    return what.name().equals("kvm_mmio") || what.name().equals("kvm_mmio_emulate");
  }

  /** The thread, which for KVM is the vCPU; the CPU where the source names no thread. */
  private static String from(SimEvent.Recorded what) {
    if (what.thread().isPresent()) {
      return Integer.toString(what.thread().getAsInt());
    }
    return what.cpu().isPresent() ? "CPU " + what.cpu().getAsInt() : UNKNOWN;
  }

  private static String name(SimEvent.Recorded what) {
    if (what.exceptionClass().isPresent()) {
      return Syndrome.of((long) what.exceptionClass().getAsInt() << 26).className();
    }
    return switch (what.name()) {
      case "kvm_exit" -> fields(what).text("ret").map(RecordedRow::upper).orElse("exit");
      case "kvm_entry" -> "ENTRY";
      case "kvm_mmio", "kvm_mmio_emulate" -> "MMIO";
      case "kvm_hvc_arm64" -> "HVC64";
      case "kvm_wfx_arm64" -> "WFX";
      case "kvm_sys_access" -> "SYS64";
      case "irq", "fiq", "serror" -> upper(what.name());
      default -> what.name();
    };
  }

  /** Whether the row calls it otherwise than its source does. */
  private static boolean isRenamed(SimEvent.Recorded what) {
    return what.exceptionClass().isPresent()
        || switch (what.name()) {
          case "kvm_exit", "kvm_entry", "kvm_mmio", "kvm_mmio_emulate" -> true;
          case "kvm_hvc_arm64", "kvm_wfx_arm64", "kvm_sys_access" -> true;
          default -> false;
        };
  }

  private static String upper(String word) {
    return word.toUpperCase(java.util.Locale.ROOT);
  }

  private static String words(SimEvent.Recorded what) {
    if (what.esr().isPresent()) {
      return syndrome(what, Syndrome.of(what.esr().getAsLong()));
    }
    if (what.name().equals("kvm_exit") && what.exceptionClass().isPresent()) {
      return Syndrome.of((long) what.exceptionClass().getAsInt() << 26).classWords();
    }
    return special(what).orElse(what.text());
  }

  private static Optional<String> special(SimEvent.Recorded what) {
    return switch (what.name()) {
      case "kvm_entry" -> Optional.of("the guest is entered");
      case "kvm_exit" ->
          fields(what).text("ret").map(ret -> ret.equals("IRQ") ? "interrupt" : what.text());
      case "irq", "fiq" -> Optional.of("interrupt");
      case "kvm_mmio" -> access(what, fields(what));
      case "kvm_hvc_arm64" -> call(fields(what));
      case "kvm_wfx_arm64" ->
          fields(what).texts().containsKey("is_wfe")
              ? Optional.of(fields(what).number("is_wfe").orElse(0) == 0 ? "wfi" : "wfe")
              : Optional.empty();
      case "kvm_sys_access" -> register(fields(what));
      default -> Optional.empty();
    };
  }

  /** "write · Translation fault, level 2 · IPA 0x4000_0000". */
  private static String syndrome(SimEvent.Recorded what, Syndrome syndrome) {
    Optional<FaultStatus> fault = syndrome.fault();
    if (fault.isEmpty()) {
      return syndrome.sentence();
    }
    boolean data = syndrome.code() == 0x24 || syndrome.code() == 0x25;
    boolean write = (syndrome.iss() >>> 6 & 1) != 0;
    StringBuilder out = new StringBuilder(data ? (write ? "write" : "read") : "fetch");
    out.append(" · ").append(fault.get().words());
    if ((syndrome.iss() >>> 7 & 1) != 0) {
      out.append(", on a stage-1 walk");
    }
    if (what.ipa().isPresent()) {
      out.append(" · IPA ").append(Hex.address(what.ipa().getAsLong()));
    } else {
      boolean fromBelow = what.level() == 2 && ExceptionClass.isAbortFromBelow(syndrome.code());
      if (what.far().isPresent()) {
        out.append(" · VA ").append(Hex.address(what.far().getAsLong()));
      }
      out.append(fromBelow ? " · IPA unknown" : "");
    }
    return out.toString();
  }

  private static Optional<String> access(SimEvent.Recorded what, TraceFields fields) {
    OptionalLong bytes = fields.number("len");
    if (bytes.isEmpty() || what.ipa().isEmpty()) {
      return Optional.empty();
    }
    String type = fields.text("type").orElse("");
    boolean open = type.equals("unsatisfied-read") || fields.number("type").orElse(-1) == 0;
    boolean write = type.equals("write") || fields.number("type").orElse(-1) == 2;
    long count = bytes.getAsLong();
    OptionalLong value = fields.number("val");
    String moved =
        open
            ? " · not answered yet"
            : value.isPresent() ? " · value " + Hex.plain(value.getAsLong()) : "";
    return Optional.of(
        (write ? "write " : "read ")
            + (count == 1 ? "1 byte" : count + " bytes")
            + " · IPA "
            + Hex.address(what.ipa().getAsLong())
            + moved);
  }

  private static Optional<String> call(TraceFields fields) {
    OptionalLong immediate = fields.number("imm");
    OptionalLong x0 = fields.number("r0");
    return immediate.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "hvc #"
                + Hex.immediate(immediate.getAsLong())
                + (x0.isPresent() ? " · x0 " + Hex.address(x0.getAsLong()) : ""));
  }

  private static Optional<String> register(TraceFields fields) {
    OptionalLong write = fields.number("is_write");
    return write.isEmpty()
        ? Optional.empty()
        : fields.text("name").map(name -> (write.getAsLong() == 0 ? "read " : "write ") + name);
  }
}
