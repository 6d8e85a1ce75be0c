package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Controls.bit;
import static dev.stagewalk.oracle.Controls.bits;

/** Permissions of stage 1 on their way down a walk, and what they come to at its end. */
final class Stage1Rights {
  private int apTable;
  private boolean uxnTable;
  private boolean pxnTable;
  private int ap;
  private boolean uxn;
  private boolean pxn;

  /** What one Exception level may do. */
  record Access(boolean r, boolean w, boolean x) {}

  /** Source: AArch64.S1ApplyTablePerms. */
  void table(long descriptor, Stage1Params params) {
    if (params.hpd) {
      return;
    }
    if (params.regime.hasUnprivileged()) {
      apTable |= bits(descriptor, 62, 61);
      uxnTable |= bit(descriptor, 60);
      pxnTable |= bit(descriptor, 59);
    } else {
      apTable |= bits(descriptor, 62, 62) << 1;
      pxnTable |= bit(descriptor, 60);
    }
  }

  /** Source: AArch64.S1ApplyOutputPerms. */
  void leaf(long descriptor, Stage1Params params) {
    if (params.regime.hasUnprivileged()) {
      ap = bits(descriptor, 7, 6);
      uxn = bit(descriptor, 54);
      pxn = bit(descriptor, 53);
    } else {
      ap = bits(descriptor, 7, 7) << 1;
      pxn = bit(descriptor, 54);
    }
    if (params.ha && params.hd && bit(descriptor, 51)) {
      ap &= 1;
    }
  }

  /**
   * Source: AArch64.S1DirectBasePermissions, AArch64.S1ComputePermissions.
   *
   * @param pan PSTATE.PAN counts for this access
   */
  Access of(Stage1Params params, boolean el0, boolean pan) {
    boolean writable = (ap & 2) == 0 && (apTable & 2) == 0;
    boolean unprivileged = params.regime.hasUnprivileged() && (ap & 1) != 0 && (apTable & 1) == 0;
    boolean px;
    boolean r = true;
    boolean w = writable;
    if (params.regime.hasUnprivileged()) {
      boolean uw = unprivileged && writable;
      boolean ux = !uxn && !uxnTable;
      px = !pxn && !pxnTable && !uw;
      if (params.pe.pan() && pan && (unprivileged || params.epan && ux)) {
        r = false;
        w = false;
      }
      if (el0) {
        return writableNever(params, unprivileged, uw, ux);
      }
    } else {
      px = !pxn && !pxnTable;
    }
    return writableNever(params, r, w, px);
  }

  private static Access writableNever(Stage1Params params, boolean r, boolean w, boolean x) {
    return new Access(r, w, x && !(params.wxn && w));
  }
}
