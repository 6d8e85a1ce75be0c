package dev.stagewalk.arch;

import dev.stagewalk.arch.ArchTables.SyndromeClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of ESR_ELx taken apart: the Exception class, and the ISS in the form that class has. Arm
 * ARM, "ESR_EL2, Exception Syndrome Register (EL2)".
 */
public final class Syndrome {
  private static final String SEPARATOR = " · ";

  private final long esr;
  private final @Nullable SyndromeClass row;

  private Syndrome(long esr) {
    this.esr = esr;
    this.row = ArchTables.standard().classes().get(code());
  }

  /** The syndrome in a value of ESR_ELx. */
  public static Syndrome of(long esr) {
    return new Syndrome(esr);
  }

  /** A value of ESR_ELx: class, instruction length bit and ISS put together. */
  public static long encode(ExceptionClass exceptionClass, boolean il, int iss) {
    if (iss >>> 25 != 0) {
      throw new IllegalArgumentException("an ISS has 25 bits, " + Hex.plain(iss) + " does not fit");
    }
    return (long) exceptionClass.code() << 26 | (il ? 1L << 25 : 0) | iss;
  }

  /** The EC field, 0 to 63. */
  public int code() {
    return (int) Bits.extract(esr, 31, 26);
  }

  /** The Exception class; empty when EC is reserved. */
  public Optional<ExceptionClass> exceptionClass() {
    return ExceptionClass.ofCode(code());
  }

  /** The short name of the class: {@code DABT_LOW}; {@code EC_2B} when EC is reserved. */
  public String className() {
    return row == null ? String.format("EC_%02X", code()) : row.name();
  }

  /** The class in full words. */
  public String classWords() {
    return row == null ? "reserved Exception class " + Hex.plain(code()) : row.longWords();
  }

  /** The IL bit: the instruction had 32 bits, or there is none to speak of. */
  public boolean il() {
    return (esr >>> 25 & 1) != 0;
  }

  /** The ISS, 25 bits. */
  public int iss() {
    return (int) Bits.extract(esr, 24, 0);
  }

  /** The fields of the ISS, high bits first; one field {@code ISS} when EC is reserved. */
  public List<FieldValue> fields() {
    BitForm form = row == null ? ArchTables.standard().form("ISS_RAW") : row.iss();
    return form.decode(iss());
  }

  /** The fault status code of an instruction or data abort; empty for other classes. */
  public Optional<FaultStatus> fault() {
    boolean abort = row != null && isAbort(row);
    return abort ? Optional.of(new FaultStatus((int) Bits.extract(esr, 5, 0))) : Optional.empty();
  }

  /**
   * One line for people, such as {@code Data abort, lower EL · 8 bytes · x2 · write · Translation
   * fault, level 3}.
   */
  public String sentence() {
    List<String> parts = new ArrayList<>();
    if (row == null) {
      parts.add("Reserved Exception class " + Hex.plain(code()));
      parts.add("ISS " + Hex.plain(iss()));
      return String.join(SEPARATOR, parts);
    }
    parts.add(row.words());
    switch (row.iss().name()) {
      case "ISS_DATA_ABORT" -> dataAbort(parts);
      case "ISS_INSTRUCTION_ABORT" -> {
        if (bit(7)) {
          parts.add("on a stage 1 walk");
        }
        parts.add(new FaultStatus(iss() & 63).words());
      }
      case "ISS_IMM16", "ISS_BRK" -> parts.add("#" + Hex.plain(iss() & 0xffff));
      case "ISS_SYS64" -> parts.add(registerAccess());
      case "ISS_WFX" -> parts.add(text("TI"));
      case "ISS_ERET" -> parts.add(bit(1) ? "ERETA" + (bit(0) ? "B" : "A") : "ERET");
      case "ISS_SERROR" -> parts.add(bit(24) ? "IMPLEMENTATION DEFINED" : text("DFSC"));
      case "ISS_WATCHPOINT" -> parts.add(bit(6) ? "write" : "read");
      default -> {
        // The class says it all.
      }
    }
    return String.join(SEPARATOR, parts);
  }

  private void dataAbort(List<String> parts) {
    if (bit(24)) {
      int bytes = 1 << Bits.extract(esr, 23, 22);
      parts.add(bytes == 1 ? "1 byte" : bytes + " bytes");
      parts.add(generalRegister((int) Bits.extract(esr, 20, 16), bit(15)));
    }
    parts.add(bit(6) ? "write" : "read");
    if (bit(8)) {
      parts.add("cache maintenance or address translation");
    }
    if (bit(7)) {
      parts.add("on a stage 1 walk");
    }
    if (bit(13)) {
      parts.add("through VNCR_EL2");
    }
    parts.add(new FaultStatus(iss() & 63).words());
  }

  /** The trapped instruction, as one would write it. */
  private String registerAccess() {
    int op0 = (int) Bits.extract(esr, 21, 20);
    int op1 = (int) Bits.extract(esr, 16, 14);
    int crn = (int) Bits.extract(esr, 13, 10);
    int crm = (int) Bits.extract(esr, 4, 1);
    int op2 = (int) Bits.extract(esr, 19, 17);
    String rt = generalRegister((int) Bits.extract(esr, 9, 5), true);
    if (op0 < 2) {
      String operands = "#" + op1 + ", C" + crn + ", C" + crm + ", #" + op2;
      return bit(0) ? "SYSL " + rt + ", " + operands : "SYS " + operands + ", " + rt;
    }
    Encoding encoding = new Encoding(op0, op1, crn, crm, op2);
    String name =
        RegisterTable.standard()
            .byEncoding(encoding)
            .map(Register::name)
            .orElseGet(encoding::toString);
    return bit(0) ? "MRS " + rt + ", " + name : "MSR " + name + ", " + rt;
  }

  private String text(String field) {
    for (FieldValue value : fields()) {
      if (value.name().equals(field)) {
        return value.text();
      }
    }
    throw new IllegalStateException(className() + " has no field " + field);
  }

  private boolean bit(int n) {
    return (esr >>> n & 1) != 0;
  }

  private static boolean isAbort(SyndromeClass row) {
    return row.iss().name().equals("ISS_DATA_ABORT")
        || row.iss().name().equals("ISS_INSTRUCTION_ABORT");
  }

  private static String generalRegister(int number, boolean wide) {
    String letter = wide ? "x" : "w";
    return number == 31 ? letter + "zr" : letter + number;
  }

  @Override
  public String toString() {
    return sentence();
  }
}
