package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import org.jspecify.annotations.Nullable;

/**
 * The exception an instruction has just raised, or that came before it, not yet taken. One object
 * per PE is reused, because storms of faults must not allocate.
 */
final class PendingException {
  /** What kind of exception: decides the exception class and the form of the syndrome. */
  enum Kind {
    DATA_ABORT,
    INSTRUCTION_ABORT,
    /** The syndrome is complete as given in {@link #iss}. */
    OTHER
  }

  Kind kind = Kind.OTHER;
  int targetEl = 1;

  /** For {@link Kind#OTHER}: exception class. */
  int exceptionClass;

  /** For {@link Kind#OTHER}: ISS. */
  int iss;

  /** Where in a group of four vectors: 0 synchronous, 1 IRQ, 2 FIQ, 3 SError. */
  int vectorOffset;

  /** Whether ESR_ELx is written. */
  boolean givesSyndrome = true;

  /** Whether the preferred return address is the instruction after (HVC, SVC). */
  boolean returnsAfter;

  /** For aborts: DFSC or IFSC. */
  int statusCode;

  /** For aborts: the faulting virtual address. */
  long far;

  /** For aborts: what the access wanted. */
  Access.Kind access = Access.Kind.READ;

  /** For aborts: a stage-2 fault on a stage-1 walk. */
  boolean onStage1Walk;

  /** For data aborts: of a cache maintenance or address translation instruction. */
  boolean maintenance;

  /** For aborts: whether HPFAR_EL2 is written. */
  boolean givesHpfar;

  /** For aborts to EL2: the IPA. */
  long ipa;

  /** For data aborts: whether the syndrome may describe the instruction (ISV). */
  boolean describesInstruction;

  /** Whether FAR_ELx is written. */
  boolean givesFar;

  /** For aborts: the walk that was refused; null if there was none. */
  @Nullable Translation cause;

  GuestException other(int target, int ec, int syndrome) {
    kind = Kind.OTHER;
    targetEl = target;
    exceptionClass = ec;
    iss = syndrome;
    vectorOffset = 0;
    givesSyndrome = true;
    returnsAfter = false;
    givesFar = false;
    givesHpfar = false;
    cause = null;
    return GuestException.TAKEN;
  }

  /** A call (SVC, HVC): the preferred return address is the next instruction. */
  GuestException call(int target, int ec, int syndrome) {
    GuestException e = other(target, ec, syndrome);
    returnsAfter = true;
    return e;
  }

  /** An abort of stage 1, or with the MMU off, taken to EL1 (to EL2 from there). */
  GuestException abort(int target, int code, long va, Access.Kind wanted) {
    kind = wanted == Access.Kind.FETCH ? Kind.INSTRUCTION_ABORT : Kind.DATA_ABORT;
    targetEl = target;
    vectorOffset = 0;
    givesSyndrome = true;
    statusCode = code;
    far = va;
    access = wanted;
    onStage1Walk = false;
    givesHpfar = false;
    givesFar = true;
    returnsAfter = false;
    describesInstruction = false;
    maintenance = false;
    cause = null;
    return GuestException.TAKEN;
  }

  /** An IRQ or FIQ: ESR_ELx stays as it is. */
  GuestException interrupt(int target, int offset) {
    GuestException e = other(target, 0, 0);
    vectorOffset = offset;
    givesSyndrome = false;
    return e;
  }

  /** An SError exception. */
  GuestException serror(int target, int syndrome, int offset) {
    GuestException e = other(target, ExceptionModel.EC_SERROR, syndrome);
    vectorOffset = offset;
    return e;
  }

  /** A PC alignment fault: FAR_ELx gets the address. */
  GuestException misalignedPc(int target, long address) {
    GuestException e = other(target, ExceptionModel.EC_PC_ALIGN, 0);
    givesFar = true;
    far = address;
    return e;
  }

  /** An abort of a translation. */
  GuestException translationAbort(
      int target, long va, Translation refused, Translation.Fault fault) {
    Access.Kind wanted = refused.access().kind();
    if (wanted != Access.Kind.FETCH) {
      wanted = fault.asWrite() ? Access.Kind.WRITE : Access.Kind.READ;
    }
    GuestException e = abort(target, fault.kind().statusCode(fault.level()), va, wanted);
    onStage1Walk = fault.onStage1Walk();
    describesInstruction =
        fault.stage() == 2
            && !onStage1Walk
            && fault.kind() != FaultKind.EXTERNAL_ON_WALK
            && fault.kind() != FaultKind.TLB_CONFLICT;
    givesHpfar = fault.givesHpfar();
    ipa = fault.ipa();
    cause = refused;
    return e;
  }

  /** Whether this is an abort for want of permission, other than on a walk of stage 1. */
  boolean lacksPermission() {
    return cause != null
        && cause.outcome() instanceof Translation.Fault fault
        && fault.kind() == FaultKind.PERMISSION
        && !fault.onStage1Walk();
  }

  /** Makes an abort one of a cache maintenance or AT instruction: CM and WnR are set. */
  RuntimeException asMaintenance(RuntimeException abort) {
    if (kind == Kind.DATA_ABORT) {
      access = Access.Kind.WRITE;
      maintenance = true;
      describesInstruction = false;
    }
    return abort;
  }
}
