package dev.stagewalk.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Special-purpose registers that are views of PSTATE and not storage of their own. Whether they may
 * be accessed is decided before, as for every other register.
 *
 * <p>Source: Arm ARM, "Special-purpose registers".
 */
enum Special {
  CURRENT_EL(3, 0, 4, 2, 2) {
    @Override
    long read(Pe pe) {
      return (long) SystemContext.apparentLevel(pe) << 2;
    }

    @Override
    void write(Pe pe, long value) {
      throw pe.undefined();
    }
  },
  SPSEL(3, 0, 4, 2, 0) {
    @Override
    long read(Pe pe) {
      return pe.pstate() & Pstate.SP;
    }

    @Override
    void write(Pe pe, long value) {
      long others = pe.pstate() & ~(Pstate.SP | Pstate.BTYPE);
      pe.setPstate(others | (value & Pstate.SP));
    }
  },
  PAN(3, 0, 4, 2, 3) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.PAN);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.PAN, value);
    }
  },
  UAO(3, 0, 4, 2, 4) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.UAO);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.UAO, value);
    }
  },
  ALLINT(3, 0, 4, 3, 0) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.ALLINT);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.ALLINT, value);
    }
  },
  NZCV(3, 3, 4, 2, 0) {
    @Override
    long read(Pe pe) {
      return (long) pe.nzcv() << 28;
    }

    @Override
    void write(Pe pe, long value) {
      pe.setNzcv((int) (value >>> 28) & 0xf);
    }
  },
  DAIF(3, 3, 4, 2, 1) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.DAIF);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.DAIF, value);
    }
  },
  DIT(3, 3, 4, 2, 5) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.DIT);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.DIT, value);
    }
  },
  SSBS(3, 3, 4, 2, 6) {
    @Override
    long read(Pe pe) {
      return readBits(pe, Pstate.SSBS);
    }

    @Override
    void write(Pe pe, long value) {
      writeBits(pe, Pstate.SSBS, value);
    }
  };

  private final int encoding;

  Special(int op0, int op1, int crn, int crm, int op2) {
    this.encoding = op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  /** The special-purpose register of an encoding (op0:op1:CRn:CRm:op2), or null. */
  static @Nullable Special of(int encoding) {
    for (Special special : VALUES) {
      if (special.encoding == encoding) {
        return special;
      }
    }
    return null;
  }

  private static final Special[] VALUES = values();

  abstract long read(Pe pe);

  abstract void write(Pe pe, long value);

  /** The lowest exception level that may use it: what op1 of its encoding says. */
  int lowestLevel() {
    return (encoding >>> 11 & 7) == 3 ? 0 : 1;
  }

  int encoding() {
    return encoding;
  }

  long readBits(Pe pe, long mask) {
    return pe.pstateBits() & mask;
  }

  void writeBits(Pe pe, long mask, long value) {
    pe.setPstateBits((pe.pstateBits() & ~mask) | (value & mask));
  }
}
