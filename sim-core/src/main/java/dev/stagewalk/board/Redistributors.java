package dev.stagewalk.board;

import dev.stagewalk.mem.Device;

/**
 * The registers of the GICv3 redistributors, 128 KiB for each PE: a frame of its own and one for
 * software-generated and private interrupts.
 *
 * <p>Source: Arm GIC Architecture Specification (IHI0069), "The GIC Redistributor register map".
 */
final class Redistributors implements Device {
  private static final int STRIDE = (int) Machine.REDISTRIBUTOR_SIZE;
  private static final int SGI_FRAME = 0x1_0000;
  private static final int IIDR = 0x0004;
  private static final int TYPER = 0x0008;
  private static final int TYPER_HIGH = 0x000c;
  private static final int WAKER = 0x0014;
  private static final int IDENTIFICATION = 0xffd0;

  private static final int TYPER_LAST = 1 << 4;
  private static final int PROCESSOR_SLEEP = 1 << 1;
  private static final int CHILDREN_ASLEEP = 1 << 2;

  private final long base;
  private final int pes;
  private final Gic gic;

  Redistributors(long base, int pes, Gic gic) {
    this.base = base;
    this.pes = pes;
    this.gic = gic;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return (long) pes * STRIDE;
  }

  @Override
  public long read(long offset, int width) {
    if (width == 8) {
      return read(offset, 4) & 0xffff_ffffL | read(offset + 4, 4) << 32;
    }
    int at = (int) offset % STRIDE;
    long word = (register((int) offset / STRIDE, at & ~3) & 0xffff_ffffL) >>> 8 * (at & 3);
    return width == 4 ? word : word & (1L << 8 * width) - 1;
  }

  private int register(int pe, int at) {
    if (at >= SGI_FRAME) {
      int register = at - SGI_FRAME;
      return BankRegisters.word(register) == 0 ? BankRegisters.read(gic.privates(pe), register) : 0;
    }
    if (at >= IDENTIFICATION) {
      return BankRegisters.identification(at);
    }
    return switch (at) {
      case IIDR -> Distributor.IIDR_VALUE;
      case TYPER -> pe << 8 | (pe == pes - 1 ? TYPER_LAST : 0);
      case TYPER_HIGH -> {
        long affinity = gic.affinity(pe);
        yield (int) (affinity & 0xff_ffff | affinity >>> 32 << 24);
      }
      case WAKER -> (gic.asleep >>> pe & 1) != 0 ? PROCESSOR_SLEEP | CHILDREN_ASLEEP : 0;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int width, long value) {
    if (width == 8) {
      write(offset, 4, value);
      write(offset + 4, 4, value >>> 32);
      return;
    }
    int pe = (int) offset / STRIDE;
    int at = (int) offset % STRIDE;
    int register = at - SGI_FRAME;
    if (register >= 0 && BankRegisters.word(register) == 0) {
      BankRegisters.write(gic.privates(pe), register, width, (int) value);
    } else if (at == WAKER) {
      gic.asleep = (value & PROCESSOR_SLEEP) != 0 ? gic.asleep | 1 << pe : gic.asleep & ~(1 << pe);
    }
    gic.changed();
  }

  @Override
  public long[] save() {
    return new long[] {gic.asleep};
  }

  @Override
  public void restore(long[] state) {
    gic.asleep = (int) state[0];
  }
}
