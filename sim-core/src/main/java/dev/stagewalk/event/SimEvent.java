package dev.stagewalk.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What can happen in the simulated machine, as data. Each is reported after its effect, and each is
 * one micro-step of the timeline, except {@link Translated}, which is one per descriptor read.
 */
public sealed interface SimEvent {

  /** Who acts: the four lanes of the timeline. */
  enum Lane {
    GUEST,
    EXITS,
    HOST,
    YOU
  }

  /** The lane this kind of event stands in. */
  default Lane lane() {
    return switch (this) {
      case Translated _, UartByte _, GuestStopped _ -> Lane.GUEST;
      case ExceptionTaken e -> e.toEl() < 2 ? Lane.GUEST : e.fromEl() == 2 ? Lane.HOST : Lane.EXITS;
      case FirmwareCalled _, TimePassed _ -> Lane.GUEST;
      case ExceptionReturned e -> e.fromEl() < 2 ? Lane.GUEST : Lane.HOST;
      case HostCallBegan _, HostCallEnded _, Allocated _, Freed _ -> Lane.HOST;
      case DescriptorStored e -> laneOf(e.by());
      case TlbInvalidated e -> laneOf(e.by());
      case BarrierCompleted e -> laneOf(e.by());
      case HostStored _, MemoryCleared _, MemoryCopied _, RegisterWritten _ -> Lane.HOST;
      case Printed _, HandlerAnswered _ -> Lane.HOST;
      case ContextSaved _, ContextLoaded _ -> Lane.HOST;
      case Edited _, Withheld _ -> Lane.YOU;
      case Recorded e -> e.on();
    };
  }

  private static Lane laneOf(@Nullable Instruction by) {
    return isGuest(by) ? Lane.GUEST : Lane.HOST;
  }

  private static boolean isGuest(@Nullable Instruction by) {
    return by != null && by.el() < 2;
  }

  /** Micro-steps this event takes. */
  default int microSteps() {
    return this instanceof Translated t ? Math.max(1, t.translation().steps()) : 1;
  }

  /** A translation table walk, made because the TLB had no entry. */
  record Translated(long pc, Translation translation) implements SimEvent {}

  /**
   * An exception was taken.
   *
   * @param vector 0 to 15: offset from VBAR divided by 0x80
   * @param esr ESR_ELx as it now reads (stale for an interrupt)
   * @param far FAR_ELx as it now reads
   * @param hpfar HPFAR_EL2 as it now reads
   * @param hpfarValid whether this exception wrote HPFAR_EL2
   * @param elr preferred return address
   * @param spsr saved program status
   * @param cause the refused translation; null for all others
   */
  record ExceptionTaken(
      int fromEl,
      int toEl,
      int vector,
      long esr,
      long far,
      long hpfar,
      boolean hpfarValid,
      long elr,
      long spsr,
      @Nullable Translation cause)
      implements SimEvent {

    /** Exception class, bits 31:26 of the syndrome. */
    public int exceptionClass() {
      return (int) (esr >>> 26) & 0x3f;
    }

    /** The fault behind the exception, if there is one. */
    public Optional<Translation.Fault> fault() {
      return cause != null && cause.outcome() instanceof Translation.Fault f
          ? Optional.of(f)
          : Optional.empty();
    }
  }

  /** An exception return (ERET). */
  record ExceptionReturned(int fromEl, int toEl, long pc, long spsr) implements SimEvent {}

  /** The hypervisor's stub stored the guest's registers in its guest structure. */
  record ContextSaved(int exitCode, long guest) implements SimEvent {}

  /** The hypervisor's stub loaded the guest's registers before it returns to the guest. */
  record ContextLoaded(long guest) implements SimEvent {}

  /**
   * A function of the hypervisor was entered.
   *
   * @param name as the library names it: {@code s2mmu_map}
   * @param arguments as a person reads them
   * @param operands of {@code s2mmu_map} VTTBR_EL2 and VTCR_EL2 of the tables, IPA, PA and size in
   *     bytes, of {@code s2mmu_unmap} the same without the PA; empty for others
   */
  record HostCallBegan(String name, String arguments, List<Long> operands) implements SimEvent {
    public HostCallBegan {
      operands = List.copyOf(operands);
    }

    /** A function of which only a person reads the arguments. */
    public HostCallBegan(String name, String arguments) {
      this(name, arguments, List.of());
    }
  }

  /**
   * A function of the hypervisor returned.
   *
   * @param ok false for an error result
   */
  record HostCallEnded(String name, String result, boolean ok) implements SimEvent {}

  /** Pages were allocated; {@code pa} is 0 when there was none (the library's null). */
  record Allocated(int order, long pa) implements SimEvent {}

  /** Pages were given back. */
  record Freed(long pa, String remark) implements SimEvent {}

  /**
   * A translation table descriptor was written: by the hypervisor, or by A64 code to memory that a
   * walk has read descriptors from.
   *
   * @param by the instruction; null for a hypervisor in Java
   */
  record DescriptorStored(long pa, long old, long value, @Nullable Instruction by)
      implements SimEvent {
    /** A store of a hypervisor in Java. */
    public DescriptorStored(long pa, long old, long value) {
      this(pa, old, value, null);
    }
  }

  /** Other memory was written by the hypervisor. */
  record HostStored(long pa, int size, long old, long value) implements SimEvent {}

  /** Memory was filled with zero bytes by the hypervisor. */
  record MemoryCleared(long pa, long bytes) implements SimEvent {}

  /** Memory was copied by the hypervisor. */
  record MemoryCopied(long from, long to, long bytes) implements SimEvent {}

  /** A system register was written by the hypervisor. */
  record RegisterWritten(String register, long old, long value) implements SimEvent {}

  /**
   * A TLBI was executed, on the PE that reports it.
   *
   * @param scope what it names
   * @param removed entries it has removed so far; where it need not be complete before a DSB, the
   *     {@link BarrierCompleted} says what went then
   * @param by the instruction; null for a hypervisor in Java
   */
  record TlbInvalidated(TlbiScope scope, int removed, @Nullable Instruction by)
      implements SimEvent {
    /** The instruction, as {@code vmalls12e1is}. */
    public String operation() {
      return scope.operation();
    }

    /** The VMID it acted on; −1 where it acted on none or on all. */
    public int vmid() {
      return scope.vmid();
    }

    /** Whether the guest executed it. */
    public boolean byGuest() {
      return isGuest(by);
    }
  }

  /**
   * A barrier was executed, on the PE that reports it.
   *
   * @param removed TLB entries that went because it completed a TLBI
   * @param by the instruction; null for a hypervisor in Java
   */
  record BarrierCompleted(Barrier barrier, int removed, @Nullable Instruction by)
      implements SimEvent {
    /** A barrier of a hypervisor in Java that had nothing to complete. */
    public BarrierCompleted(Barrier barrier) {
      this(barrier, 0, null);
    }

    /** As assembly language writes it: {@code dsb ish}. */
    public String text() {
      return barrier.text();
    }
  }

  /** The hypervisor printed a line. */
  record Printed(String text) implements SimEvent {}

  /** A byte left the guest's UART. */
  record UartByte(int value) implements SimEvent {}

  /**
   * The handler of an exit answered.
   *
   * @param resume RESUME or EXIT
   * @param reason what it did, in words
   */
  record HandlerAnswered(boolean resume, String handler, String reason) implements SimEvent {}

  /**
   * An SMC was answered by the firmware in EL3's place.
   *
   * @param function {@code PSCI CPU_ON}
   * @param arguments as a person reads them; empty if there are none
   * @param result what x0 holds afterwards: 0 or more, or a negative error code
   */
  record FirmwareCalled(String function, String arguments, long result) implements SimEvent {}

  /**
   * Every PE waited, and time went on to what may end a wait.
   *
   * @param ticks of the system counter
   */
  record TimePassed(long ticks) implements SimEvent {}

  /** The guest runs no further; {@code ok} if that was its own wish. */
  record GuestStopped(String reason, boolean ok) implements SimEvent {}

  /**
   * A TLBI or barrier was issued, and the person in front of the program had seen to it that it did
   * not do all it says. What it did instead, if anything, is reported after this as its own event.
   *
   * @param instruction what was issued: {@code TLBI VMALLS12E1IS}
   * @param effect what became of it: "you withheld it: it had no effect"
   * @param by the instruction; null for a hypervisor in Java
   */
  record Withheld(String instruction, String effect, @Nullable Instruction by) implements SimEvent {
    /** "the hypervisor issued TLBI VMALLS12E1IS; you withheld it: it had no effect". */
    public String words() {
      return "the hypervisor issued " + instruction + "; " + effect;
    }
  }

  /** The person in front of the program did something to the machine. */
  record Edited(String what) implements SimEvent {}

  /**
   * What a real machine, an emulator or a model recorded of itself. Nothing was executed here, and
   * what the source does not say is empty.
   *
   * @param on the lane it stands in
   * @param form what kind of source it is from: {@code tracefs}, {@code qemu}
   * @param name as the source names it: {@code kvm_guest_fault}
   * @param text the rest, as the source wrote it
   * @param exit whether a guest was left by it for EL2
   * @param esr the whole syndrome
   * @param exceptionClass EC; also where the source says no more of the syndrome
   * @param far the faulting virtual address
   * @param ipa the intermediate physical address, in full or as a page
   * @param pc address of the guest's instruction
   * @param nanos time on the source's clock, in nanoseconds
   * @param cpu of the machine that recorded it
   * @param thread of the machine that recorded it; for KVM it is the vCPU
   */
  record Recorded(
      Lane on,
      String form,
      String name,
      String text,
      boolean exit,
      OptionalLong esr,
      OptionalInt exceptionClass,
      OptionalLong far,
      OptionalLong ipa,
      OptionalLong pc,
      OptionalLong nanos,
      OptionalInt cpu,
      OptionalInt thread)
      implements SimEvent {
    private static final String TO = "to=EL";

    /** The exception level whose ESR and FAR are stated: 2, but where the source says another. */
    public int level() {
      int at = form.equals("qemu") || form.equals("tarmac") ? text.indexOf(TO) : -1;
      boolean said = at >= 0 && at + TO.length() < text.length();
      return said ? text.charAt(at + TO.length()) - '0' : 2;
    }
  }
}
