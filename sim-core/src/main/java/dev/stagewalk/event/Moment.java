package dev.stagewalk.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in simulated time that can be typed, printed and compared: {@code 1:18364.2}.
 *
 * @param branch which history; an edit in the past begins a new one
 * @param instruction instructions started before this moment, over all PEs; an attempt that ends in
 *     an exception counts as one
 * @param micro steps taken inside the current instruction: lookups of walks, exception entry, what
 *     the hypervisor does, the return
 */
public record Moment(int branch, long instruction, long micro) implements Comparable<Moment> {
  private static final Pattern TEXT = Pattern.compile("(?:(\\d+):)?(\\d[\\d_ ]*)(?:\\.(\\d+))?");

  /** Where every run begins. */
  public static final Moment START = new Moment(1, 0, 0);

  public Moment {
    if (branch < 1 || instruction < 0 || micro < 0) {
      throw new IllegalArgumentException(
          "no such moment: " + branch + ":" + instruction + "." + micro);
    }
  }

  /** The boundary before an instruction of the first branch. */
  public static Moment at(long instruction) {
    return new Moment(1, instruction, 0);
  }

  /** A moment inside an instruction of the first branch. */
  public static Moment at(long instruction, long micro) {
    return new Moment(1, instruction, micro);
  }

  /**
   * Reads {@code branch:instruction.micro}; branch and micro may be left out.
   *
   * @throws IllegalArgumentException with the form that was expected
   */
  public static Moment parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a moment: write branch:instruction.micro, such as 1:18364.2");
    }
    try {
      return new Moment(
          m.group(1) == null ? 1 : Integer.parseInt(m.group(1)),
          Long.parseLong(m.group(2).replaceAll("[_ ]", "")),
          m.group(3) == null ? 0 : Long.parseLong(m.group(3)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too large to be a moment", e);
    }
  }

  /** The moment with the same instruction and micro-step of a branch. */
  public Moment onBranch(int number) {
    return number == branch ? this : new Moment(number, instruction, micro);
  }

  /** Whether this is where every run begins, whatever the branch. */
  public boolean isStart() {
    return instruction == 0 && micro == 0;
  }

  /** Whether this is between two instructions. */
  public boolean isBoundary() {
    return micro == 0;
  }

  public boolean isBefore(Moment other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Moment other) {
    int byBranch = Integer.compare(branch, other.branch);
    if (byBranch != 0) {
      return byBranch;
    }
    int byInstruction = Long.compare(instruction, other.instruction);
    return byInstruction != 0 ? byInstruction : Long.compare(micro, other.micro);
  }

  @Override
  public String toString() {
    return branch + ":" + instruction + (micro == 0 ? "" : "." + micro);
  }
}
