package dev.stagewalk.isa;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Shifts and extensions of the operand before them, or of the register they carry. */
sealed interface ModifierOperand extends Operand {

  List<String> SHIFTS = List.of("lsl", "lsr", "asr", "ror");
  List<String> EXTENDS = List.of("uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx");
  int UXTW = 2;
  int UXTX = 3;

  /** {@code , lsr #3} after a register; left out where it shifts by nothing to the left. */
  record Shift(BitField kind, BitField amount) implements ModifierOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      if (kind.of(word) != 0 || amount.of(word) != 0) {
        out.append(", " + SHIFTS.get(kind.of(word)) + " #").append(amount.of(word));
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!in.accept(",")) {
        return encoding.set(kind, 0) && encoding.set(amount, 0);
      }
      String name = in.word();
      int shift = name == null ? -1 : SHIFTS.indexOf(name);
      if (shift < 0) {
        in.expected("lsl, lsr, asr or ror");
        return false;
      }
      in.next();
      int highest = encoding.row().registerBits(encoding.word()) - 1;
      return encoding.set(kind, shift) && readAmount(in, encoding, amount, 0, highest);
    }

    @Override
    public int mask() {
      return kind.mask() | amount.mask();
    }
  }

  /** {@code , lsl #16} after a number, a multiple of {@code step}; left out where zero. */
  record LeftShift(BitField count, int step) implements ModifierOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      if (count.of(word) != 0) {
        out.append(", lsl #").append((long) count.of(word) * step);
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!in.accept(",")) {
        return encoding.set(count, step == 16 ? in.halfword() : 0);
      }
      if (!in.accept("lsl")) {
        return false;
      }
      int start = in.mark();
      OptionalLong value = in.expression();
      if (value.isEmpty()) {
        return false;
      }
      long shift = value.getAsLong();
      if (shift % step != 0 || shift < 0 || !encoding.set(count, (int) (shift / step))) {
        in.reset(start);
        in.expected("a multiple of " + step + " up to " + count.max() * step);
        return false;
      }
      return true;
    }

    @Override
    public int mask() {
      return count.mask();
    }
  }

  /** {@code , msl #8} or {@code #16}: ones are shifted in. */
  record ShiftOnes(BitField count) implements ModifierOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append(", msl #").append(8L << count.of(word));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!in.accept(",") || !in.accept("msl")) {
        return false;
      }
      OptionalLong value = in.expression();
      if (value.isEmpty() || (value.getAsLong() != 8 && value.getAsLong() != 16)) {
        in.expected("#8 or #16");
        return false;
      }
      return encoding.set(count, (int) value.getAsLong() >> 4);
    }

    @Override
    public int mask() {
      return count.mask();
    }
  }

  /**
   * {@code w3, uxtb #2}: the register of an extended-register add or subtract. Where SP takes part
   * the extension that changes nothing is written LSL, or not at all.
   *
   * @param rd the destination where that may be SP, else null
   */
  record Extended(BitField rm, BitField option, BitField amount, BitField rn, @Nullable BitField rd)
      implements ModifierOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      int extend = option.of(word);
      int shift = amount.of(word);
      boolean is64 = row.is64(word);
      out.append(RegisterOperand.name(rm.of(word), is64 && (extend & 3) == UXTX, false));
      boolean withSp = rn.of(word) == 31 || (rd != null && rd.of(word) == 31);
      if (withSp && extend == (is64 ? UXTX : UXTW)) {
        if (shift != 0) {
          out.append(", lsl #").append(shift);
        }
        return;
      }
      out.append(", " + EXTENDS.get(extend));
      if (shift != 0) {
        out.append(" #").append(shift);
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      RegisterOperand.Named register = readRegister(in);
      if (register == null || !encoding.set(rm, register.number())) {
        return false;
      }
      boolean is64 = encoding.row().is64(encoding.word());
      if (!in.accept(",")) {
        return register.is64() == is64
            && encoding.set(option, is64 ? UXTX : UXTW)
            && encoding.set(amount, 0);
      }
      String name = in.word();
      int extend = name == null ? -1 : EXTENDS.indexOf(name);
      boolean lsl = name != null && name.equals("lsl");
      if (lsl) {
        extend = is64 ? UXTX : UXTW;
      }
      if (extend < 0 || register.is64() != (is64 && (extend & 3) == UXTX)) {
        in.expected(
            register.is64()
                ? "lsl, uxtx or sxtx"
                : "lsl, or uxtb to sxtw that extends a w register");
        return false;
      }
      in.next();
      return encoding.set(option, extend) && readOptionalAmount(in, encoding, amount, !lsl, 4);
    }

    @Override
    public int mask() {
      return rm.mask() | option.mask() | amount.mask();
    }
  }

  /**
   * {@code w3, uxtw #2}: the offset register of a load or store; the amount is none or the size's.
   *
   * @param log2Size of the access
   */
  record Offset(BitField rm, BitField option, BitField scaled, int log2Size)
      implements ModifierOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      int extend = option.of(word);
      boolean scale = scaled.of(word) == 1;
      out.append(RegisterOperand.name(rm.of(word), (extend & 1) == 1, false));
      if (extend == UXTX && !scale) {
        return;
      }
      out.append(", " + (extend == UXTX ? "lsl" : EXTENDS.get(extend)));
      if (scale) {
        out.append(" #").append(log2Size);
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      RegisterOperand.Named register = readRegister(in);
      if (register == null || !encoding.set(rm, register.number())) {
        return false;
      }
      if (register.is64() && !in.accept(",")) {
        return encoding.set(option, UXTX) && encoding.set(scaled, 0);
      }
      if (!register.is64() && !in.accept(",")) {
        return false;
      }
      String name = in.word();
      boolean lsl = name != null && name.equals("lsl");
      int extend = name == null ? -1 : lsl ? UXTX : EXTENDS.indexOf(name);
      boolean extendsWord = extend == UXTW || extend == UXTW + 4;
      boolean extendsNothing = lsl || extend == UXTX + 4;
      if (register.is64() ? !extendsNothing : !extendsWord) {
        in.expected(register.is64() ? "lsl or sxtx" : "uxtw or sxtw");
        return false;
      }
      in.next();
      if (!encoding.set(option, extend)) {
        return false;
      }
      if (!lsl && in.isNext("]")) {
        return encoding.set(scaled, 0);
      }
      int start = in.mark();
      OptionalLong value = in.expression();
      if (value.isEmpty()) {
        return false;
      }
      long shift = value.getAsLong();
      if (shift != 0 && shift != log2Size) {
        in.reset(start);
        in.expected("#0 or #" + log2Size);
        return false;
      }
      // Of a byte both are #0; written at all it means S = 1, as GNU as has it.
      return encoding.set(scaled, shift == log2Size ? 1 : 0);
    }

    @Override
    public int mask() {
      return rm.mask() | option.mask() | scaled.mask();
    }
  }

  private static RegisterOperand.@Nullable Named readRegister(OperandReader in) {
    String word = in.word();
    RegisterOperand.Named register = word == null ? null : RegisterOperand.Named.of(word);
    if (register == null || register.stackPointer()) {
      in.expected("a register");
      return null;
    }
    in.next();
    return register;
  }

  private static boolean readOptionalAmount(
      OperandReader in, Encoding encoding, BitField amount, boolean optional, int highest) {
    if (optional && in.atEnd()) {
      return encoding.set(amount, 0);
    }
    return readAmount(in, encoding, amount, 0, highest);
  }

  private static boolean readAmount(
      OperandReader in, Encoding encoding, BitField amount, int lowest, int highest) {
    int start = in.mark();
    OptionalLong value = in.expression();
    if (value.isEmpty()) {
      return false;
    }
    long number = value.getAsLong();
    if (number < lowest || number > highest || !encoding.set(amount, (int) number)) {
      in.reset(start);
      in.expected("#amount, " + lowest + " to " + highest);
      return false;
    }
    return true;
  }
}
