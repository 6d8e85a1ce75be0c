package dev.stagewalk.mmu;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Permissions;
import org.jspecify.annotations.Nullable;

/**
 * What stage 1 allows, from a leaf and the tables above it.
 *
 * <p>Source: Arm ARM, "Stage 1 data accesses", "Hierarchical control of data access permissions",
 * "Privileged Access Never", "Instruction execution permissions" and "Preventing execution from
 * writable locations".
 */
final class Stage1Permissions {
  private Stage1Permissions() {}

  /**
   * What a leaf allows, taken as writable where the hardware makes it so on a write (DBM): such
   * memory is writable to WXN, and to the rule that EL1 never executes what EL0 can write.
   *
   * @param leaf the descriptor as it stands
   * @param hierarchical the limits of all tables above, or-ed, as they stand in table descriptors
   */
  static Permissions of(Stage1Parameters parameters, long leaf, long hierarchical) {
    boolean dirtyable = parameters.hardwareDirtyState() && (leaf & Stage1Format.DBM) != 0;
    boolean readOnly =
        ((leaf & Stage1Format.READ_ONLY) != 0 && !dirtyable)
            || (hierarchical & Stage1Format.AP_TABLE_READ_ONLY) != 0;
    boolean uxn = (leaf & Stage1Format.UXN) != 0 || (hierarchical & Stage1Format.UXN_TABLE) != 0;
    boolean write = !readOnly;
    boolean wxn = parameters.writableExecuteNever();
    if (!parameters.hasEl0()) {
      boolean execute = !uxn && !(wxn && write);
      return new Permissions(
          Permissions.PRIVILEGED_READ
              | (write ? Permissions.PRIVILEGED_WRITE : 0)
              | (execute ? Permissions.PRIVILEGED_EXECUTE : 0));
    }
    boolean el0 =
        (leaf & Stage1Format.EL0_ACCESS) != 0 && (hierarchical & Stage1Format.AP_TABLE_NO_EL0) == 0;
    boolean pxn = (leaf & Stage1Format.PXN) != 0 || (hierarchical & Stage1Format.PXN_TABLE) != 0;
    boolean el0Write = el0 && write;
    // What EL0 can write, EL1 never executes.
    boolean execute = !pxn && !el0Write && !(wxn && write);
    boolean el0Execute = !uxn && !(wxn && el0Write);
    boolean pan =
        parameters.features().stage1().pan() && (el0 || (parameters.enhancedPan() && el0Execute));
    return new Permissions(
        Permissions.PRIVILEGED_READ
            | (write ? Permissions.PRIVILEGED_WRITE : 0)
            | (execute ? Permissions.PRIVILEGED_EXECUTE : 0)
            | (el0 ? Permissions.UNPRIVILEGED_READ : 0)
            | (el0Write ? Permissions.UNPRIVILEGED_WRITE : 0)
            | (el0Execute ? Permissions.UNPRIVILEGED_EXECUTE : 0)
            | (pan ? Permissions.PAN_APPLIES : 0));
  }

  /**
   * What a leaf allows as long as the hardware has not made it writable.
   *
   * @param permissions of {@link #of}
   * @param leaf as the access leaves it in memory
   */
  static Permissions now(Permissions permissions, long leaf) {
    int write = Permissions.PRIVILEGED_WRITE | Permissions.UNPRIVILEGED_WRITE;
    return (leaf & Stage1Format.READ_ONLY) == 0 || (permissions.bits() & write) == 0
        ? permissions
        : new Permissions(permissions.bits() & ~write);
  }

  /**
   * Which rule refuses an access; null if none does.
   *
   * @param wxn SCTLR_ELx.WXN
   */
  static @Nullable Refusal denial(Access access, Permissions permissions, boolean wxn) {
    boolean privileged = access.privileged();
    if (access.kind() == Access.Kind.FETCH) {
      if (permissions.executable(privileged)) {
        return null;
      }
      if (wxn && permissions.writable(privileged)) {
        return Refusal.WRITABLE_EXECUTE_NEVER;
      }
      return privileged && permissions.writable(false)
          ? Refusal.WRITABLE_AT_EL0
          : Refusal.STAGE1_EXECUTE_NEVER;
    }
    if (privileged && access.pan() && permissions.panApplies()) {
      return Refusal.PRIVILEGED_ACCESS_NEVER;
    }
    if (!permissions.readable(privileged)) {
      return Refusal.STAGE1_NO_EL0_ACCESS;
    }
    return access.kind() == Access.Kind.READ || permissions.writable(privileged)
        ? null
        : Refusal.STAGE1_READ_ONLY;
  }
}
