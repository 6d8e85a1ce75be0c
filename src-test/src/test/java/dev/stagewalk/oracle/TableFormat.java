package dev.stagewalk.oracle;

/** What VMSAv8-64 descriptors say under one set of controls, at either stage. */
final class TableFormat {
  enum Type {
    INVALID,
    TABLE,
    LEAF
  }

  private final Implementation pe;
  private final Tgx tgx;
  private final boolean ds;

  TableFormat(Implementation pe, Tgx tgx, boolean ds) {
    this.pe = pe;
    this.tgx = tgx;
    this.ds = ds;
  }

  /** Source: AArch64.DecodeDescriptorType, AArch64.BlockDescSupported. */
  Type type(long descriptor, int level) {
    if ((descriptor & 1) == 0) {
      return Type.INVALID;
    }
    if ((descriptor & 2) != 0) {
      return level == 3 ? Type.LEAF : Type.TABLE;
    }
    boolean block =
        switch (tgx) {
          case K4 -> level == 0 && ds || level == 1 || level == 2;
          case K16 -> level == 1 && ds || level == 2;
          case K64 -> level == 1 && pe.lpa() || level == 2;
        };
    return block ? Type.LEAF : Type.INVALID;
  }

  /** Bits 51:48 of the address in a descriptor. */
  private long highBits(long descriptor) {
    if (tgx == Tgx.K64) {
      return pe.lpa() ? (long) Controls.bits(descriptor, 15, 12) << 48 : 0;
    }
    if (!ds) {
      return 0;
    }
    return (long) Controls.bits(descriptor, 9, 8) << 50
        | (long) Controls.bits(descriptor, 49, 48) << 48;
  }

  /** Bits 47:low of a descriptor. */
  private static long middle(long descriptor, int low) {
    return (descriptor & (1L << 48) - 1) >>> low << low;
  }

  /** Address of a block or page. Source: AArch64.LeafBase. */
  long leafBase(long descriptor, int level) {
    return middle(descriptor, tgx.translationSize(level)) | highBits(descriptor);
  }

  /** Address of the next table. Source: AArch64.NextTableBase. */
  long nextTable(long descriptor) {
    return middle(descriptor, tgx.granuleBits) | highBits(descriptor);
  }

  /** Source: AArch64.ContiguousBit. */
  boolean contiguous(long descriptor, int level) {
    boolean ignored =
        switch (tgx) {
          case K4 -> level == 0;
          case K16, K64 -> level == 1;
        };
    return !ignored && Controls.bit(descriptor, 52);
  }

  /** Address bits that a contiguous run adds. Source: ContiguousSize. */
  int contiguousSize(int level) {
    return switch (tgx) {
      case K4 -> 4;
      case K16 -> level == 2 ? 5 : 7;
      case K64 -> 5;
    };
  }
}
