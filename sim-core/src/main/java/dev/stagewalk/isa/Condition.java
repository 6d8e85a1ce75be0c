package dev.stagewalk.isa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a word for a row to claim it, or for a spelling to be its name. A single
 * equation also works backwards: while encoding it settles the field that is not known yet.
 */
interface Condition {

  boolean holds(Row row, int word);

  /** Settles what this condition determines; false where it contradicts what is settled. */
  default boolean settle(Encoding encoding) {
    return true;
  }

  /** The bits that {@link #settle} can determine. */
  default int mask() {
    return 0;
  }

  /** How a value is compared. */
  enum Relation {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    boolean holds(int left, int right) {
      return switch (this) {
        case EQUAL -> left == right;
        case NOT_EQUAL -> left != right;
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case GREATER -> left > right;
        case AT_LEAST -> left >= right;
      };
    }
  }

  /**
   * A field compared with a number, with another field plus a number, or with the highest bit
   * number of the register.
   */
  record Comparison(
      BitField left, Relation relation, @Nullable BitField right, int number, boolean top)
      implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      return relation.holds(left.of(word), rightValue(row, word));
    }

    @Override
    public boolean settle(Encoding encoding) {
      if (relation != Relation.EQUAL) {
        return true;
      }
      if (right != null && !encoding.knows(right)) {
        return number != 0 || !encoding.knows(left) || encoding.set(right, encoding.get(left));
      }
      return encoding.set(left, rightValue(encoding.row(), encoding.word()));
    }

    @Override
    public int mask() {
      return relation == Relation.EQUAL ? left.mask() | (right == null ? 0 : right.mask()) : 0;
    }

    /** Whether the pattern fixes a number in the field with which this does not hold. */
    boolean neverHolds(BitPattern pattern) {
      return right == null
          && !top
          && (pattern.mask() & left.mask()) == left.mask()
          && !relation.holds(left.of(pattern.value()), number);
    }

    private int rightValue(Row row, int word) {
      if (top) {
        return row.registerBits(word) - 1;
      }
      return right == null ? number : right.of(word) + number;
    }
  }

  /** At least one of several. */
  record Any(List<Comparison> comparisons) implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      return comparisons.stream().anyMatch(comparison -> comparison.holds(row, word));
    }
  }

  /** N:immr:imms is no reserved pattern. */
  record BitmaskValid(BitField n, BitField imms) implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      return Bitmask.isValid(row.is64(word), n.of(word), imms.of(word));
    }
  }

  /** No movz or movn writes this logical immediate (Arm ARM, {@code MoveWidePreferred}). */
  record NotWideMove(Immediate logical) implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      long value = logical.decode(row, word);
      int bits = row.registerBits(word);
      long inverse = bits == 64 ? ~value : ~value & 0xffff_ffffL;
      for (int part = 0; part < bits; part += 16) {
        long others = ~(0xffffL << part);
        if ((value & others) == 0 || (inverse & others) == 0) {
          return false;
        }
      }
      return true;
    }
  }

  /** Both registers of each pair exist: the first is even. */
  record EvenPair(BitField first, BitField second) implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      return ((first.of(word) | second.of(word)) & 1) == 0;
    }
  }

  /** Elements are lengthened and not shifted: nothing follows the leading one of immh. */
  record Unshifted(BitField immh, BitField immb) implements Condition {
    @Override
    public boolean holds(Row row, int word) {
      return Integer.bitCount(immh.of(word)) == 1 && immb.of(word) == 0;
    }

    @Override
    public boolean settle(Encoding encoding) {
      int leading = Integer.highestOneBit(encoding.get(immh));
      return encoding.set(immh, leading) && encoding.set(immb, 0);
    }

    @Override
    public int mask() {
      return immh.mask() | immb.mask();
    }
  }
}
