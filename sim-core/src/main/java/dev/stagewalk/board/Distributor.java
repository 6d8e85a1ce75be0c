package dev.stagewalk.board;

import dev.stagewalk.mem.Device;

/**
 * The registers of a GICv3 distributor.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "The GIC Distributor register map".
 */
final class Distributor implements Device {
  private static final int CTLR = 0x0000;
  private static final int TYPER = 0x0004;
  private static final int IIDR = 0x0008;
  private static final int IROUTER = 0x6000;
  private static final int IDENTIFICATION = 0xffd0;

  /** GICD_CTLR: affinity routing, which cannot be switched off, and a single Security state. */
  private static final int ARE_AND_DS = 1 << 4 | 1 << 6;

  private static final int ENABLE_GROUPS = 3;

  /** GICD_TYPER: 10 bits of INTID, and no SPI that any of several PEs may take. */
  private static final int TYPER_VALUE = Gic.COUNT / 32 - 1 | 9 << 19 | 1 << 25;

  /** Made by Arm, as its tools name it. */
  static final int IIDR_VALUE = 0x43b;

  private static final long AFFINITY = 0xff_00ff_ffffL;

  private final long base;
  private final Gic gic;

  Distributor(long base, Gic gic) {
    this.base = base;
    this.gic = gic;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return 0x1_0000;
  }

  @Override
  public long read(long offset, int width) {
    int at = (int) offset;
    if (width == 8) {
      return read(at, 4) & 0xffff_ffffL | read(at + 4, 4) << 32;
    }
    long word = register(at & ~3) >>> 8 * (at & 3);
    return width == 4 ? word & 0xffff_ffffL : word & (1L << 8 * width) - 1;
  }

  private long register(int at) {
    if (at >= IDENTIFICATION) {
      return BankRegisters.identification(at);
    }
    int number = (at - IROUTER) / 8;
    if (number >= InterruptBank.COUNT && number < Gic.COUNT) {
      long route = gic.shared(number / 32).route[number % 32];
      return (at & 4) == 0 ? route & 0xffff_ffffL : route >>> 32;
    }
    return switch (at) {
      case CTLR -> gic.enabledGroups | ARE_AND_DS;
      case TYPER -> TYPER_VALUE;
      case IIDR -> IIDR_VALUE;
      default -> {
        int word = BankRegisters.word(at);
        yield word >= 1 && word < Gic.COUNT / 32
            ? BankRegisters.read(gic.shared(word), at) & 0xffff_ffffL
            : 0;
      }
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    int at = (int) offset;
    if (width == 8) {
      write(at, 4, value);
      write(at + 4, 4, value >>> 32);
      return;
    }
    int number = (at - IROUTER) / 8;
    if (number >= InterruptBank.COUNT && number < Gic.COUNT) {
      long[] route = gic.shared(number / 32).route;
      long old = route[number % 32];
      long merged =
          (at & 4) == 0 ? old & -1L << 32 | value & 0xffff_ffffL : old & 0xffff_ffffL | value << 32;
      route[number % 32] = merged & AFFINITY;
    } else if (at == CTLR) {
      gic.enabledGroups = (int) value & ENABLE_GROUPS;
    } else {
      int word = BankRegisters.word(at);
      if (word >= 1 && word < Gic.COUNT / 32) {
        BankRegisters.write(gic.shared(word), at, width, (int) value);
      }
    }
    gic.changed();
  }

  @Override
  public long[] save() {
    return new long[] {gic.enabledGroups};
  }

  @Override
  public void restore(long[] state) {
    gic.enabledGroups = (int) state[0];
  }
}
