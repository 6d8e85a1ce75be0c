package dev.stagewalk.trace;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.time.Events;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of a run of the simulator as KVM's tracepoints would have told them, as far as the run
 * knows what they say: entries and exits, stage-2 faults, emulated accesses, trapped system
 * registers and waits. An instruction counts as a microsecond; a guest is a process, numbered by a
 * thousand times its VMID, and its PEs are the threads in it.
 */
public final class RunAsTrace {
  private static final int ABORT_DATA = 0x24;
  private static final int ABORT_FETCH = 0x20;

  /** The names that the kernel has for exception classes; others are numbers. */
  private static final Map<Integer, String> CLASSES =
      Map.ofEntries(
          Map.entry(0x00, "UNKNOWN"),
          Map.entry(0x01, "WFx"),
          Map.entry(0x07, "FP_ASIMD"),
          Map.entry(0x09, "PAC"),
          Map.entry(0x15, "SVC64"),
          Map.entry(0x16, "HVC64"),
          Map.entry(0x17, "SMC64"),
          Map.entry(0x18, "SYS64"),
          Map.entry(0x19, "SVE"),
          Map.entry(ABORT_FETCH, "IABT_LOW"),
          Map.entry(0x22, "PC_ALIGN"),
          Map.entry(ABORT_DATA, "DABT_LOW"),
          Map.entry(0x26, "SP_ALIGN"),
          Map.entry(0x2f, "SERROR"),
          Map.entry(0x30, "BREAKPT_LOW"),
          Map.entry(0x32, "SOFTSTP_LOW"),
          Map.entry(0x34, "WATCHPT_LOW"),
          Map.entry(0x3c, "BRK64"));

  /** What the library's handler of emulated devices says it has done. */
  private static final Pattern EMULATED =
      Pattern.compile("^(wrote|read) (0x[0-9a-f_]+) (?:from|into) .* by the syndrome$");

  private final TraceEvents found = new TraceEvents();
  private final Map<String, Long> leftOut = new TreeMap<>();
  private final Map<Integer, Integer> vmids = new HashMap<>();
  private final Map<Integer, SimEvent.ExceptionTaken> exits = new HashMap<>();

  private RunAsTrace() {}

  /**
   * Tells a run so.
   *
   * @param name of the run
   * @param count events of it that are told, from the first on
   * @return its remarks say what of the run has no such event, and how often
   */
  public static Trace of(String name, Events events, long count) {
    RunAsTrace told = new RunAsTrace();
    for (long n = 0; n < count; n++) {
      told.take(events.get(n));
    }
    List<String> remarks = new ArrayList<>();
    remarks.add("a run of the simulator: one microsecond an instruction");
    if (!told.leftOut.isEmpty()) {
      remarks.add(
          "left out, because KVM has no tracepoint that says it: "
              + String.join(
                  ", ",
                  told.leftOut.entrySet().stream()
                      .map(e -> e.getValue() + " " + e.getKey())
                      .toList()));
    }
    return new Trace(
        name, TraceKind.TRACEFS, told.found, List.of(), remarks, new Trace.Unread(0, List.of()));
  }

  private void take(Event event) {
    switch (event.what()) {
      case SimEvent.ExceptionTaken taken when taken.fromEl() < 2 && taken.toEl() == 2 ->
          exit(event, taken);
      case SimEvent.ExceptionReturned back when back.fromEl() == 2 && back.toEl() < 2 ->
          say(event, "kvm_entry", "PC: 0x%016x".formatted(back.pc()));
      case SimEvent.HandlerAnswered answer -> {
        if (!emulated(event, answer)) {
          leaveOut("answers of handlers");
        }
      }
      case SimEvent.RegisterWritten write -> {
        if (write.register().equals("VTTBR_EL2") && write.value() != 0) {
          vmids.put(event.pe(), (int) (write.value() >>> 48));
        }
        leaveOut("writes of system registers");
      }
      case SimEvent what -> leaveOut(kind(what));
    }
  }

  private void exit(Event event, SimEvent.ExceptionTaken taken) {
    exits.put(event.pe(), taken);
    switch (taken.vector() & 3) {
      case 0 -> trap(event, taken);
      case 1, 2 ->
          say(
              event,
              "kvm_exit",
              "IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x%016x".formatted(taken.elr()));
      default ->
          say(
              event,
              "kvm_exit",
              "SERROR: HSR_EC: 0x%04x (%s), PC: 0x%016x"
                  .formatted(taken.exceptionClass(), name(taken), taken.elr()));
    }
  }

  private void trap(Event event, SimEvent.ExceptionTaken taken) {
    say(
        event,
        "kvm_exit",
        "TRAP: HSR_EC: 0x%04x (%s), PC: 0x%016x"
            .formatted(taken.exceptionClass(), name(taken), taken.elr()));
    switch (taken.exceptionClass()) {
      case ABORT_DATA, ABORT_FETCH -> {
        OptionalLong page = page(taken);
        if (page.isPresent()) {
          say(
              event,
              "kvm_guest_fault",
              "ipa 0x%x, hsr 0x%08x, hxfar 0x%08x, pc 0x%016x"
                  .formatted(page.getAsLong(), taken.esr(), taken.far(), taken.elr()));
        } else {
          leaveOut("IPAs of aborts, which the exception does not say");
        }
      }
      case 0x18 -> say(event, "kvm_handle_sys_reg", "HSR 0x%08x".formatted(taken.esr()));
      case 0x01 ->
          say(
              event,
              "kvm_wfx_arm64",
              "guest executed wf%c at: 0x%016x"
                  .formatted((taken.esr() & 1) == 0 ? 'i' : 'e', taken.elr()));
      case 0x16 -> leaveOut("arguments of HVCs, of which their exits are told");
      default -> {
        // The exit says all there is.
      }
    }
  }

  private static String name(SimEvent.ExceptionTaken taken) {
    return CLASSES.getOrDefault(taken.exceptionClass(), "0x%x".formatted(taken.exceptionClass()));
  }

  /** The page of the IPA, where HPFAR_EL2 or the walk says it. */
  private static OptionalLong page(SimEvent.ExceptionTaken taken) {
    if (taken.hpfarValid()) {
      return OptionalLong.of((taken.hpfar() >>> 4 & 0xfff_ffff_ffffL) << 12);
    }
    Optional<Translation.Fault> fault = taken.fault();
    return fault.isPresent() && fault.get().stage() == 2
        ? OptionalLong.of(fault.get().ipa() & -4096L)
        : OptionalLong.empty();
  }

  private boolean emulated(Event event, SimEvent.HandlerAnswered answer) {
    SimEvent.ExceptionTaken exit = exits.remove(event.pe());
    Matcher m = EMULATED.matcher(answer.reason());
    if (exit == null || !exit.hpfarValid() || !answer.handler().equals("mmio") || !m.matches()) {
      return false;
    }
    long ipa = page(exit).orElse(0) | exit.far() & 0xfff;
    say(
        event,
        "kvm_mmio",
        "mmio %s len %d gpa 0x%x val %s"
            .formatted(
                m.group(1).equals("read") ? "read" : "write",
                1 << (exit.esr() >>> 22 & 3),
                ipa,
                m.group(2).replace("_", "")));
    return true;
  }

  private void leaveOut(String what) {
    leftOut.merge(what, 1L, Long::sum);
  }

  private static String kind(SimEvent what) {
    return switch (what) {
      case SimEvent.Translated _ -> "table walks";
      case SimEvent.ExceptionTaken _ -> "exceptions inside the guest or the hypervisor";
      case SimEvent.ExceptionReturned _ -> "returns inside the guest or the hypervisor";
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _ -> "register contexts";
      case SimEvent.HostCallBegan _, SimEvent.HostCallEnded _ ->
          "beginnings and ends of host calls";
      case SimEvent.Allocated _, SimEvent.Freed _ -> "pages allocated or freed";
      case SimEvent.DescriptorStored _ -> "descriptors written";
      case SimEvent.HostStored _, SimEvent.MemoryCleared _, SimEvent.MemoryCopied _ ->
          "writes of the hypervisor";
      case SimEvent.RegisterWritten _ -> "writes of system registers";
      case SimEvent.TlbInvalidated _ -> "TLBIs";
      case SimEvent.BarrierCompleted _ -> "barriers";
      case SimEvent.Printed _, SimEvent.UartByte _ -> "pieces of output";
      case SimEvent.HandlerAnswered _ -> "answers of handlers";
      case SimEvent.FirmwareCalled _ -> "calls of firmware";
      case SimEvent.TimePassed _ -> "waits";
      case SimEvent.GuestStopped _ -> "ends of a guest";
      case SimEvent.Withheld _, SimEvent.Edited _ -> "edits of yours";
      case SimEvent.Recorded _ -> "recorded events";
    };
  }

  private void say(Event event, String name, String body) {
    Integer vmid = vmids.get(event.pe());
    int process = vmid == null ? -1 : 1000 * vmid;
    found.add(
        new TraceEvent(
            0,
            found.size() + 1L,
            event.moment().instruction() * 1000,
            event.pe(),
            (vmid == null ? 1 : process) + event.pe(),
            process,
            "vcpu-" + event.pe(),
            name,
            body));
  }
}
