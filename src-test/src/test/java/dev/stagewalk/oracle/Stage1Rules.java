package dev.stagewalk.oracle;

import dev.stagewalk.oracle.Abort.Fault;
import dev.stagewalk.oracle.Abort.Status;
import dev.stagewalk.oracle.AccessDescriptor.Type;
import dev.stagewalk.oracle.WalkMemory.Step;
import dev.stagewalk.oracle.WalkMemory.Verdict;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Translation by stage 1. Source: AArch64.S1Translate, AArch64.S1Walk. */
final class Stage1Rules {
  private static final int AF = 10;
  private static final int AP_2 = 7;
  private static final int DBM = 51;

  /** What the walker's own accesses say of their memory: kind, not hints, matters to stage 2. */
  private static final MemAttrs OF_THE_WALK =
      MemAttrs.normal(MemAttrs.Hints.WB_RWA, MemAttrs.Hints.WB_RWA, MemAttrs.ISH);

  private final Stage1Params params;
  private final @Nullable Stage2Rules below;
  private final WalkMemory memory;

  /**
   * What stage 1 says of a VA.
   *
   * @param walked false where stage 1 is off
   * @param level level of the leaf
   * @param descriptor the leaf as the hardware leaves it
   * @param address output address
   * @param global for every ASID
   * @param attrs what it says of the memory
   * @param rights what it allows; of no meaning where stage 1 is off
   */
  record Leaf(
      boolean walked,
      int level,
      long descriptor,
      long address,
      boolean global,
      MemAttrs attrs,
      Stage1Rights rights) {}

  /**
   * @param below stage 2 of the regime; null where there is none, or it is off
   */
  Stage1Rules(Stage1Params params, @Nullable Stage2Rules below, WalkMemory memory) {
    this.params = params;
    this.below = below;
    this.memory = memory;
  }

  Leaf translate(long va, AccessDescriptor access) {
    boolean write = access.writeOnly();
    if (!params.enabled) {
      return off(va, access);
    }
    if (params.txSzFaults || params.vaOutOfRange(va) || access.el0() && params.e0pd || params.epd) {
      throw fault(Status.TRANSLATION, 0, write);
    }
    int level = params.startLevel();
    long table = params.tableBase();
    int low = params.tgx.translationSize(level);
    int high = params.iaSize() - 1;
    if (params.outOfRange(table)) {
      throw fault(Status.ADDRESS_SIZE, 0, write);
    }
    Stage1Rights rights = new Stage1Rights();
    while (true) {
      long index = Stage2Rules.index(va, high, low);
      long ipa = table | index << 3;
      long at = ipa;
      if (below != null) {
        try {
          at = below.translate(ipa, OF_THE_WALK, access.tableWalk(), write).address();
        } catch (Abort abort) {
          memory.step(new Step(1, level, table, index, high, low, 0, 0, Verdict.UNREACHED));
          throw abort;
        }
      }
      OptionalLong read = memory.read(at);
      if (read.isEmpty()) {
        memory.step(new Step(1, level, table, index, high, low, at, 0, Verdict.EXTERNAL_ABORT));
        throw fault(Status.EXTERNAL_ON_WALK, level, write);
      }
      long descriptor = read.getAsLong();
      TableFormat.Type type = params.format.type(descriptor, level);
      Verdict verdict =
          switch (type) {
            case INVALID -> Verdict.INVALID;
            case TABLE -> Verdict.TABLE;
            case LEAF -> level == 3 ? Verdict.PAGE : Verdict.BLOCK;
          };
      memory.step(new Step(1, level, table, index, high, low, at, descriptor, verdict));
      switch (type) {
        case INVALID -> throw fault(Status.TRANSLATION, level, write);
        case LEAF -> {
          rights.leaf(descriptor, params);
          return leaf(va, access, level, descriptor, ipa, at, rights);
        }
        case TABLE -> {
          rights.table(descriptor, params);
          table = params.format.nextTable(descriptor);
          if (params.outOfRange(table)) {
            throw refused(Status.ADDRESS_SIZE, level, write);
          }
          level++;
          low = params.tgx.translationSize(level);
          high = low + params.tgx.stride - 1;
        }
      }
    }
  }

  private Leaf leaf(
      long va,
      AccessDescriptor access,
      int level,
      long descriptor,
      long ipa,
      long at,
      Stage1Rights rights) {
    boolean write = access.writeOnly();
    int size = params.tgx.translationSize(level);
    long address = params.format.leafBase(descriptor, level) | va & (1L << size) - 1;
    if (params.outOfRange(address)) {
      throw refused(Status.ADDRESS_SIZE, level, write);
    }
    if (!Controls.bit(descriptor, AF) && !params.ha) {
      throw refused(Status.ACCESS_FLAG, level, write);
    }
    MemAttrs attrs = params.attributes(descriptor);
    if (access.type() != Type.IFETCH && attrs.device() && !access.aligned()) {
      throw refused(Status.ALIGNMENT, 0, write);
    }
    checkPermissions(access, attrs, rights, level);

    long updated = descriptor;
    if (params.ha) {
      updated |= 1L << AF;
      boolean dirties = access.write() && access.type() != Type.AT;
      if (params.hd && Controls.bit(descriptor, DBM) && dirties) {
        updated &= ~(1L << AP_2);
      }
    }
    if (updated != descriptor) {
      if (below != null) {
        memory.silent(true);
        // ESR_ELx.WnR: of an atomic 1, unless a read alone would meet the fault too.
        boolean asWrite = access.write() && (!access.read() || Controls.bit(descriptor, AF));
        below.translate(ipa, OF_THE_WALK, access.tableUpdate(), asWrite);
        memory.silent(false);
      }
      memory.update(at, updated);
    }
    boolean global = !params.regime.hasUnprivileged() || !Controls.bit(descriptor, 11);
    return new Leaf(true, level, updated, address, global, memoryOf(access, attrs), rights);
  }

  /** What the cache enables leave of the attributes. Source: the end of AArch64.S1Translate. */
  private MemAttrs memoryOf(AccessDescriptor access, MemAttrs attrs) {
    MemAttrs left = attrs;
    if (access.type() == Type.IFETCH) {
      if (attrs.device() || !params.instructionCache) {
        left = MemAttrs.NORMAL_NC;
      }
    } else if (!attrs.device() && !params.dataCache) {
      left = MemAttrs.NORMAL_NC;
    }
    if (params.regime == OracleRegime.EL10
        && params.vm
        && !params.pe.choices().effectiveShareabilityAtStage1()) {
      return left.withShareability(attrs.shareability());
    }
    return left.effective();
  }

  /** Source: AArch64.S1CheckPermissions. */
  private void checkPermissions(
      AccessDescriptor access, MemAttrs attrs, Stage1Rights rights, int level) {
    Stage1Rights.Access can = rights.of(params, access.el0(), access.pan());
    if (access.type() == Type.IFETCH) {
      boolean device = attrs.device() && params.pe.choices().instructionsFromDeviceFault();
      if (device || !can.x()) {
        throw refused(Status.PERMISSION, level, false);
      }
    } else if (access.read() && !can.r()) {
      throw refused(Status.PERMISSION, level, false);
    } else if (access.write() && !can.w()) {
      throw refused(Status.PERMISSION, level, true);
    }
  }

  /** Source: AArch64.S1DisabledOutput. */
  private Leaf off(long va, AccessDescriptor access) {
    MemAttrs attrs;
    if (params.defaultCacheable) {
      attrs = MemAttrs.normal(MemAttrs.Hints.WB_RWA, MemAttrs.Hints.WB_RWA, MemAttrs.NSH);
    } else if (access.type() == Type.IFETCH) {
      MemAttrs.Hints writeThrough = new MemAttrs.Hints(MemAttrs.Cacheability.WT, 2, false);
      attrs =
          params.instructionCache
              ? MemAttrs.normal(writeThrough, writeThrough, MemAttrs.OSH)
              : MemAttrs.NORMAL_NC;
    } else {
      attrs = MemAttrs.device(0, MemAttrs.OSH);
    }
    long untagged = va & -1L >>> 63 - params.addressTop();
    if (untagged >>> params.pe.paMax() != 0) {
      throw fault(Status.ADDRESS_SIZE, 0, access.writeOnly());
    }
    if (access.type() != Type.IFETCH && attrs.device() && !access.aligned()) {
      throw fault(Status.ALIGNMENT, 0, access.writeOnly());
    }
    return new Leaf(false, 0, 0, untagged, false, attrs, new Stage1Rights());
  }

  private Abort refused(Status status, int level, boolean write) {
    memory.refuse();
    return fault(status, level, write);
  }

  private static Abort fault(Status status, int level, boolean write) {
    return new Abort(new Fault(status, level, false, false, 0, write));
  }
}
