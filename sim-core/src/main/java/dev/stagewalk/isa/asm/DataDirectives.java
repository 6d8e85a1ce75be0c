package dev.stagewalk.isa.asm;

import java.io.IOException;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Data: .byte .hword .word .quad and their synonyms, .inst, .float .double, .ascii .asciz .string,
 * .space .skip .zero .fill, .incbin.
 */
final class DataDirectives {
  private static final int LARGEST = 1 << 28;

  private final Pass pass;
  private final StatementReader in;

  DataDirectives(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
  }

  boolean integers(int size) {
    return integers(size, false);
  }

  boolean instructions() {
    return integers(4, true);
  }

  private boolean integers(int size, boolean instruction) {
    if (instruction) {
      pass.section().alignInstruction();
    }
    do {
      int place = in.mark();
      Value value = in.value();
      if (value == null) {
        // What it takes is known even so: later addresses stay right, and so do later errors.
        pass.emit(0, size, instruction);
        return false;
      }
      long number = value.number();
      if (size < 8 && (number >= 1L << (8 * size) || number <= -1L << (8 * size))) {
        in.wrong(
            place, "0x%x does not fit in %d byte%s".formatted(number, size, size == 1 ? "" : "s"));
        return false;
      }
      pass.emit(number, size, instruction);
    } while (in.comma());
    return true;
  }

  boolean reals(int size) {
    do {
      OptionalDouble value = in.real();
      if (value.isEmpty()) {
        in.expected("a number such as 1.5");
        return false;
      }
      double number = value.getAsDouble();
      pass.emit(
          size == 4 ? Float.floatToIntBits((float) number) : Double.doubleToLongBits(number),
          size,
          false);
    } while (in.comma());
    return true;
  }

  boolean strings(boolean terminated) {
    do {
      Token string = in.peek();
      if (string == null || string.kind() != Token.Kind.STRING) {
        in.expected("a string in double quotes");
        return false;
      }
      in.next();
      for (int i = 0; i < string.text().length(); i++) {
        pass.emit(string.text().charAt(i), 1, false);
      }
      if (terminated) {
        pass.emit(0, 1, false);
      }
    } while (in.comma());
    return true;
  }

  boolean space() {
    Value size = count();
    Value fill = size != null && in.comma() ? in.value() : Value.of(0);
    return size != null && fill != null && repeat(size.number(), 1, fill.number());
  }

  boolean fill() {
    Value repeat = count();
    Value size = repeat != null && in.comma() ? count() : Value.of(1);
    Value value = size != null && in.comma() ? in.value() : Value.of(0);
    return repeat != null
        && size != null
        && value != null
        && repeat(repeat.number(), (int) Math.min(8, size.number()), value.number() & 0xffff_ffffL);
  }

  private @Nullable Value count() {
    int place = in.mark();
    Value count = in.value();
    if (count != null && (count.number() < 0 || count.number() > LARGEST)) {
      in.wrong(place, "expected 0 to 0x%x".formatted(LARGEST));
      return null;
    }
    return count;
  }

  private boolean repeat(long count, int size, long value) {
    if (count * size > LARGEST) {
      in.wrong(0, "more than 0x%x bytes".formatted(LARGEST));
      return false;
    }
    if (count * size > 0) {
      pass.emit(value, size, false);
    }
    for (long i = 1; i < count; i++) {
      pass.section().append(value, size);
    }
    return true;
  }

  boolean binary() {
    Token name = in.peek();
    if (name == null || name.kind() != Token.Kind.STRING) {
      in.expected("the name of a file in double quotes");
      return false;
    }
    int place = in.mark();
    in.next();
    byte[] bytes;
    try {
      bytes = pass.includes().read(name.text());
    } catch (IOException e) {
      in.wrong(place, "cannot include " + name.text() + ": " + Objects.toString(e.getMessage()));
      return false;
    }
    int from = 0;
    int to = bytes.length;
    if (in.comma()) {
      Value skip = count();
      if (skip == null) {
        return false;
      }
      from = (int) Math.min(skip.number(), bytes.length);
      if (in.comma()) {
        Value most = count();
        if (most == null) {
          return false;
        }
        to = (int) Math.min(from + most.number(), bytes.length);
      }
    }
    for (int i = from; i < to; i++) {
      pass.emit(bytes[i], 1, false);
    }
    return true;
  }
}
