package dev.stagewalk.event;

import java.util.ArrayList;
import java.util.List;

/**
 * What a stage of translation lets EL1 (or the regime's own level) and EL0 do with an address.
 *
 * <p>Source: Arm ARM, "Stage 1 data accesses", "Stage 2 data accesses" and "Instruction execution
 * permissions".
 *
 * @param bits the constants of this record, or-ed
 */
public record Permissions(int bits) {
  public static final int PRIVILEGED_READ = 1;
  public static final int PRIVILEGED_WRITE = 1 << 1;
  public static final int PRIVILEGED_EXECUTE = 1 << 2;
  public static final int UNPRIVILEGED_READ = 1 << 3;
  public static final int UNPRIVILEGED_WRITE = 1 << 4;
  public static final int UNPRIVILEGED_EXECUTE = 1 << 5;

  /** PSTATE.PAN keeps privileged data accesses away, because EL0 can reach the address. */
  public static final int PAN_APPLIES = 1 << 6;

  /** Everything allowed: what a stage that is off says. */
  public static final Permissions ALL = new Permissions(0x3f);

  private static final int READ = PRIVILEGED_READ;
  private static final int WRITE = PRIVILEGED_WRITE;
  private static final int EXECUTE = PRIVILEGED_EXECUTE;

  /** The same permissions for both levels. */
  public static Permissions of(boolean read, boolean write, boolean execute) {
    int bits = (read ? READ : 0) | (write ? WRITE : 0) | (execute ? EXECUTE : 0);
    return new Permissions(bits | bits << 3);
  }

  /** Whether reads are allowed, PSTATE.PAN aside. */
  public boolean readable(boolean privileged) {
    return has(READ, privileged);
  }

  /** Whether writes are allowed, PSTATE.PAN aside. */
  public boolean writable(boolean privileged) {
    return has(WRITE, privileged);
  }

  /** Whether instructions may be fetched. */
  public boolean executable(boolean privileged) {
    return has(EXECUTE, privileged);
  }

  /** Whether PSTATE.PAN would refuse a privileged data access. */
  public boolean panApplies() {
    return (bits & PAN_APPLIES) != 0;
  }

  private boolean has(int kind, boolean privileged) {
    return (bits & (privileged ? kind : kind << 3)) != 0;
  }

  /** What both this stage and another allow. */
  public Permissions and(Permissions other) {
    return new Permissions((bits & other.bits & 0x3f) | ((bits | other.bits) & PAN_APPLIES));
  }

  /** In short: {@code rwx} where both levels may do the same, else {@code EL1 rwx, EL0 r--}. */
  public String text() {
    String privileged = text(true);
    String unprivileged = text(false);
    List<String> words = new ArrayList<>();
    if (privileged.equals(unprivileged)) {
      words.add(privileged);
    } else {
      words.add("EL1 " + privileged);
      words.add("EL0 " + unprivileged);
    }
    return String.join(", ", words);
  }

  private String text(boolean privileged) {
    return (readable(privileged) ? "r" : "-")
        + (writable(privileged) ? "w" : "-")
        + (executable(privileged) ? "x" : "-");
  }
}
