package dev.stagewalk.arch;

import java.util.List;
import java.util.Optional;

/**
 * One complete assignment of bits to fields: from the highest bit to bit 0 without a gap.
 *
 * @param id names the layout among the alternatives of its form; empty when there is but one
 * @param title the same for people; may be empty
 * @param fields high bits first
 */
public record Layout(String id, String title, List<Field> fields) {
  public Layout {
    fields = List.copyOf(fields);
  }

  /** The field of that name, by the architecture's spelling. */
  public Optional<Field> field(String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  /** The bits that are RES0 in this layout. */
  public long res0() {
    return reserved(FieldKind.Reservation.RES0);
  }

  /** The bits that are RES1 in this layout. */
  public long res1() {
    return reserved(FieldKind.Reservation.RES1);
  }

  private long reserved(FieldKind.Reservation wanted) {
    long mask = 0;
    for (Field field : fields) {
      if (field.kind() instanceof FieldKind.Unassigned(var reservation) && reservation == wanted) {
        mask |= field.mask();
      }
    }
    return mask;
  }
}
