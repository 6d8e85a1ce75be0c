package dev.stagewalk.mmu;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import org.jspecify.annotations.Nullable;

/**
 * What a stage-2 leaf descriptor says beside its address.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats"; "Stage 2 data accesses"; "Stage 2 memory type
 * and Cacheability attributes when FEAT_S2FWB is disabled" and "… enabled".
 *
 * @param readable S2AP[0]
 * @param writable S2AP[1] as it stands; see {@code dirtyBitModifier}
 * @param executableAtEl1 by XN, of which bit 53 counts only with FEAT_XNX
 * @param executableAtEl0 likewise
 * @param memoryType by MemAttr
 * @param outer Outer Cacheability of Normal memory: the type as if both were this
 * @param inner Inner Cacheability likewise
 * @param shareability SH, or VTCR_EL2.SH0 where the descriptor has no such field (DS = 1)
 * @param accessFlag AF
 * @param dirtyBitModifier DBM: a write makes the descriptor writable if the hardware manages dirty
 *     state
 * @param contiguous one of a run of descriptors that a TLB may hold as one entry
 */
public record Stage2Attributes(
    boolean readable,
    boolean writable,
    boolean executableAtEl1,
    boolean executableAtEl0,
    MemoryType memoryType,
    MemoryType outer,
    MemoryType inner,
    Shareability shareability,
    boolean accessFlag,
    boolean dirtyBitModifier,
    boolean contiguous) {

  /** Who must see the same data. */
  public enum Shareability {
    NON_SHAREABLE("Non-shareable"),
    RESERVED("reserved SH"),
    OUTER("Outer Shareable"),
    INNER("Inner Shareable");

    private final String words;

    Shareability(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** The attributes of a leaf under these controls. */
  public static Stage2Attributes of(long leaf, Stage2Parameters parameters) {
    boolean fwb = parameters.fwb();
    int memAttr = memAttr(leaf);
    MemoryType type = memoryType(memAttr, fwb);
    boolean split = !fwb && !type.isDevice();
    int sh = parameters.ds() ? Vtcr.sh0(parameters.vtcr()) : (int) (leaf >>> 8) & 3;
    return new Stage2Attributes(
        readable(leaf),
        writable(leaf),
        executable(leaf, true, parameters.features().xnx()),
        executable(leaf, false, parameters.features().xnx()),
        type,
        split ? cacheability(memAttr >> 2) : type,
        split ? cacheability(memAttr & 3) : type,
        Shareability.values()[sh],
        (leaf & Stage2Format.ACCESS_FLAG) != 0,
        (leaf & Stage2Format.DBM) != 0,
        (leaf & Stage2Format.CONTIGUOUS) != 0);
  }

  /** The permissions in short: {@code rwx}, {@code rw-}, {@code r-x (EL1 only)}. */
  public String permissionText() {
    return permissionText(readable, writable, executableAtEl1, executableAtEl0);
  }

  static String permissionText(
      boolean readable, boolean writable, boolean executableAtEl1, boolean executableAtEl0) {
    String x = "-";
    if (executableAtEl1) {
      x = executableAtEl0 ? "x" : "x (EL1 only)";
    } else if (executableAtEl0) {
      x = "x (EL0 only)";
    }
    return (readable ? "r" : "-") + (writable ? "w" : "-") + x;
  }

  static boolean readable(long leaf) {
    return (leaf & Stage2Format.S2AP_READ) != 0;
  }

  static boolean writable(long leaf) {
    return (leaf & Stage2Format.S2AP_WRITE) != 0;
  }

  static boolean executable(long leaf, boolean atEl1, boolean xnx) {
    boolean xn1 = (leaf & Stage2Format.XN1) != 0;
    boolean xn0 = (leaf & Stage2Format.XN0) != 0;
    // 00 both, 01 EL0 only, 10 none, 11 EL1 only; without FEAT_XNX bit 53 is RES0.
    return atEl1 && xnx ? xn1 == xn0 : !xn1;
  }

  static Permissions permissions(long leaf, boolean xnx) {
    boolean read = readable(leaf);
    boolean write = writable(leaf);
    Permissions el1 = Permissions.of(read, write, executable(leaf, true, xnx));
    boolean el0 = executable(leaf, false, xnx);
    int without = el1.bits() & ~Permissions.UNPRIVILEGED_EXECUTE;
    return new Permissions(without | (el0 ? Permissions.UNPRIVILEGED_EXECUTE : 0));
  }

  static int memAttr(long leaf) {
    return (int) (leaf >>> 2) & 0xf;
  }

  static MemoryType memoryType(int memAttr, boolean fwb) {
    if (fwb) {
      return switch (memAttr & 7) {
        case 0 -> MemoryType.DEVICE_NGNRNE;
        case 1 -> MemoryType.DEVICE_NGNRE;
        case 2 -> MemoryType.DEVICE_NGRE;
        case 3 -> MemoryType.DEVICE_GRE;
        case 5 -> MemoryType.NORMAL_NC;
        case 6 -> MemoryType.NORMAL_WB;
        case 7 -> MemoryType.AS_STAGE_1;
        default -> MemoryType.RESERVED;
      };
    }
    return switch (memAttr) {
      case 0 -> MemoryType.DEVICE_NGNRNE;
      case 1 -> MemoryType.DEVICE_NGNRE;
      case 2 -> MemoryType.DEVICE_NGRE;
      case 3 -> MemoryType.DEVICE_GRE;
      case 4, 8, 12 -> MemoryType.RESERVED;
      default ->
          memAttr >> 2 == (memAttr & 3) ? cacheability(memAttr & 3) : MemoryType.NORMAL_MIXED;
    };
  }

  private static MemoryType cacheability(int code) {
    return switch (code) {
      case 1 -> MemoryType.NORMAL_NC;
      case 2 -> MemoryType.NORMAL_WT;
      case 3 -> MemoryType.NORMAL_WB;
      default -> MemoryType.RESERVED;
    };
  }

  /** Which rule of a leaf's permissions refuses an access; null if none does. */
  static @Nullable Refusal denial(Access access, long leaf, boolean xnx) {
    return denial(
        access,
        readable(leaf),
        writable(leaf),
        executable(leaf, true, xnx),
        executable(leaf, false, xnx));
  }

  /** Which rule refuses an access under these permissions; null if none does. */
  static @Nullable Refusal denial(
      Access access,
      boolean readable,
      boolean writable,
      boolean executableAtEl1,
      boolean executableAtEl0) {
    return switch (access.kind()) {
      case READ -> readable ? null : Refusal.NO_READ;
      case WRITE -> writable ? null : Refusal.NO_WRITE;
      case ATOMIC -> !readable ? Refusal.NO_READ : writable ? null : Refusal.NO_WRITE;
      case FETCH -> {
        if (access.privileged()) {
          yield executableAtEl1 ? null : Refusal.NO_FETCH_AT_EL1;
        }
        yield executableAtEl0 ? null : Refusal.NO_FETCH_AT_EL0;
      }
    };
  }
}
