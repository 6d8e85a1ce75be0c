package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.TwoStage;

/** What a hypervisor may do about an abort beside changing tables: find, emulate, pass on, end. */
final class AbortAnswers {
  private final Scene scene;
  private final ExceptionTaken taken;
  private final String fault;

  AbortAnswers(Scene scene, ExceptionTaken taken, String fault) {
    this.scene = scene;
    this.taken = taken;
    this.fault = fault;
  }

  void addTo(Draft draft) {
    if (!taken.hpfarValid() && kindIs(FaultKind.PERMISSION)) {
      findTheIpa(draft);
    }
    boolean walkOfStage1 = onWalk();
    boolean data = taken.exceptionClass() == 0x24;
    if (data
        && !walkOfStage1
        && (kindIs(FaultKind.TRANSLATION) || kindIs(FaultKind.PERMISSION))
        && taken.fault().filter(f -> f.level() > 0 || hasLookups()).isPresent()) {
      emulate(draft);
    }
    draft.may(
        "Pass it on to the guest",
        walkOfStage1
            ? "The guest's own handler sees a synchronous External abort on its table walk, level "
                + stage1Level()
                + ", for the same address."
            : "The guest's own handler sees a synchronous External abort at the same address.",
        "ESR_EL1 = "
            + Hex.address(guestSyndrome())
            + ", FAR_EL1 = FAR_EL2, ELR_EL1 = ELR_EL2, SPSR_EL1 = SPSR_EL2",
        "ELR_EL2 = VBAR_EL1 + " + Hex.plain(guestVector()) + ", SPSR_EL2 = EL1h with DAIF masked",
        "ERET");
    draft.may("End the guest", "EXIT: guest_run returns to its caller with \"" + fault + "\".");
  }

  private boolean hasLookups() {
    return taken.cause() != null && !taken.cause().lookups().isEmpty();
  }

  private boolean kindIs(FaultKind kind) {
    return taken.fault().filter(f -> f.kind() == kind).isPresent();
  }

  private void findTheIpa(Draft draft) {
    if (!scene.stage1On()) {
      draft.may(
          "Take the IPA from FAR_EL2",
          "HPFAR_EL2 is UNKNOWN, but stage 1 is off: the VA in FAR_EL2 is the IPA.");
      return;
    }
    draft.may(
        "Find the IPA",
        "HPFAR_EL2 is UNKNOWN, so the VA is translated by stage 1 again."
            + computed()
            + " If PAR_EL1.F is then 1, the guest has changed its tables: return to it, and it"
            + " faults anew.",
        "HCR_EL2.TGE = 0, with the guest's SCTLR_EL1, TCR_EL1, TTBR0_EL1, TTBR1_EL1 and MAIR_EL1"
            + " loaded; ISB",
        "save PAR_EL1, which is the guest's",
        "AT S1E1R, FAR_EL2",
        "ISB",
        "read PAR_EL1, and give the guest back its own",
        "if F (bit 0) was 1: ERET with ELR_EL2 as it is",
        "the PA field of PAR_EL1 and FAR_EL2[11:0] are the IPA");
  }

  /** What that AT gives, by the walker. */
  private String computed() {
    Translation walk = taken.cause();
    if (walk == null || walk.stage() != 1) {
      return "";
    }
    Stage1Parameters first = scene.stage1(Regime.EL1_0);
    Translation at =
        TwoStage.probeStage1(
            first, scene.stage2(), taken.far(), Access.read(1), scene.readerOf(walk));
    return at.outcome() instanceof Translation.Output output
        ? " Here it gives IPA " + Hex.address(output.address()) + "."
        : "";
  }

  private void emulate(Draft draft) {
    long esr = taken.esr();
    if ((esr >>> 24 & 1) == 0) {
      draft.may(
          "Emulate a device",
          "ISV is 0, so the syndrome does not describe the access: the instruction at ELR_EL2 must"
              + " be read and decoded first.");
      return;
    }
    boolean write = (esr >>> 6 & 1) != 0;
    int size = 1 << (esr >>> 22 & 3);
    boolean wide = (esr >>> 15 & 1) != 0;
    boolean signed = (esr >>> 21 & 1) != 0;
    String register = Wording.register((int) (esr >>> 16) & 31, wide);
    draft.may(
        "Emulate a device",
        "ISV is 1: the syndrome describes the access, and no instruction need be decoded.",
        write
            ? "give the low " + Wording.bytes(size) + " of " + register + " to the device"
            : register
                + " = "
                + Wording.bytes(size)
                + " from the device, "
                + (signed ? "sign" : "zero")
                + "-extended",
        "ELR_EL2 = ELR_EL2 + 4",
        "ERET");
  }

  /**
   * External abort, from EL0 or from EL1 itself: of the access, or of the walk at the level of
   * stage 1 that could not be read. WnR is then the access's own, not that of the walk.
   */
  private long guestSyndrome() {
    boolean fetch = taken.exceptionClass() == 0x20;
    long ec = (fetch ? 0x20 : 0x24) + (taken.fromEl() == 1 ? 1 : 0);
    long wnr = fetch ? 0 : taken.esr() & 1 << 6;
    Translation walk = taken.cause();
    if (onWalk() && walk != null) {
      wnr = walk.access().kind() == Access.Kind.WRITE ? 1 << 6 : 0;
    }
    int status =
        onWalk()
            ? FaultKind.EXTERNAL_ON_WALK.statusCode(stage1Level())
            : FaultKind.EXTERNAL.statusCode(0);
    return ec << 26 | 1L << 25 | wnr | status;
  }

  private boolean onWalk() {
    return (taken.esr() >>> 7 & 1) != 0;
  }

  /** Level of the stage-1 descriptor that stage 2 refused; 0 where the walk is not known. */
  private int stage1Level() {
    Translation walk = taken.cause();
    return walk == null
        ? 0
        : walk.lookups().stream()
            .filter(l -> l.stage() == 1)
            .reduce((_, last) -> last)
            .map(Lookup::level)
            .orElse(0);
  }

  private int guestVector() {
    return taken.fromEl() == 0 ? 0x400 : (taken.spsr() & 1) != 0 ? 0x200 : 0;
  }
}
