package dev.stagewalk.cpu;

import dev.stagewalk.arch.RegisterTable;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Looks at registers after every instruction and tells of every change: for debuggers. While there
 * is one, instructions are executed one by one, at about the speed of {@link Engine#REFERENCE}. It
 * changes nothing that can be observed.
 */
public final class RegisterWatch {
  private final List<Row> rows;
  private final Listener listener;

  /** Is told of changes. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A register has another value than when somebody last looked.
     *
     * @param number of what was asked for, from 0
     */
    void changed(int number, Pe pe, long old, long value);
  }

  /** A register of one PE. */
  private static final class Row {
    private final int number;
    private final Pe pe;
    private final ToLongFunction<Pe> reader;
    private long last;

    Row(int number, Pe pe, ToLongFunction<Pe> reader) {
      this.number = number;
      this.pe = pe;
      this.reader = reader;
    }
  }

  /**
   * A watch that has looked.
   *
   * @param names X0 to X30, SP, PSTATE, or names of System registers, in any case
   * @param pes whose register each of them is; −1 for that of every PE
   * @param all PEs of the machine
   * @throws IllegalArgumentException if there is no such register, or it cannot be watched
   */
  public RegisterWatch(List<String> names, List<Integer> pes, List<Pe> all, Listener listener) {
    this.listener = listener;
    this.rows =
        IntStream.range(0, names.size())
            .boxed()
            .flatMap(i -> {
              ToLongFunction<Pe> reader = reader(canonical(names.get(i)));
              return all.stream()
                  .filter(pe -> pes.get(i) < 0 || pes.get(i) == pe.id())
                  .map(pe -> new Row(i, pe, reader));
            })
            .toList();
    beginAgain();
  }

  /**
   * The name of a register as the Arm ARM writes it.
   *
   * @throws IllegalArgumentException if there is no such register, or it cannot be watched
   */
  public static String canonical(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("PC")) {
      throw new IllegalArgumentException(
          "the program counter changes with every instruction: set a breakpoint instead");
    }
    if (upper.equals("SP") || upper.equals("PSTATE") || general(upper) >= 0) {
      return upper;
    }
    return RegisterTable.standard().require(upper).name();
  }

  /**
   * What a register of a PE holds.
   *
   * @param name see {@link #canonical}
   */
  public static long value(String name, Pe pe) {
    return reader(name).applyAsLong(pe);
  }

  /** 0 to 30 for X0 to X30; −1 for all others. */
  private static int general(String upper) {
    for (int i = 0; i < 31; i++) {
      if (upper.equals("X" + i)) {
        return i;
      }
    }
    return -1;
  }

  private static ToLongFunction<Pe> reader(String name) {
    int general = general(name);
    if (general >= 0) {
      return pe -> pe.x(general);
    }
    return switch (name) {
      case "SP" -> Pe::sp;
      case "PSTATE" -> Pe::pstate;
      default -> {
        int index = SystemRegisters.index(name);
        yield pe -> pe.system(index);
      }
    };
  }

  /** What the registers hold now is what they are compared with: time was travelled. */
  public void beginAgain() {
    for (Row row : rows) {
      row.last = row.reader.applyAsLong(row.pe);
    }
  }

  /** Tells what has changed. */
  public void look() {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      long now = row.reader.applyAsLong(row.pe);
      if (now != row.last) {
        long old = row.last;
        row.last = now;
        listener.changed(row.number, row.pe, old, now);
      }
    }
  }
}
