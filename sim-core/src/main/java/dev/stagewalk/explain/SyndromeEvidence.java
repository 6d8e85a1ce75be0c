package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What ESR, FAR, HPFAR, ELR and SPSR say after an exception, and which of them to believe. */
final class SyndromeEvidence {
  /** Fields that say something also when they are 0. */
  private static final Set<String> ALWAYS =
      Set.of("ISV", "WnR", "DFSC", "IFSC", "imm16", "TI", "Direction", "Op0", "Op1", "Op2");

  private static final Set<String> ALWAYS_IN_ACCESS =
      Set.of("SAS", "SRT", "SSE", "SF", "Rt", "CRn", "CRm");

  private final Scene scene;
  private final ExceptionTaken taken;
  private final String el;
  private final List<Evidence> rows = new ArrayList<>();

  private SyndromeEvidence(Scene scene, ExceptionTaken taken) {
    this.scene = scene;
    this.taken = taken;
    this.el = "_EL" + taken.toEl();
  }

  static List<Evidence> of(Scene scene, ExceptionTaken taken) {
    SyndromeEvidence evidence = new SyndromeEvidence(scene, taken);
    if (isInterrupt(taken)) {
      evidence.address("ESR" + el(taken), taken.esr(), "not written by an interrupt");
    } else {
      evidence.syndrome();
      evidence.faultAddresses();
    }
    evidence.returnState();
    return evidence.rows;
  }

  /** IRQ, FIQ and SError come by vectors of their own. */
  static boolean isInterrupt(ExceptionTaken taken) {
    return (taken.vector() & 3) == 1 || (taken.vector() & 3) == 2;
  }

  static boolean isAbort(ExceptionTaken taken) {
    return (taken.vector() & 3) == 0
        && switch (taken.exceptionClass()) {
          case 0x20, 0x21, 0x24, 0x25 -> true;
          default -> false;
        };
  }

  private static String el(ExceptionTaken taken) {
    return "_EL" + taken.toEl();
  }

  private void syndrome() {
    Syndrome syndrome = Syndrome.of(taken.esr());
    address("ESR" + el, taken.esr(), syndrome.classWords());
    rows.add(
        new Evidence(
            "ESR" + el,
            "EC",
            "[31:26]",
            Wording.binary(syndrome.code(), 6),
            syndrome.className() + ", " + syndrome.classWords()));
    boolean described = (taken.esr() >>> 24 & 1) != 0;
    for (FieldValue field : syndrome.fields()) {
      if (!field.name().startsWith("RES0") && says(field, described)) {
        int width = field.hi() - field.lo() + 1;
        String value = width <= 6 ? Wording.binary(field.raw(), width) : Hex.plain(field.raw());
        rows.add(new Evidence("ESR" + el, field.name(), field.bits(), value, meaning(field)));
      }
    }
  }

  private static boolean says(FieldValue field, boolean described) {
    return field.raw() != 0
        || ALWAYS.contains(field.name())
        || ALWAYS_IN_ACCESS.contains(field.name()) && (described || field.name().startsWith("C"));
  }

  private static String meaning(FieldValue field) {
    return switch (field.name()) {
      case "ISV" ->
          field.raw() == 1
              ? "the fields that describe the access are valid"
              : "SAS, SSE, SRT, SF and AR say nothing about this access";
      case "WnR", "DFSC", "IFSC", "SAS", "SRT", "imm16" -> field.text();
      case "S1PTW" -> "on the fetch of a stage-1 descriptor";
      default -> field.description() + ": " + field.text();
    };
  }

  private void faultAddresses() {
    boolean abort = isAbort(taken);
    boolean misalignedPc = taken.exceptionClass() == 0x22;
    if (abort || misalignedPc) {
      boolean known = !abort || (taken.esr() >>> 10 & 1) == 0;
      address("FAR" + el, taken.far(), known ? "the VA that was used" : "UNKNOWN: FnV is 1");
    } else {
      address("FAR" + el, taken.far(), "not written by this exception: whatever it held before");
    }
    if (taken.toEl() == 2) {
      hpfar(abort);
    }
  }

  private void hpfar(boolean abort) {
    long page = (taken.hpfar() >>> 4 & 0xfff_ffff_ffffL) << 12;
    if (taken.hpfarValid()) {
      rows.add(
          new Evidence(
              "HPFAR_EL2",
              "FIPA",
              "[47:4]",
              Hex.plain(page >>> 12),
              "IPA page " + Hex.address(page) + "; valid, because " + whyValid()));
      return;
    }
    String why =
        abort
            ? "UNKNOWN: " + whyUnknown() + whatItHolds()
            : "not written by this exception: whatever it held before";
    address("HPFAR_EL2", taken.hpfar(), why);
  }

  private String whyValid() {
    Optional<Translation.Fault> fault = taken.fault();
    return fault.isPresent() && fault.get().kind() == FaultKind.PERMISSION
        ? "a stage-2 Permission fault on a stage-1 walk writes it"
        : "stage-2 Translation, Access flag and Address size faults write it";
  }

  private String whyUnknown() {
    Optional<FaultKind> kind = Syndrome.of(taken.esr()).fault().flatMap(f -> f.kind());
    return kind.isPresent() && kind.get() == FaultKind.PERMISSION
        ? "a Permission fault writes it only on a stage-1 walk"
        : "of stage-2 faults only Translation, Access flag and Address size faults write it, and"
            + " Permission faults on a stage-1 walk";
  }

  private String whatItHolds() {
    return switch (scene.stage2().policy().unknown()) {
      case KEPT -> "; here it holds what it held before, one allowed choice";
      case POISON -> "; here it holds a poison, one allowed choice";
    };
  }

  private void returnState() {
    String where = scene.instruction().map(text -> "`" + text + "`").orElse("");
    String label = scene.symbol().map(name -> " at " + name).orElse("");
    address(
        "ELR" + el,
        taken.elr(),
        ExceptionStory.returnsAfter(taken)
            ? "the instruction after the one that was executed" + brackets(where + label)
            : isInterrupt(taken)
                ? "the instruction that comes next" + brackets(where + label)
                : "the instruction itself" + brackets(where + label));
    rows.add(
        new Evidence(
            "SPSR" + el,
            "M",
            "[4:0]",
            Wording.binary(taken.spsr() & 31, 5),
            "it came from EL" + (taken.spsr() >>> 2 & 3) + ((taken.spsr() & 1) != 0 ? "h" : "t")));
  }

  private static String brackets(String text) {
    return text.isEmpty() ? "" : " (" + text.strip() + ")";
  }

  private void address(String register, long value, String meaning) {
    rows.add(new Evidence(register, "", "", Hex.address(value), meaning));
  }
}
