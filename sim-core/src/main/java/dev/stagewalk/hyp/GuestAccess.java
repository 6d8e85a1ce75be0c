package dev.stagewalk.hyp;

import dev.stagewalk.isa.Op;
import java.util.Optional;

/**
 * A load or store of a guest that the hypervisor has to do in its place: which registers, how wide,
 * and what else the instruction changes.
 *
 * @param write a store
 * @param size bytes of one register's access: 1, 2, 4, 8, or 16
 * @param signed a load sign-extends
 * @param is64 a load writes 64 bits of the register, and not 32
 * @param vector the registers are V0 to V31
 * @param register the first register
 * @param second the second of a pair; −1 if there is none
 * @param base register that is written back, 31 for SP; −1 if none is
 * @param newBase what it then holds
 */
record GuestAccess(
    boolean write,
    int size,
    boolean signed,
    boolean is64,
    boolean vector,
    int register,
    int second,
    int base,
    long newBase) {
  private static final int NONE = -1;
  private static final int SP = 31;

  /** What ESR_EL2 says of it, if ISS.ISV is 1: SAS, SSE, SRT, SF and WnR. */
  static Optional<GuestAccess> ofSyndrome(long esr) {
    if ((esr >>> 24 & 1) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new GuestAccess(
            (esr & Syndrome.WNR) != 0,
            1 << (esr >>> 22 & 3),
            (esr >>> 21 & 1) != 0,
            (esr >>> 15 & 1) != 0,
            false,
            (int) (esr >>> 16) & 31,
            NONE,
            NONE,
            0));
  }

  /**
   * What the instruction says of it.
   *
   * @return empty if it is no load or store of one or two registers, or does not begin at the
   *     address that faulted
   */
  static Optional<GuestAccess> ofInstruction(Op op, GuestExit exit) {
    String semantics = op.row().semantics();
    String what = semantics.replaceFirst("^(load|store)_", "");
    if (what.equals(semantics)) {
      return Optional.empty();
    }
    boolean vector = what.startsWith("vector_");
    what = vector ? what.substring("vector_".length()) : what;
    boolean pair = what.startsWith("pair_");
    what = pair ? what.substring("pair_".length()) : what;
    long base = op.rn() == SP ? exit.sp() : exit.x(op.rn());
    Optional<Long> begins =
        switch (what) {
          case "offset", "unprivileged", "pre" -> Optional.of(base + op.imm());
          case "post", "acquire", "release" -> Optional.of(base);
          case "register" -> Optional.of(base + (extended(exit.x(op.rm()), op) << op.amount()));
          case "literal" -> Optional.of(exit.elr() + op.imm());
          default -> Optional.empty();
        };
    boolean writesBack = what.equals("pre") || what.equals("post");
    return begins
        .filter(address -> address == exit.far())
        .map(address ->
            new GuestAccess(
                semantics.startsWith("store_"),
                op.size(),
                op.signed(),
                op.is64(),
                vector,
                op.rd(),
                pair ? op.rt2() : NONE,
                writesBack ? op.rn() : NONE,
                base + op.imm()));
  }

  /** Source: Arm ARM, shared pseudocode function ExtendReg. */
  private static long extended(long value, Op op) {
    return switch (op.extend()) {
      case 2 -> value & 0xffff_ffffL;
      case 6 -> (int) value;
      default -> value;
    };
  }

  /** Bytes of the whole access. */
  int bytes() {
    return second == NONE ? size : 2 * size;
  }

  /** Does it, and makes the guest go on behind it; returns it in words. */
  String perform(GuestExit exit, EmulatedConsole device, long offset) {
    String words = one(exit, device, register, offset);
    if (second != NONE) {
      words += ", " + one(exit, device, second, offset + size);
    }
    if (base == SP) {
      exit.setSp(newBase);
    } else if (base != NONE) {
      exit.setX(base, newBase);
    }
    exit.skipInstruction();
    return words;
  }

  private String one(GuestExit exit, EmulatedConsole device, int number, long offset) {
    int half = Math.min(size, 8);
    long low;
    if (write) {
      low = vector ? exit.vector(number, 0) : exit.x(number);
      device.write(offset, half, low);
      if (size > half) {
        device.write(offset + half, half, exit.vector(number, 1));
      }
    } else {
      low = device.read(offset, half);
      if (vector) {
        exit.setVector(number, low, size > half ? device.read(offset + half, half) : 0);
      } else {
        exit.setX(number, widened(low));
      }
    }
    long shown = size >= 8 ? low : low & (1L << 8 * size) - 1;
    return (write ? "wrote " : "read ")
        + Words.number(shown)
        + (write ? " from " : " into ")
        + name(number)
        + " at offset "
        + Words.number(offset);
  }

  private String name(int number) {
    if (vector) {
      return "v" + number;
    }
    String wide = is64 ? "x" : "w";
    return number == SP ? wide + "zr" : wide + number;
  }

  private long widened(long value) {
    if (!signed) {
      return value;
    }
    int unused = 64 - 8 * size;
    long wide = value << unused >> unused;
    return is64 ? wide : wide & 0xffff_ffffL;
  }
}
