package dev.stagewalk.arch;

import dev.stagewalk.arch.Condition.Guarded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the bits of a register, a syndrome or a descriptor are read: one layout, or several of which
 * the value and its context choose one.
 */
public final class BitForm {
  private final String name;
  private final int width;
  private final List<Guarded<List<Guarded<Layout>>>> alternatives;

  BitForm(String name, int width, List<Guarded<List<Guarded<Layout>>>> alternatives) {
    this.name = name;
    this.width = width;
    this.alternatives = List.copyOf(alternatives);
  }

  /** The name of the register, syndrome form or descriptor. */
  public String name() {
    return name;
  }

  /** Number of bits. */
  public int width() {
    return width;
  }

  /** The layout that applies to this value when nothing else is known. */
  public Layout layout(long value) {
    return layout(value, Context.PLAIN);
  }

  /** The layout that applies to this value in this context. */
  public Layout layout(long value, Context context) {
    return Condition.choose(Condition.choose(alternatives, value, context), value, context);
  }

  /** Every layout there is. */
  public List<Layout> layouts() {
    List<Layout> all = new ArrayList<>();
    alternatives.forEach(a -> a.what().forEach(layout -> all.add(layout.what())));
    return all;
  }

  /** The fields of a value, high bits first. */
  public List<FieldValue> decode(long value) {
    return decode(value, Context.PLAIN);
  }

  /** The fields of a value, high bits first. */
  public List<FieldValue> decode(long value, Context context) {
    List<FieldValue> fields = new ArrayList<>();
    for (Field field : layout(value, context).fields()) {
      fields.add(field.decode(value, context));
    }
    return fields;
  }

  /** The value of which these are the fields: the inverse of {@link #decode(long, Context)}. */
  public static long encode(List<FieldValue> fields) {
    long value = 0;
    for (FieldValue field : fields) {
      value |= field.raw() << field.lo();
    }
    return value;
  }

  /**
   * The field of that name, in the first layout that has one. Where layouts put it at different
   * places, ask {@link #layout(long, Context)} instead.
   *
   * @throws IllegalArgumentException when no layout has it; the message lists those there are
   */
  public Field field(String field) {
    for (Layout layout : layouts()) {
      var found = layout.field(field);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw noField(field, layouts());
  }

  /** {@link #withField(long, String, long, Context)} when nothing else is known. */
  public long withField(long value, String field, long fieldValue) {
    return withField(value, field, fieldValue, Context.PLAIN);
  }

  /**
   * The value with one field changed.
   *
   * @throws IllegalArgumentException when the layout that applies has no such field, or the new
   *     value does not fit it
   */
  public long withField(long value, String field, long fieldValue, Context context) {
    Layout layout = layout(value, context);
    return layout
        .field(field)
        .orElseThrow(() -> noField(field, List.of(layout)))
        .insert(value, fieldValue);
  }

  /** The address held in the address fields of a value, all parts put together. */
  public long address(long value, Context context) {
    long address = 0;
    for (Field field : layout(value, context).fields()) {
      address |= field.addressBits(value);
    }
    return address;
  }

  private IllegalArgumentException noField(String field, List<Layout> in) {
    String known =
        in.stream()
            .flatMap(layout -> layout.fields().stream())
            .filter(f -> !(f.kind() instanceof FieldKind.Unassigned))
            .map(Field::name)
            .distinct()
            .collect(Collectors.joining(" "));
    return new IllegalArgumentException(name + " has no field " + field + "; it has " + known);
  }

  @Override
  public String toString() {
    return name;
  }
}
