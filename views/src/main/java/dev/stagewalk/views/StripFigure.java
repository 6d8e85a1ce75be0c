package dev.stagewalk.views;

import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A register as a strip of fields: what is drawn of it, computed from a snapshot.
 *
 * @param register its architectural name
 * @param value the 64 bits
 * @param changed whether it differs from where the user last was
 * @param boxes high bits first
 * @param facts what follows from the value, in words
 * @param warnings what is wrong with it
 */
record StripFigure(
    String register,
    long value,
    boolean changed,
    List<Box> boxes,
    String facts,
    List<String> warnings) {

  /** Fields that are shown though they are 0, because their absence would be missed. */
  private static final Map<String, Set<String>> ALWAYS =
      Map.of(
          "ESR_EL2",
          Set.of("EC", "IL", "ISV", "SAS", "SRT", "SF", "S1PTW", "WnR", "DFSC", "IFSC", "imm16"),
          "ESR_EL1",
          Set.of("EC", "IL", "WnR", "DFSC", "IFSC"),
          "FAR_EL1",
          Set.of("VA"),
          "VTCR_EL2",
          Set.of("PS", "TG0", "SH0", "ORGN0", "IRGN0", "SL0", "T0SZ"),
          "VTTBR_EL2",
          Set.of("VMID", "BADDR", "CnP"),
          "HPFAR_EL2",
          Set.of("FIPA"),
          "HCR_EL2",
          Set.of("E2H", "RW", "TGE", "VM"),
          "FAR_EL2",
          Set.of("VA"));

  /** Fields of the syndrome that say why the exit was taken. */
  private static final Set<String> CAUSES = Set.of("EC", "DFSC", "IFSC");

  /** What an exit writes and nothing else changes. */
  private static final Set<String> OF_EXITS = Set.of("ESR_EL2", "FAR_EL2", "HPFAR_EL2");

  StripFigure {
    boxes = List.copyOf(boxes);
    warnings = List.copyOf(warnings);
  }

  /**
   * A box of the strip.
   *
   * @param name of the field; "⋯" for fields that are 0 and folded away
   * @param value as it is read most easily: binary up to 6 bits, otherwise hexadecimal
   * @param bits how many bits it stands for
   * @param mark whether it is set apart
   * @param words for the tooltip
   */
  record Box(String name, String value, int bits, Mark mark, String words) {
    boolean isFold() {
      return value.isEmpty();
    }
  }

  /** How a box is set apart. */
  enum Mark {
    NONE,
    /** It differs from where the user last was. */
    CHANGED,
    /** It says why the exit was taken. */
    CAUSE,
    /** The architecture gives this value no meaning. */
    WRONG
  }

  /**
   * The strip of a register.
   *
   * @throws IllegalArgumentException if there is no register of that name
   */
  static StripFigure of(Snapshot snapshot, String name) {
    Register register = RegisterTable.standard().require(name);
    long value = Stage2.register(snapshot.pe(), name);
    long before = Stage2.register(snapshot.before(), name);
    Optional<ExceptionTaken> exit = openExit(snapshot);
    FaultAtHand hand = FaultAtHand.of(snapshot);
    // Beside a newer fault at EL1 an older one must not look like news.
    boolean old = hand.atEl1() && OF_EXITS.contains(name);
    boolean differs = value != before && !old;
    Set<String> changed = changed(fields(register, value), old ? 0 : value ^ before);
    List<Box> boxes = new ArrayList<>();
    List<FieldValue> folded = new ArrayList<>();
    for (FieldValue field : fields(register, value)) {
      Mark mark = isUnset(name, value) ? Mark.NONE : mark(field, name, exit, hand.atEl1(), changed);
      if (!isShown(name, field, mark)) {
        folded.add(field);
        continue;
      }
      fold(boxes, folded);
      boxes.add(
          new Box(
              field.name(), text(field), field.hi() - field.lo() + 1, mark, words(field, mark)));
    }
    fold(boxes, folded);
    return new StripFigure(
        name,
        value,
        differs,
        boxes,
        named(snapshot.program().names(), name, value, facts(snapshot, name, value, exit, hand)),
        warnings(snapshot, name));
  }

  /**
   * Whether nobody has written what stage 2 is made of: then it says nothing, and nothing wrong.
   */
  private static boolean isUnset(String name, long value) {
    return value == 0 && (name.equals("VTCR_EL2") || name.equals("VTTBR_EL2"));
  }

  private static Optional<ExceptionTaken> openExit(Snapshot snapshot) {
    return snapshot
        .exit()
        .flatMap(e -> e.what() instanceof ExceptionTaken t ? Optional.of(t) : Optional.empty());
  }

  /** A syndrome's ISS is read in the form its Exception class has. */
  private static List<FieldValue> fields(Register register, long value) {
    List<FieldValue> fields = new ArrayList<>(register.decode(value));
    if (register.name().startsWith("ESR_EL")) {
      fields.removeIf(f -> f.name().equals("ISS"));
      fields.addAll(Syndrome.of(value).fields());
    }
    return fields;
  }

  private static Set<String> changed(List<FieldValue> fields, long difference) {
    return fields.stream()
        .filter(f -> (difference >>> f.lo() & -1L >>> 63 - (f.hi() - f.lo())) != 0)
        .map(FieldValue::name)
        .collect(Collectors.toSet());
  }

  private static Mark mark(
      FieldValue field,
      String register,
      Optional<ExceptionTaken> exit,
      boolean atEl1,
      Set<String> changed) {
    if (field.status() == FieldValue.Status.RESERVED
        || field.status() == FieldValue.Status.RES0_SET
        || field.status() == FieldValue.Status.RES1_CLEAR) {
      return Mark.WRONG;
    }
    boolean cause =
        CAUSES.contains(field.name()) || (field.name().equals("WnR") && field.raw() != 0);
    if (atEl1 && register.equals("ESR_EL1") && cause) {
      return Mark.CAUSE;
    }
    if (exit.isPresent()
        && ((register.equals("ESR_EL2") && cause && exit.get().fault().isPresent())
            || (register.equals("HPFAR_EL2")
                && field.name().equals("FIPA")
                && exit.get().hpfarValid()))) {
      return Mark.CAUSE;
    }
    return changed.contains(field.name()) ? Mark.CHANGED : Mark.NONE;
  }

  private static boolean isShown(String register, FieldValue field, Mark mark) {
    if (field.name().startsWith("RES") && field.status() == FieldValue.Status.OK) {
      return false;
    }
    return field.raw() != 0
        || mark != Mark.NONE
        || ALWAYS.getOrDefault(register, Set.of()).contains(field.name());
  }

  private static void fold(List<Box> boxes, List<FieldValue> folded) {
    if (folded.isEmpty()) {
      return;
    }
    int bits = folded.stream().mapToInt(f -> f.hi() - f.lo() + 1).sum();
    List<String> names =
        folded.stream().map(f -> f.name() + f.bits() + (f.raw() == 0 ? " = 0" : " = 1")).toList();
    boxes.add(new Box("⋯", "", bits, Mark.NONE, String.join("\n", names)));
    folded.clear();
  }

  private static String text(FieldValue field) {
    int width = field.hi() - field.lo() + 1;
    if (width <= 6) {
      String digits = Long.toBinaryString(field.raw());
      return "0".repeat(width - digits.length()) + digits;
    }
    if (field.text().startsWith("0x") && field.text().contains("_")) {
      return Hex.address(Hex.parse(field.text()));
    }
    return String.format(Locale.ROOT, "0x%0" + (width + 3) / 4 + "x", field.raw());
  }

  private static String words(FieldValue field, Mark mark) {
    return field.name()
        + " "
        + field.bits()
        + ": "
        + field.text()
        + "\n"
        + field.description()
        + (field.status().words().isEmpty() ? "" : "\n" + field.status().words())
        + (mark == Mark.CHANGED ? "\nchanged since you were last here" : "");
  }

  /** What follows, with names behind addresses; of a register of an address its name as well. */
  private static String named(SymbolTable names, String register, long value, String facts) {
    String said = names.named(facts);
    Optional<String> name = register.startsWith("FAR_") ? names.name(value) : Optional.empty();
    return name.map(n -> said.isEmpty() ? n : n + " · " + said).orElse(said);
  }

  private static String facts(
      Snapshot snapshot, String name, long value, Optional<ExceptionTaken> exit, FaultAtHand hand) {
    String facts = facts(snapshot, name, value, exit);
    String from = OF_EXITS.contains(name) ? hand.from(snapshot) : "";
    return from.isEmpty() || facts.isEmpty() ? from + facts : from + " · " + facts;
  }

  private static String facts(
      Snapshot snapshot, String name, long value, Optional<ExceptionTaken> exit) {
    Stage2Parameters p = Stage2.parameters(snapshot);
    return switch (name) {
      case "ESR_EL2", "ESR_EL1" -> value == 0 ? "no exception yet" : Syndrome.of(value).sentence();
      case "VTCR_EL2" ->
          isUnset(name, value)
              ? "0, as at reset: nobody has set stage 2 up yet"
              : p.outputBits()
                  + "-bit PA · "
                  + p.granule().text()
                  + " granule · start "
                  + Levels.name(p.startLevel())
                  + (p.rootTables() > 1 ? " · " + p.rootTables() + " root tables" : "")
                  + " · "
                  + p.inputBits()
                  + "-bit IPA";
      case "VTTBR_EL2" ->
          isUnset(name, value)
              ? "0, as at reset: no root yet"
              : "VMID " + p.vmid() + " · root " + Hex.address(p.rootBase());
      case "HPFAR_EL2" ->
          exit.isPresent() && !exit.get().hpfarValid()
              ? "not written by this exit"
              : value == 0 && Stage2.register(snapshot.pe(), "ESR_EL2") == 0
                  ? "no exception yet"
                  : "IPA page " + Hex.address((value >>> 4 & 0xff_ffff_ffffL) << 12);
      case "HCR_EL2" -> hcr(value, p);
      default -> "";
    };
  }

  private static String hcr(long value, Stage2Parameters p) {
    List<String> parts = new ArrayList<>();
    parts.add(p.enabled() ? "stage 2 on" : "stage 2 off");
    parts.add((value >>> 31 & 1) != 0 ? "EL1 is AArch64" : "EL1 is AArch32");
    List<String> routed = new ArrayList<>();
    if ((value & 1 << 4) != 0) {
      routed.add("IRQ");
    }
    if ((value & 1 << 3) != 0) {
      routed.add("FIQ");
    }
    if ((value & 1 << 5) != 0) {
      routed.add("SError");
    }
    if (!routed.isEmpty()) {
      parts.add(String.join(", ", routed) + " to EL2");
    }
    return String.join(" · ", parts);
  }

  private static List<String> warnings(Snapshot snapshot, String name) {
    boolean geometry = name.equals("VTCR_EL2") || name.equals("VTTBR_EL2");
    Stage2Parameters p = Stage2.parameters(snapshot);
    if (!geometry || !p.enabled()) {
      return List.of();
    }
    return p.problems().stream()
        .filter(problem -> problem.source().startsWith(name))
        .map(Problem::sentence)
        .toList();
  }

  /** As text: name, value, fields, facts. */
  String asText() {
    StringBuilder out = new StringBuilder();
    out.append(register).append(" = ").append(Hex.full(value));
    out.append(changed ? " (changed)\n" : "\n");
    for (Box box : boxes) {
      if (!box.isFold()) {
        out.append("  ").append(box.words().lines().findFirst().orElse("")).append('\n');
      }
    }
    if (!facts.isEmpty()) {
      out.append("  ").append(facts).append('\n');
    }
    warnings.forEach(w -> out.append("  ! ").append(w).append('\n'));
    return out.toString();
  }
}
