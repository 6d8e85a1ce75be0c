package dev.stagewalk.session.compare;

import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.compare.RegisterDifference.FieldDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares the registers of every PE. */
final class RegisterComparison {
  private static final int GENERAL = 31;
  private static final int VECTORS = 32;
  private static final String UNKNOWN = "unknown";
  private static final String NO_FIELD = "–";

  /** What only says how much time has passed; when a timer is due is in its CVAL. */
  private static final Pattern TIME = Pattern.compile("CNT(P|V)CT(SS)?_EL0|CNT.*_TVAL_EL.*");

  private final List<RegisterDifference> found = new ArrayList<>();

  /** Whether only System registers are known, and of those only some. */
  private final boolean imported;

  private RegisterComparison(boolean imported) {
    this.imported = imported;
  }

  static List<RegisterDifference> of(Snapshot first, Snapshot second) {
    boolean imported = first.isImported() || second.isImported();
    RegisterComparison comparison = new RegisterComparison(imported);
    int pes = Math.max(first.pes().size(), second.pes().size());
    for (int pe = 0; pe < pes; pe++) {
      if (pe >= first.pes().size() || pe >= second.pes().size()) {
        boolean inFirst = pe < first.pes().size();
        comparison.differs(
            pe, "state", inFirst ? "is there" : "none", inFirst ? "none" : "is there");
      } else {
        comparison.compare(pe, first.pes().get(pe), second.pes().get(pe));
      }
    }
    return List.copyOf(comparison.found);
  }

  private void compare(int pe, PeState first, PeState second) {
    if (!imported) {
      String one = state(first);
      String other = state(second);
      if (!one.equals(other)) {
        differs(pe, "state", one, other);
      }
      for (int n = 0; n < GENERAL; n++) {
        plain(pe, "x" + n, first.x(n), second.x(n));
      }
      plain(pe, "pc", first.pc(), second.pc());
      if (first.pstate() != second.pstate()) {
        differs(pe, "PSTATE", "SPSR_EL2", first.pstate(), second.pstate());
      }
    }
    system(pe, first.registers(), second.registers());
    if (!imported) {
      for (int n = 0; n < VECTORS; n++) {
        vector(pe, n, first.registers(), second.registers());
      }
    }
  }

  private static String state(PeState pe) {
    return pe.mode() + ", " + pe.activity().words();
  }

  private void system(int pe, RegisterFile first, RegisterFile second) {
    for (String name : names(first, second)) {
      boolean inFirst = first.systemNames().contains(name);
      boolean inSecond = second.systemNames().contains(name);
      if (!inFirst || !inSecond) {
        differs(
            pe,
            name,
            inFirst ? Hex.full(first.system(name)) : UNKNOWN,
            inSecond ? Hex.full(second.system(name)) : UNKNOWN);
      } else if (first.system(name) != second.system(name)) {
        differs(pe, name, name, first.system(name), second.system(name));
      }
    }
  }

  /** Names that one of both has, in the order of the register table. */
  private static Set<String> names(RegisterFile first, RegisterFile second) {
    Set<String> names = new LinkedHashSet<>();
    for (Register register : RegisterTable.standard().all()) {
      String name = register.name();
      if (first.systemNames().contains(name) || second.systemNames().contains(name)) {
        names.add(name);
      }
    }
    for (RegisterFile file : List.of(first, second)) {
      file.systemNames().stream().filter(RegisterComparison::isOwn).forEach(names::add);
    }
    names.removeIf(name -> TIME.matcher(name).matches());
    return names;
  }

  /** Whether a name is no alias, whose register is there too. */
  private static boolean isOwn(String name) {
    return RegisterTable.standard().register(name).filter(r -> r.aliasOf().isPresent()).isEmpty();
  }

  private void plain(int pe, String name, long first, long second) {
    if (first != second) {
      differs(pe, name, Hex.full(first), Hex.full(second));
    }
  }

  private void vector(int pe, int n, RegisterFile first, RegisterFile second) {
    if (first.vectorLow(n) != second.vectorLow(n) || first.vectorHigh(n) != second.vectorHigh(n)) {
      differs(
          pe,
          "v" + n,
          Hex.full(first.vectorHigh(n)) + " " + Hex.full(first.vectorLow(n)),
          Hex.full(second.vectorHigh(n)) + " " + Hex.full(second.vectorLow(n)));
    }
  }

  private void differs(int pe, String name, String first, String second) {
    found.add(new RegisterDifference(pe, name, first, second, List.of()));
  }

  /**
   * @param layout register whose fields it has
   */
  private void differs(int pe, String name, String layout, long first, long second) {
    List<FieldDifference> fields =
        RegisterTable.standard()
            .register(layout)
            .map(register -> fields(register, first, second))
            .orElse(List.of());
    found.add(new RegisterDifference(pe, name, Hex.full(first), Hex.full(second), fields));
  }

  /** The fields of two values that differ; none if the register is one number. */
  private static List<FieldDifference> fields(Register register, long first, long second) {
    Map<String, FieldValue> one = byName(decode(register, first));
    Map<String, FieldValue> other = byName(decode(register, second));
    Set<String> names = new LinkedHashSet<>(one.keySet());
    names.addAll(other.keySet());
    List<FieldDifference> fields = new ArrayList<>();
    for (String name : names) {
      FieldValue a = one.get(name);
      FieldValue b = other.get(name);
      boolean same = a != null && b != null && a.raw() == b.raw() && a.text().equals(b.text());
      FieldValue any = a == null ? b : a;
      if (!same && any != null && any.hi() - any.lo() < register.width() - 1) {
        fields.add(new FieldDifference(any.name(), any.bits(), words(a), words(b)));
      }
    }
    return fields;
  }

  private static List<FieldValue> decode(Register register, long value) {
    List<FieldValue> fields = new ArrayList<>(register.decode(value));
    if (register.form().name().startsWith("ESR_EL")) {
      fields.removeIf(field -> field.name().equals("ISS"));
      fields.addAll(Syndrome.of(value).fields());
    }
    return fields;
  }

  /** A name may be used for several ranges of unassigned bits, so the bits belong to the key. */
  private static Map<String, FieldValue> byName(List<FieldValue> fields) {
    Map<String, FieldValue> byName = new LinkedHashMap<>();
    fields.forEach(field -> byName.put(field.name() + field.bits(), field));
    return byName;
  }

  private static String words(@Nullable FieldValue field) {
    if (field == null) {
      return NO_FIELD;
    }
    String number = number(field.raw());
    return isNumber(field.text(), field.raw()) ? number : number + " (" + field.text() + ")";
  }

  /** Whether a text says nothing but the number. */
  private static boolean isNumber(String text, long value) {
    return text.isEmpty()
        || text.equals(Long.toUnsignedString(value))
        || text.equals(Hex.plain(value))
        || text.equals(Hex.address(value));
  }

  private static String number(long value) {
    return value >>> 16 == 0 ? Hex.plain(value) : Hex.address(value);
  }
}
