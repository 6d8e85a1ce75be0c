package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Understands the words of a row: its attributes, conditions and numbers. */
final class RowText {
  private static final Pattern COMPARISON =
      Pattern.compile("(\\w+)(=|!=|<=|<|>=|>)(?:(\\d+)|(top)|([A-Za-z]\\w*)(?:\\+(\\d+))?)");
  private static final Pattern JOINED = Pattern.compile("([\\w:]+)(?:\\*(\\d+))?(?:<<(\\w+))?");
  private static final Pattern FUNCTION = Pattern.compile("(\\w+)\\(([\\w:]+)\\)(.*)");
  private static final Pattern DIFFERENCE = Pattern.compile("(\\d+)-(\\w+)");
  private static final Pattern SIZE = Pattern.compile("(\\d+)(?:<<(\\w+))?");

  private final Map<String, BitField> fields;
  private final Map<String, OperandNames> names;

  RowText(Map<String, BitField> fields, Map<String, OperandNames> names) {
    this.fields = fields;
    this.names = names;
  }

  /** The attributes column. */
  Row.Traits traits(String text) {
    Immediate imm = null;
    Immediate imm2 = null;
    Immediate amount = null;
    Row.Flag wide = fields.containsKey("sf") ? flag("sf") : Row.Flag.OFF;
    Row.Flag acquire = Row.Flag.OFF;
    Row.Flag release = Row.Flag.OFF;
    boolean signed = false;
    boolean syndrome = false;
    int size = 0;
    BitField sizeShift = null;
    BitField sizeLeading = null;
    String within = null;
    for (String word : words(text)) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      switch (key) {
        case "imm" -> imm = immediate(value);
        case "imm2" -> imm2 = immediate(value);
        case "amount" -> amount = immediate(value);
        case "wide" ->
            wide =
                switch (value) {
                  case "x" -> Row.Flag.ON;
                  case "w" -> Row.Flag.OFF;
                  default -> flag(value);
                };
        case "acquire" -> acquire = value.isEmpty() ? Row.Flag.ON : flag(value);
        case "release" -> release = value.isEmpty() ? Row.Flag.ON : flag(value);
        case "signed" -> signed = true;
        case "syndrome" -> syndrome = true;
        case "within" -> within = value;
        case "access" -> {
          if (value.equals("immh")) {
            size = 1;
            sizeLeading = field("immh");
            break;
          }
          Matcher matcher = SIZE.matcher(value);
          check(matcher.matches(), "access=" + value + " is no number of bytes");
          size = Integer.parseInt(matcher.group(1));
          sizeShift = matcher.group(2) == null ? null : field(matcher.group(2));
        }
        default -> throw new IllegalArgumentException("'" + word + "' is no attribute");
      }
    }
    return new Row.Traits(
        imm,
        imm2,
        amount,
        wide,
        acquire,
        release,
        signed,
        syndrome,
        size,
        sizeShift,
        sizeLeading,
        within);
  }

  /** A column of conditions. */
  List<Condition> conditions(String text, Row.Traits traits) {
    List<Condition> conditions = new ArrayList<>();
    for (String word : words(text)) {
      conditions.add(condition(word, traits));
    }
    return List.copyOf(conditions);
  }

  /** A number: {@code s(imm9)*8}, {@code immhi:immlo}, or a function of fields. */
  Immediate immediate(String text) {
    if (text.equals("system")) {
      return new Immediate.SystemName();
    }
    Matcher constant = SIZE.matcher(text);
    if (constant.matches()) {
      return new Immediate.Constant(
          Long.parseLong(constant.group(1)),
          constant.group(2) == null ? null : field(constant.group(2)));
    }
    Matcher difference = DIFFERENCE.matcher(text);
    if (difference.matches()) {
      return new Immediate.Difference(
          Integer.parseInt(difference.group(1)), field(difference.group(2)));
    }
    Matcher function = FUNCTION.matcher(text);
    if (!function.matches()) {
      return joined(text, false);
    }
    String inner = function.group(2);
    String rest = function.group(3);
    if (function.group(1).equals("s")) {
      return joined(inner + rest, true);
    }
    check(rest.isEmpty(), "'" + rest + "' after " + function.group(1));
    List<BitField> of = Arrays.stream(inner.split(":")).map(this::field).toList();
    return switch (function.group(1) + of.size()) {
      case "shifted2" -> new Immediate.Shifted12(of.get(0), of.get(1));
      case "bitmask3" -> new Immediate.LogicalMask(of.get(0), of.get(1), of.get(2));
      case "wmask3" -> new Immediate.MoveMask(of.get(0), of.get(1), of.get(2), false);
      case "tmask3" -> new Immediate.MoveMask(of.get(0), of.get(1), of.get(2), true);
      case "wide2" -> new Immediate.Wide(of.get(0), of.get(1), false);
      case "wide_not2" -> new Immediate.Wide(of.get(0), of.get(1), true);
      case "insert_lsb1" -> new Immediate.InsertLsb(of.get(0));
      case "insert_width1" -> new Immediate.InsertWidth(of.get(0));
      case "extract_width2" -> new Immediate.ExtractWidth(of.get(0), of.get(1));
      case "element_right2" -> new Immediate.ElementShift(of.get(0), of.get(1), true);
      case "element_left2" -> new Immediate.ElementShift(of.get(0), of.get(1), false);
      case "left_shift2" -> new Immediate.LeftShift(of.get(0), of.get(1));
      case "simd_bytes2" -> simd(SimdImmediate.Kind.BYTES, of);
      case "simd_halfwords3" -> simd(SimdImmediate.Kind.HALFWORDS, of);
      case "simd_words3" -> simd(SimdImmediate.Kind.WORDS, of);
      case "simd_ones3" -> simd(SimdImmediate.Kind.WORDS_ONES, of);
      case "simd_half2" -> simd(SimdImmediate.Kind.HALF, of);
      case "simd_halves2" -> simd(SimdImmediate.Kind.HALVES, of);
      case "simd_single2" -> simd(SimdImmediate.Kind.SINGLE, of);
      case "simd_singles2" -> simd(SimdImmediate.Kind.SINGLES, of);
      case "simd_double2" -> simd(SimdImmediate.Kind.DOUBLE, of);
      case "simd_mask2" -> simd(SimdImmediate.Kind.MASK, of);
      default -> throw new IllegalArgumentException("'" + text + "' is no number");
    };
  }

  /** A field of this row. */
  BitField field(String name) {
    BitField field = fields.get(name);
    if (field == null) {
      throw new IllegalArgumentException("no field is named '" + name + "'");
    }
    return field;
  }

  boolean hasField(String name) {
    return fields.containsKey(name);
  }

  OperandNames names(String group) {
    OperandNames found = names.get(group);
    if (found == null) {
      throw new IllegalArgumentException("no names of '" + group + "'");
    }
    return found;
  }

  private Condition condition(String text, Row.Traits traits) {
    return switch (text) {
      case "bitmask_valid" -> new Condition.BitmaskValid(field("N"), field("imms"));
      case "not_wide_move" -> new Condition.NotWideMove(logical(traits));
      case "even_pair" -> new Condition.EvenPair(field("Rs"), field("Rt"));
      case "unshifted" -> new Condition.Unshifted(field("immh"), field("immb"));
      case "pstate_field" ->
          new NameOperand.Named(joined("op1:op2", false), names("pstate"), false);
      default -> {
        List<Condition.Comparison> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|")) {
          alternatives.add(comparison(alternative));
        }
        yield alternatives.size() == 1
            ? alternatives.getFirst()
            : new Condition.Any(List.copyOf(alternatives));
      }
    };
  }

  private Condition.Comparison comparison(String text) {
    Matcher matcher = COMPARISON.matcher(text);
    check(matcher.matches(), "'" + text + "' is no condition");
    Condition.Relation relation = null;
    for (Condition.Relation candidate : Condition.Relation.values()) {
      if (candidate.sign.equals(matcher.group(2))) {
        relation = candidate;
      }
    }
    BitField right = matcher.group(5) == null ? null : field(matcher.group(5));
    String number = matcher.group(3) != null ? matcher.group(3) : matcher.group(6);
    return new Condition.Comparison(
        field(matcher.group(1)),
        Objects.requireNonNull(relation),
        right,
        number == null ? 0 : Integer.parseInt(number),
        matcher.group(4) != null);
  }

  private Immediate joined(String text, boolean signed) {
    Matcher matcher = JOINED.matcher(text);
    check(matcher.matches(), "'" + text + "' is no number");
    List<BitField> of = Arrays.stream(matcher.group(1).split(":")).map(this::field).toList();
    long scale = matcher.group(2) == null ? 1 : Long.parseLong(matcher.group(2));
    BitField shift = matcher.group(3) == null ? null : field(matcher.group(3));
    return new Immediate.Joined(of, signed, scale, shift);
  }

  private static Immediate simd(SimdImmediate.Kind kind, List<BitField> of) {
    return new SimdImmediate(kind, of.get(0), of.get(1), of.size() > 2 ? of.get(2) : null);
  }

  private Row.Flag flag(String text) {
    boolean inverted = text.startsWith("!");
    BitField field = field(inverted ? text.substring(1) : text);
    check(field.width() == 1, "'" + text + "' has more than one bit");
    return new Row.Flag(field, inverted);
  }

  private static Immediate logical(Row.Traits traits) {
    if (traits.imm() instanceof Immediate.LogicalMask imm) {
      return imm;
    }
    throw new IllegalArgumentException("imm is no bitmask");
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private static void check(boolean holds, String cause) {
    if (!holds) {
      throw new IllegalArgumentException(cause);
    }
  }
}
