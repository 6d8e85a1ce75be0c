package dev.stagewalk.cpu;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.RegisterTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which bits of which control register trap an access to a System register, or a System
 * instruction: the rows of {@code traps.txt}, by encoding (op0:op1:CRn:CRm:op2 in 16 bits).
 *
 * <p>Source: Arm ARM, "Configurable traps to EL2".
 */
final class TrapTable {
  private static final String FILE = "traps.txt";
  private static final int[] WIDTHS = {2, 3, 4, 4, 3};
  private static final int ENCODINGS = 1 << 16;
  private static final Rule[][] RULES = load();

  private TrapTable() {}

  /** Where an access must come from to be trapped, and so where the trap goes. */
  private enum From {
    /** EL0, to EL1 (EL2 under TGE); a host's SCTLR_EL2 stands in for SCTLR_EL1. */
    EL0,
    /** EL0 of no host, to EL1 (EL2 under TGE). */
    GUEST0,
    /** EL0 of a host, to EL2. */
    HOST,
    /** EL1, to EL2. */
    EL1,
    /** EL1 and EL0, to EL2. */
    ANY,
    /** EL1, and EL0 of no host, to EL2. */
    BELOW,
    /** The same where HCR_EL2.E2H is 0. */
    BELOW0,
    /** The same where HCR_EL2.E2H is 1. */
    BELOW1;

    boolean holds(int el, boolean e2h, boolean tge) {
      boolean hosted = el == 0 && e2h && tge;
      return switch (this) {
        case EL0 -> el == 0;
        case GUEST0 -> el == 0 && !hosted;
        case HOST -> hosted;
        case EL1 -> el == 1;
        case ANY -> true;
        case BELOW -> !hosted;
        case BELOW0 -> !e2h;
        case BELOW1 -> e2h && !hosted;
      };
    }

    boolean goesToEl2() {
      return this != EL0 && this != GUEST0;
    }
  }

  /**
   * One reason for a trap.
   *
   * @param register index of the control register
   * @param bits of it
   * @param whenSet whether it traps when one of the bits is 1, and not when all are 0
   * @param from what it traps
   */
  private record Rule(
      int register, long bits, boolean whenSet, boolean reads, boolean writes, From from) {

    boolean applies(Pe pe, boolean read, boolean e2h, boolean tge) {
      if (!(read ? reads : writes) || !from.holds(pe.el(), e2h, tge)) {
        return false;
      }
      boolean hosts = from == From.EL0 && e2h && tge && register == SystemRegisters.SCTLR_EL1;
      long control = pe.system(hosts ? SystemRegisters.SCTLR_EL2 : register);
      return ((control & bits) != 0) == whenSet;
    }
  }

  /**
   * The exception level that an access from EL0 or EL1 traps to; 0 if it does not. The first row
   * that applies decides, and the rows of EL0 stand before those of EL2.
   *
   * @param encoding op0:op1:CRn:CRm:op2
   * @param read MRS, not MSR or a System instruction
   */
  static int target(Pe pe, int encoding, boolean read) {
    if (pe.el() == 2) {
      return 0;
    }
    Rule[] rules = RULES[encoding];
    if (rules.length == 0) {
      return 0;
    }
    boolean e2h = pe.system.hcr(SystemRegisters.HCR_E2H);
    boolean tge = pe.system.hcr(SystemRegisters.HCR_TGE);
    for (Rule rule : rules) {
      if (rule.applies(pe, read, e2h, tge)) {
        return rule.from.goesToEl2() ? 2 : pe.exceptions().targetOfOwnExceptions();
      }
    }
    return 0;
  }

  /** Throws the exception of an access that is trapped. */
  static void check(Pe pe, int encoding, int rt, boolean read) {
    int target = target(pe, encoding, read);
    if (target != 0) {
      throw SystemAccess.trap(pe, encoding, rt, read, target, ExceptionModel.EC_SYS64);
    }
  }

  private static Rule[][] load() {
    List<List<Rule>> rules = new ArrayList<>();
    for (int i = 0; i < ENCODINGS; i++) {
      rules.add(List.of());
    }
    for (String line : ResourceRows.lines(FILE)) {
      String[] sides = line.split(" : ", 2);
      String[] words = sides[0].strip().split("\\s+");
      if (sides.length != 2 || words.length != 6) {
        throw new IllegalStateException(FILE + ": no row: " + line);
      }
      long bits = 0;
      for (String bit : words[1].split(",")) {
        bits |= 1L << Integer.parseInt(bit);
      }
      Rule rule =
          new Rule(
              SystemRegisters.index(words[0]),
              bits,
              oneOf(line, words[3], "set", "clear"),
              words[4].contains("r"),
              words[4].contains("w"),
              From.valueOf(words[5].toUpperCase(Locale.ROOT)));
      for (String what : sides[1].strip().split("\\s+")) {
        for (int encoding : encodings(what)) {
          List<Rule> more = new ArrayList<>(rules.get(encoding));
          more.add(rule);
          rules.set(encoding, more);
        }
      }
    }
    return rules.stream().map(list -> list.toArray(Rule[]::new)).toArray(Rule[][]::new);
  }

  private static boolean oneOf(String line, String word, String yes, String no) {
    if (!word.equals(yes) && !word.equals(no)) {
      throw new IllegalStateException(
          FILE + ": " + word + " is not " + yes + " or " + no + ": " + line);
    }
    return word.equals(yes);
  }

  private static List<Integer> encodings(String what) {
    if (!what.matches("S\\d_.*")) {
      return List.of(
          RegisterTable.standard().require(what).encoding().map(Encoding::packed).orElseThrow());
    }
    String[] parts = what.substring(1).replace("C", "").split("_");
    List<Integer> encodings = List.of(0);
    for (int i = 0; i < WIDTHS.length; i++) {
      List<Integer> longer = new ArrayList<>();
      for (int prefix : encodings) {
        int least = parts[i].equals("*") ? 0 : Integer.parseInt(parts[i]);
        int most = parts[i].equals("*") ? (1 << WIDTHS[i]) - 1 : least;
        for (int value = least; value <= most; value++) {
          longer.add(prefix << WIDTHS[i] | value);
        }
      }
      encodings = longer;
    }
    return encodings;
  }
}
