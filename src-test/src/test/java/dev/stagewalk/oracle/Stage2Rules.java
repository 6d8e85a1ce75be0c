package dev.stagewalk.oracle;

import dev.stagewalk.oracle.Abort.Fault;
import dev.stagewalk.oracle.Abort.Status;
import dev.stagewalk.oracle.AccessDescriptor.Type;
import dev.stagewalk.oracle.WalkMemory.Step;
import dev.stagewalk.oracle.WalkMemory.Verdict;
import java.util.OptionalLong;

/** Translation by stage 2. Source: AArch64.S2Translate, AArch64.S2Walk. */
final class Stage2Rules {
  private static final int AF = 10;
  private static final int S2AP_W = 7;
  private static final int DBM = 51;

  private final Stage2Params params;
  private final WalkMemory memory;

  /**
   * Where a walk of stage 2 ended.
   *
   * @param level level of the leaf
   * @param descriptor the leaf as the hardware leaves it
   * @param address output address
   * @param attrs attributes of both stages together
   */
  record Leaf(int level, long descriptor, long address, MemAttrs attrs) {}

  /** What stage 2 lets EL1 and EL0 do. */
  record Rights(boolean r, boolean w, boolean px, boolean ux) {}

  Stage2Rules(Stage2Params params, WalkMemory memory) {
    this.params = params;
    this.memory = memory;
  }

  /**
   * Translates an IPA.
   *
   * @param s1 attributes from stage 1
   * @param write WnR where stage 2 does not say otherwise
   */
  Leaf translate(long ipa, MemAttrs s1, AccessDescriptor access, boolean write) {
    boolean onWalk = access.type() == Type.TTW;
    if (params.faultsAlways() || ipa >>> params.iaSize() != 0) {
      throw fault(Status.TRANSLATION, 0, onWalk, ipa, write);
    }
    int level = params.startLevel();
    long table = params.tableBase();
    int low = params.tgx.translationSize(level);
    int high = params.iaSize() - 1;
    if (params.outOfRange(table)) {
      throw fault(Status.ADDRESS_SIZE, 0, onWalk, ipa, write);
    }
    while (true) {
      long index = index(ipa, high, low);
      long at = table | index << 3;
      OptionalLong read = memory.read(at);
      if (read.isEmpty()) {
        memory.step(new Step(2, level, table, index, high, low, at, 0, Verdict.EXTERNAL_ABORT));
        throw fault(Status.EXTERNAL_ON_WALK, level, onWalk, ipa, write);
      }
      long descriptor = read.getAsLong();
      TableFormat.Type type = params.format.type(descriptor, level);
      Verdict verdict =
          switch (type) {
            case INVALID -> Verdict.INVALID;
            case TABLE -> Verdict.TABLE;
            case LEAF -> level == 3 ? Verdict.PAGE : Verdict.BLOCK;
          };
      memory.step(new Step(2, level, table, index, high, low, at, descriptor, verdict));
      switch (type) {
        case INVALID -> throw fault(Status.TRANSLATION, level, onWalk, ipa, write);
        case LEAF -> {
          return leaf(ipa, s1, access, write, level, descriptor, at);
        }
        case TABLE -> {
          table = params.format.nextTable(descriptor);
          if (params.outOfRange(table)) {
            memory.refuse();
            throw fault(Status.ADDRESS_SIZE, level, onWalk, ipa, write);
          }
          level++;
          low = params.tgx.translationSize(level);
          high = low + params.tgx.stride - 1;
        }
      }
    }
  }

  static long index(long address, int high, int low) {
    return address >>> low & (1L << high - low + 1) - 1;
  }

  private Leaf leaf(
      long ipa,
      MemAttrs s1,
      AccessDescriptor access,
      boolean write,
      int level,
      long descriptor,
      long at) {
    boolean onWalk = access.type() == Type.TTW;
    int size = params.tgx.translationSize(level);
    long address = params.format.leafBase(descriptor, level) | ipa & (1L << size) - 1;
    if (params.outOfRange(address)) {
      throw refused(Status.ADDRESS_SIZE, level, onWalk, ipa, write);
    }
    if (!Controls.bit(descriptor, AF) && !params.ha) {
      throw refused(Status.ACCESS_FLAG, level, onWalk, ipa, write);
    }
    MemAttrs attrs = own(s1, descriptor);
    if (access.type() != Type.IFETCH && attrs.device() && !access.aligned()) {
      throw refused(Status.ALIGNMENT, 0, onWalk, ipa, write);
    }
    checkPermissions(access, attrs, rights(descriptor), level, ipa, write);

    long updated = descriptor;
    if (params.ha) {
      updated |= 1L << AF;
      boolean dirties = access.write() && access.type() != Type.AT;
      if (params.hd && Controls.bit(descriptor, DBM) && dirties) {
        updated |= 1L << S2AP_W;
      }
    }
    if (updated != descriptor) {
      memory.update(at, updated);
    }
    return new Leaf(level, updated, address, combined(s1, attrs, access));
  }

  /** What stage 2 says of the memory; with FWB of both stages. Source: S2NextWalkStateLeaf. */
  private MemAttrs own(MemAttrs s1, long descriptor) {
    int attr = Controls.bits(descriptor, 5, 2);
    int sh = params.ds ? params.sh : Controls.bits(descriptor, 9, 8);
    Choices choices = params.pe.choices();
    return params.fwb ? MemAttrs.forced(s1, attr, sh, choices) : MemAttrs.stage2(attr, sh, choices);
  }

  private MemAttrs combined(MemAttrs s1, MemAttrs own, AccessDescriptor access) {
    boolean nonCacheable =
        switch (access.type()) {
          case TTW -> own.device() && !params.ptw || !own.device() && params.cd;
          case IFETCH -> own.device() || params.id;
          case DATA, AT -> !own.device() && params.cd;
        };
    MemAttrs attrs = nonCacheable ? MemAttrs.NORMAL_NC : own;
    return params.fwb ? attrs : MemAttrs.combine(s1, attrs);
  }

  /** Source: AArch64.S2ApplyOutputPerms, AArch64.S2DirectBasePermissions. */
  Rights rights(long descriptor) {
    boolean xn = Controls.bit(descriptor, 54);
    boolean xnx = params.pe.xnx() && Controls.bit(descriptor, 53);
    boolean dirtyable = params.ha && params.hd && Controls.bit(descriptor, DBM);
    return new Rights(
        Controls.bit(descriptor, 6), Controls.bit(descriptor, S2AP_W) || dirtyable, xn == xnx, !xn);
  }

  /** Source: AArch64.S2CheckPermissions. */
  private void checkPermissions(
      AccessDescriptor access, MemAttrs attrs, Rights can, int level, long ipa, boolean write) {
    switch (access.type()) {
      case TTW -> {
        boolean device = params.ptw && attrs.device();
        if (device || !can.r || access.write() && !can.w) {
          throw refused(Status.PERMISSION, level, true, ipa, write);
        }
      }
      case IFETCH -> {
        boolean device = attrs.device() && params.pe.choices().instructionsFromDeviceFault();
        if (device || !(access.el0() ? can.ux : can.px)) {
          throw refused(Status.PERMISSION, level, false, ipa, write);
        }
      }
      case DATA, AT -> {
        if (access.read() && !can.r) {
          throw refused(Status.PERMISSION, level, false, ipa, false);
        }
        if (access.write() && !can.w) {
          throw refused(Status.PERMISSION, level, false, ipa, true);
        }
      }
    }
  }

  private Abort refused(Status status, int level, boolean onWalk, long ipa, boolean write) {
    memory.refuse();
    return fault(status, level, onWalk, ipa, write);
  }

  private static Abort fault(Status status, int level, boolean onWalk, long ipa, boolean write) {
    return new Abort(new Fault(status, level, true, onWalk, ipa, write));
  }
}
