package dev.stagewalk.isa;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of the table: its bits, the name of its semantics, and its spellings in assembly
 * language. The same row decodes, encodes, assembles and disassembles.
 */
public final class Row {
  private final int index;
  private final String name;
  private final String semantics;
  private final BitPattern pattern;
  private final Traits traits;
  private final List<Condition> conditions;
  private final List<Syntax> syntaxes;
  private final @Nullable BitField rd;
  private final @Nullable BitField rn;
  private final @Nullable BitField rm;
  private final @Nullable BitField ra;
  private final @Nullable BitField rt2;
  private final @Nullable BitField rs;
  private final @Nullable BitField shift;
  private final @Nullable BitField extend;
  private final @Nullable BitField cond;

  /** What decoding computes beyond fields of one meaning everywhere. */
  record Traits(
      @Nullable Immediate imm,
      @Nullable Immediate imm2,
      @Nullable Immediate amount,
      Flag wide,
      Flag acquire,
      Flag release,
      boolean signed,
      boolean syndrome,
      int size,
      @Nullable BitField sizeShift,
      @Nullable BitField sizeLeading,
      @Nullable String within) {}

  /** A property that is constant, or a one-bit field, plain or inverted. */
  record Flag(@Nullable BitField field, boolean constantOrInverted) {
    static final Flag OFF = new Flag(null, false);
    static final Flag ON = new Flag(null, true);

    boolean of(int word) {
      return field == null ? constantOrInverted : (field.of(word) == 1) != constantOrInverted;
    }

    /** Makes the flag have this value; false where it cannot. */
    boolean set(Encoding encoding, boolean value) {
      return field == null
          ? constantOrInverted == value
          : encoding.set(field, value != constantOrInverted ? 1 : 0);
    }

    boolean isKnown(Encoding encoding) {
      return field == null || encoding.knows(field);
    }
  }

  Row(
      int index,
      String name,
      String semantics,
      BitPattern pattern,
      Traits traits,
      List<Condition> conditions,
      List<Syntax> syntaxes) {
    this.index = index;
    this.name = name;
    this.semantics = semantics;
    this.pattern = pattern;
    this.traits = traits;
    this.conditions = conditions;
    this.syntaxes = syntaxes;
    Map<String, BitField> fields = pattern.fields();
    rd = fields.containsKey("Rd") ? fields.get("Rd") : fields.get("Rt");
    rn = fields.get("Rn");
    rm = fields.get("Rm");
    ra = fields.get("Ra");
    rt2 = fields.get("Rt2");
    rs = fields.get("Rs");
    shift = fields.get("shift");
    extend = fields.get("option");
    cond = fields.get("cond");
  }

  /** Its place in the table, 0 upwards; dense, for dispatch through arrays. */
  public int index() {
    return index;
  }

  /** Its name, unique in the table: {@code ldr_offset}. */
  public String name() {
    return name;
  }

  /** The name of what it does; several rows may share one. */
  public String semantics() {
    return semantics;
  }

  /** The named fields, highest bit first. */
  public List<BitField> fields() {
    return List.copyOf(pattern.fields().values());
  }

  /** The mnemonics it can be written with, the base instruction's last. */
  public List<String> mnemonics() {
    return syntaxes.stream().map(Syntax::mnemonic).distinct().toList();
  }

  /** Whether the word is this row's: its fixed bits, and no reserved combination of fields. */
  public boolean matches(int word) {
    if ((word & pattern.mask()) != pattern.value()) {
      return false;
    }
    for (Condition condition : conditions) {
      if (!condition.holds(this, word)) {
        return false;
      }
    }
    return true;
  }

  Op decode(int word) {
    return new Op(
        word,
        this,
        field(rd, word),
        field(rn, word),
        field(rm, word),
        field(ra, word),
        field(rt2, word),
        field(rs, word),
        number(traits.imm(), word),
        number(traits.imm2(), word),
        is64(word),
        field(shift, word),
        field(extend, word),
        (int) number(traits.amount(), word),
        field(cond, word),
        size(word),
        traits.signed(),
        traits.acquire().of(word),
        traits.release().of(word),
        traits.syndrome());
  }

  int mask() {
    return pattern.mask();
  }

  int value() {
    return pattern.value();
  }

  BitPattern pattern() {
    return pattern;
  }

  Traits traits() {
    return traits;
  }

  List<Condition> conditions() {
    return conditions;
  }

  List<Syntax> syntaxes() {
    return syntaxes;
  }

  boolean is64(int word) {
    return traits.wide().of(word);
  }

  /** 64 or 32. */
  int registerBits(int word) {
    return is64(word) ? 64 : 32;
  }

  @Override
  public String toString() {
    return name;
  }

  private int size(int word) {
    BitField leading = traits.sizeLeading();
    if (leading != null) {
      return Integer.highestOneBit(leading.of(word));
    }
    return traits.sizeShift() == null
        ? traits.size()
        : traits.size() << traits.sizeShift().of(word);
  }

  private static int field(@Nullable BitField field, int word) {
    return field == null ? 0 : field.of(word);
  }

  private long number(@Nullable Immediate immediate, int word) {
    return immediate == null ? 0 : immediate.decode(this, word);
  }
}
