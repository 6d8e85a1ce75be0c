package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.Asynchronous;
import java.util.Locale;

/**
 * Something done to the machine on purpose to see what comes of it: a fault put into it. One that
 * cannot be done is refused with the reason, and nothing has changed. Descriptors are changed
 * without maintenance: what a TLB holds of them stays.
 *
 * <p>Where it is said to which PE it is done, −1 is the PE that executes next. IPAs are those of
 * the stage 2 that VTTBR_EL2 and VTCR_EL2 of that PE describe.
 */
public sealed interface Injection extends Edit {
  /** As {@link InjectionGrammar} reads it: {@code clear-af ipa 0x40200000}. */
  String text();

  /** How much is unmapped. */
  enum Extent {
    /** The granule that holds the IPA. */
    PAGE,
    /** Whatever the leaf maps that translates the IPA. */
    BLOCK,
    /** A range that begins there. */
    RANGE
  }

  /**
   * What an IPA maps to is taken away: by the hypervisor, with the maintenance it always does;
   * where a program of its own is at EL2, by clearing descriptors.
   *
   * @param size bytes of a {@link Extent#RANGE}; 0 otherwise
   */
  record Unmap(long ipa, Extent extent, long size) implements Injection {
    @Override
    public String text() {
      return "unmap ipa "
          + Hex.plain(ipa)
          + switch (extent) {
            case PAGE -> "";
            case BLOCK -> " block";
            case RANGE -> " size " + Hex.plain(size);
          };
    }

    @Override
    public String words() {
      return switch (extent) {
        case PAGE -> "unmap the page at " + Hex.address(ipa);
        case BLOCK -> "unmap the block or page at " + Hex.address(ipa);
        case RANGE -> "unmap " + Hex.address(ipa) + " " + Size.words(size);
      };
    }
  }

  /** The Access flag of the leaf that translates an IPA becomes 0. */
  record ClearAccessFlag(long ipa, int pe) implements Injection {
    @Override
    public String text() {
      return "clear-af ipa " + Hex.plain(ipa) + ofPe(pe);
    }

    @Override
    public String words() {
      return "clear AF of " + Hex.address(ipa);
    }
  }

  /** What stage 2 allows of data accesses: S2AP. */
  enum DataAccess {
    NONE,
    RO,
    WO,
    RW
  }

  /** S2AP of the leaf that translates an IPA. */
  record SetS2ap(long ipa, DataAccess allowed, int pe) implements Injection {
    @Override
    public String text() {
      return "s2ap ipa " + Hex.plain(ipa) + " " + typed(allowed) + ofPe(pe);
    }

    @Override
    public String words() {
      return "set S2AP of " + Hex.address(ipa) + " to " + typed(allowed);
    }
  }

  /** Who may execute: XN[1:0] in the order of its values. */
  enum Execution {
    BOTH,
    EL0,
    NEITHER,
    EL1
  }

  /** XN of the leaf that translates an IPA. */
  record SetXn(long ipa, Execution allowed, int pe) implements Injection {
    @Override
    public String text() {
      return "xn ipa " + Hex.plain(ipa) + " " + typed(allowed) + ofPe(pe);
    }

    @Override
    public String words() {
      return "let "
          + switch (allowed) {
            case BOTH -> "EL1 and EL0";
            case EL0 -> "EL0 only";
            case NEITHER -> "nobody";
            case EL1 -> "EL1 only";
          }
          + " execute at "
          + Hex.address(ipa)
          + " (XN)";
    }
  }

  /**
   * Memory types that MemAttr of stage 2 can ask for. The value of the field depends on
   * HCR_EL2.FWB.
   */
  enum MemoryAttribute {
    DEVICE_NGNRNE(0, 0),
    DEVICE_NGNRE(1, 1),
    DEVICE_NGRE(2, 2),
    DEVICE_GRE(3, 3),
    NORMAL_NC(5, 5),
    NORMAL_WT(10, -1),
    NORMAL_WB(15, 6),
    AS_STAGE_1(-1, 7);

    private final int plain;
    private final int forced;

    MemoryAttribute(int plain, int forced) {
      this.plain = plain;
      this.forced = forced;
    }

    /** The value of MemAttr[3:0]; −1 if there is none. */
    int value(boolean fwb) {
      return fwb ? forced : plain;
    }
  }

  /** MemAttr of the leaf that translates an IPA. */
  record SetMemAttr(long ipa, MemoryAttribute attribute, int pe) implements Injection {
    @Override
    public String text() {
      return "memattr ipa " + Hex.plain(ipa) + " " + typed(attribute) + ofPe(pe);
    }

    @Override
    public String words() {
      return "set MemAttr of " + Hex.address(ipa) + " to " + typed(attribute);
    }
  }

  /**
   * A bit of 8 bytes of RAM, such as a descriptor, becomes the other.
   *
   * @param pa a multiple of 8
   * @param bit 0 to 63
   */
  record FlipMemory(long pa, int bit) implements Injection {
    @Override
    public String text() {
      return "flip pa " + Hex.plain(pa) + " bit " + bit;
    }

    @Override
    public String words() {
      return "flip bit " + bit + " of [" + Hex.address(pa) + "]";
    }
  }

  /**
   * The table descriptor that translates an IPA at a level names another table.
   *
   * @param level −1 to 2
   * @param to physical address of the other table, a multiple of the granule
   */
  record PointTable(long ipa, int level, long to, int pe) implements Injection {
    @Override
    public String text() {
      return "table ipa " + Hex.plain(ipa) + " level " + level + " to " + Hex.plain(to) + ofPe(pe);
    }

    @Override
    public String words() {
      return "point the level "
          + level
          + " table descriptor of "
          + Hex.address(ipa)
          + " to "
          + Hex.address(to);
    }
  }

  /** An instruction of maintenance. */
  enum Maintenance {
    TLBI,
    DSB,
    ISB
  }

  /** The next TLBI, DSB or ISB of the hypervisor, on whichever PE, has no effect. */
  record SkipNext(Maintenance what) implements Injection {
    @Override
    public String text() {
      return "skip-next " + typed(what);
    }

    @Override
    public String words() {
      return "withhold the hypervisor's next " + what;
    }
  }

  /** How a TLBI is made to name less, or something else. */
  sealed interface Narrowing {
    /** The PE that executes it, and no other. */
    record Local() implements Narrowing {}

    /** Another VMID. */
    record Vmid(int vmid) implements Narrowing {}

    /** Another address: the operand is made by a shift other than 12; 0 to 63. */
    record Shift(int bits) implements Narrowing {}

    /** Stage 2 alone, of both. */
    record Stage2() implements Narrowing {}
  }

  /** The next TLBI of the hypervisor, on whichever PE, names something else. */
  record NarrowNext(Narrowing how) implements Injection {
    @Override
    public String text() {
      return "narrow-next tlbi "
          + switch (how) {
            case Narrowing.Local _ -> "local";
            case Narrowing.Vmid(int vmid) -> "vmid " + vmid;
            case Narrowing.Shift(int bits) -> "shift " + bits;
            case Narrowing.Stage2 _ -> "stage2";
          };
    }

    @Override
    public String words() {
      return "narrow the hypervisor's next TLBI to "
          + switch (how) {
            case Narrowing.Local _ -> "its own PE";
            case Narrowing.Vmid(int vmid) -> "VMID " + vmid;
            case Narrowing.Shift(int bits) -> "an operand shifted by " + bits + " bits";
            case Narrowing.Stage2 _ -> "stage 2 alone";
          };
    }
  }

  /** The next DSB of the hypervisor, on whichever PE, is one of its own PE alone: DSB NSH. */
  record NarrowDsb() implements Injection {
    @Override
    public String text() {
      return "narrow-next dsb";
    }

    @Override
    public String words() {
      return "narrow the hypervisor's next DSB to its own PE";
    }
  }

  /** VTTBR_EL2 names another VMID, under a guest that runs on. */
  record SetVmid(int vmid, int pe) implements Injection {
    @Override
    public String text() {
      return "vmid " + vmid + ofPe(pe);
    }

    @Override
    public String words() {
      return "set the VMID in VTTBR_EL2 to " + vmid + onPe(pe);
    }
  }

  /** VTCR_EL2 changes under a guest that runs on. */
  record SetVtcr(long value, int pe) implements Injection {
    @Override
    public String text() {
      return "vtcr " + Hex.plain(value) + ofPe(pe);
    }

    @Override
    public String words() {
      return "set VTCR_EL2 = " + Hex.address(value) + onPe(pe);
    }
  }

  /** VTTBR_EL2 changes under a guest that runs on. */
  record SetVttbr(long value, int pe) implements Injection {
    @Override
    public String text() {
      return "vttbr " + Hex.plain(value) + ofPe(pe);
    }

    @Override
    public String words() {
      return "set VTTBR_EL2 = " + Hex.address(value) + onPe(pe);
    }
  }

  /** The hypervisor's next allocation of pages finds none. */
  record FailAllocation() implements Injection {
    @Override
    public String text() {
      return "fail-alloc";
    }

    @Override
    public String words() {
      return "fail the hypervisor's next allocation";
    }
  }

  /**
   * An asynchronous exception is pending at a PE until it is taken.
   *
   * @param virtual whether it is the virtual one, for EL1
   */
  record Interrupt(Asynchronous kind, boolean virtual, int pe) implements Injection {
    @Override
    public String text() {
      return typed(kind) + (virtual ? " virtual" : "") + ofPe(pe);
    }

    @Override
    public String words() {
      return "raise a " + (virtual ? "virtual " : "physical ") + kind.words() + onPe(pe);
    }
  }

  /**
   * A bit of a register becomes the other.
   *
   * @param register as in {@link Edit.SetRegister}, or {@code v0} to {@code v31}, or {@code pstate}
   *     in the layout of SPSR_EL2
   * @param bit 0 to 63; to 127 of a vector register
   */
  record FlipRegister(String register, int bit, int pe) implements Injection {
    @Override
    public String text() {
      return "register " + register + " bit " + bit + ofPe(pe);
    }

    @Override
    public String words() {
      return "flip bit " + bit + " of " + register + onPe(pe);
    }
  }

  private static String typed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String ofPe(int pe) {
    return pe < 0 ? "" : " pe " + pe;
  }

  private static String onPe(int pe) {
    return pe < 0 ? "" : " on PE " + pe;
  }
}
