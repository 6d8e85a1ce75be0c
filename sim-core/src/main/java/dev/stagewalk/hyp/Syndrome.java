package dev.stagewalk.hyp;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.Hex;

/**
 * What exit handlers read out of ESR_EL2 and HPFAR_EL2.
 *
 * <p>Source: Arm ARM, ESR_EL2 and HPFAR_EL2.
 */
final class Syndrome {
  static final int WFX = 0x01;
  static final int FLOATING_POINT = 0x07;
  static final int HVC64 = 0x16;
  static final int SMC64 = 0x17;
  static final int SYSTEM_REGISTER = 0x18;
  static final int INSTRUCTION_ABORT_LOWER = 0x20;
  static final int DATA_ABORT_LOWER = 0x24;

  private static final int S1PTW = 1 << 7;

  /** Of a data abort: a write. */
  static final int WNR = 1 << 6;

  private static final int CM = 1 << 8;

  private Syndrome() {}

  /** Exception class, bits 31:26; the bits above are ISS2. */
  static int exceptionClass(long esr) {
    return (int) (esr >>> 26) & 0x3f;
  }

  static boolean abort(long esr) {
    return ExceptionClass.isAbortFromBelow(exceptionClass(esr));
  }

  /** The fault status code, DFSC or IFSC. */
  static int status(long esr) {
    return (int) esr & 0x3f;
  }

  static boolean translationFault(long esr) {
    return abort(esr) && ((status(esr) & 0x3c) == 0x04 || status(esr) == 0x2b);
  }

  static boolean permissionFault(long esr) {
    return abort(esr) && (status(esr) & 0x3c) == 0x0c;
  }

  /** Whether a data abort is for a write; a stage-1 walk and cache maintenance only seem to be. */
  static boolean write(long esr) {
    return exceptionClass(esr) == DATA_ABORT_LOWER && (esr & (WNR | CM | S1PTW)) == WNR;
  }

  static boolean accessFlagFault(long esr) {
    return abort(esr) && (status(esr) & 0x3c) == 0x08;
  }

  /**
   * Whether what faulted would have written: a store, cache maintenance that needs the permission,
   * or a walk of stage 1, which may update a descriptor.
   */
  static boolean mayWrite(long esr) {
    return (esr & S1PTW) != 0 || exceptionClass(esr) == DATA_ABORT_LOWER && (esr & WNR) != 0;
  }

  /** Whether an abort is that of a cache maintenance or address translation instruction. */
  static boolean cacheMaintenance(long esr) {
    return exceptionClass(esr) == DATA_ABORT_LOWER && (esr & CM) != 0;
  }

  /** Whether an abort met stage 2 on a walk of stage 1. */
  static boolean onStage1Walk(long esr) {
    return abort(esr) && (esr & S1PTW) != 0;
  }

  /** Whether HPFAR_EL2 was written by an exit with this syndrome. */
  static boolean hpfarValid(long esr) {
    if (!abort(esr)) {
      return false;
    }
    int code = status(esr);
    boolean always = (code & 0x3c) <= 0x08 || code == 0x29 || code == 0x2b;
    return always || permissionFault(esr) && (esr & S1PTW) != 0;
  }

  /** Page of the IPA that stage 2 refused: HPFAR_EL2.FIPA, bits 43:4, holds IPA bits 51:12. */
  static long ipaPage(long hpfar) {
    return (hpfar & 0xfff_ffff_fff0L) << 8;
  }

  /** One phrase: class, fault, level, IPA. */
  static String words(long esr, long hpfar) {
    int ec = exceptionClass(esr);
    String what =
        switch (ec) {
          case WFX -> "trapped WFI or WFE";
          case FLOATING_POINT -> "trapped SIMD or floating-point instruction";
          case HVC64 -> "HVC #" + Hex.immediate(esr & 0xffff);
          case SMC64 -> "SMC #" + Hex.immediate(esr & 0xffff);
          case SYSTEM_REGISTER -> "trapped system register access";
          case INSTRUCTION_ABORT_LOWER -> "instruction fetch, " + fault(esr);
          case DATA_ABORT_LOWER -> (write(esr) ? "write, " : "read, ") + fault(esr);
          default -> "exception class 0x" + Integer.toHexString(ec);
        };
    return hpfarValid(esr) ? what + ", IPA page " + Words.address(ipaPage(hpfar)) : what;
  }

  private static String fault(long esr) {
    int code = status(esr);
    String level = " level " + (code & 3);
    return switch (code & 0x3c) {
      case 0x00 -> "Address size fault" + level;
      case 0x04 -> "Translation fault" + level;
      case 0x08 -> "Access flag fault" + level;
      case 0x0c -> "Permission fault" + level;
      default -> "fault status 0x" + Integer.toHexString(code);
    };
  }
}
