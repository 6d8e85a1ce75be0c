package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;

/**
 * What MRS and MSR (register) do. In this order: the route that {@link AccessTable} has for the
 * name (which may be an exception by itself), whether the PE has the register, the traps of {@link
 * TrapTable}, and then the access.
 *
 * <p>Source: Arm ARM, "Accessing" sections of the registers; "Configurable traps to EL2".
 */
final class SystemAccess {
  private static final long SCTLR_EE = 1L << 25;

  private SystemAccess() {}

  static long read(Pe pe, int encoding, int rt) {
    AccessTable.Name name = AccessTable.at(encoding);
    if (name == null) {
      return readUnnamed(pe, encoding, rt);
    }
    Register register = reach(pe, name, encoding, rt, true);
    pe.onlookers().hasRead(register.index(), false);
    return name.special != null ? name.special.read(pe) : pe.readSystem(register.index());
  }

  static void write(Pe pe, int encoding, int rt, long value) {
    AccessTable.Name name = AccessTable.at(encoding);
    if (name == null) {
      throw unnamed(pe, encoding, rt, false);
    }
    Register register = reach(pe, name, encoding, rt, false);
    if (name.special != null) {
      name.special.write(pe, value);
      return;
    }
    pe.setSystem(register.index(), value);
    refuseBigEndianTables(pe, register);
    DebugRegisters.refuseMatching(pe, register);
  }

  /** The register to access. */
  private static Register reach(Pe pe, AccessTable.Name name, int encoding, int rt, boolean read) {
    SystemRoute route = name.route(SystemContext.indexOf(pe));
    return switch (route) {
      case SystemRoute.Undefined() -> throw unavailable(pe, encoding, rt, read);
      case SystemRoute.Trap(Register register, int ec) -> {
        requireExists(pe, name, register, read);
        throw trap(pe, encoding, rt, read, 2, ec);
      }
      case SystemRoute.Direct(Register register) -> allowed(pe, name, register, encoding, rt, read);
      case SystemRoute.Redirected(Register register) ->
          allowed(pe, name, register, encoding, rt, read);
      case SystemRoute.Twin(Register register) -> allowed(pe, name, register, encoding, rt, read);
      case SystemRoute.Memory(Register register, _) -> {
        allowed(pe, name, register, encoding, rt, read);
        throw new Unsimulated(
            register.name() + " is in the page of VNCR_EL2, which this version does not simulate");
      }
    };
  }

  private static Register allowed(
      Pe pe, AccessTable.Name name, Register register, int encoding, int rt, boolean read) {
    requireExists(pe, name, register, read);
    TrapTable.check(pe, encoding, rt, read);
    if (name.floatingPoint) {
      FloatingPointTraps.check(pe);
    }
    return register;
  }

  private static void requireExists(Pe pe, AccessTable.Name name, Register register, boolean read) {
    boolean exists =
        (read
                ? name.register.access().readable()
                : name.register.access().writable() && pe.el() >= name.writer)
            && OptionalFeature.allows(name.register, pe.system)
            && OptionalFeature.allows(register, pe.system)
            && DebugRegisters.has(pe, register.index())
            && (register.index() != SystemRegisters.SP_EL0 || (pe.pstate() & Pstate.SP) != 0);
    if (!exists) {
      throw pe.undefined();
    }
  }

  /** An encoding that no register of the table has. */
  private static long readUnnamed(Pe pe, int encoding, int rt) {
    if (!isReservedIdentification(encoding) || pe.el() == 0) {
      throw unnamed(pe, encoding, rt, true);
    }
    TrapTable.check(pe, encoding, rt, true);
    return 0;
  }

  private static RuntimeException unnamed(Pe pe, int encoding, int rt, boolean read) {
    if (isImplementationDefined(encoding)) {
      TrapTable.check(pe, encoding, rt, read);
    }
    return unavailable(pe, encoding, rt, read);
  }

  /**
   * The exception of a System instruction that the PE lacks: UNDEFINED, but for the traps of what
   * an implementation might define.
   */
  static RuntimeException unallocated(Pe pe, int encoding, int rt, boolean read) {
    if (isImplementationDefined(encoding)) {
      TrapTable.check(pe, encoding, rt, read);
    }
    return pe.undefined();
  }

  /**
   * UNDEFINED; but a PE with FEAT_IDST reports a read of the identification space at EL0 as a
   * trapped MRS.
   */
  private static RuntimeException unavailable(Pe pe, int encoding, int rt, boolean read) {
    boolean identification = encoding >>> 7 == 0x180 || encoding >>> 7 == 0x190;
    if (read && pe.el() == 0 && identification && OptionalFeature.FEAT_IDST.isIn(pe.system)) {
      int target = pe.exceptions().targetOfOwnExceptions();
      return trap(pe, encoding, rt, true, target, ExceptionModel.EC_SYS64);
    }
    return pe.undefined();
  }

  /**
   * Source: Arm ARM, "Reserved encodings for IMPLEMENTATION DEFINED registers"; "IMPLEMENTATION
   * DEFINED System instructions".
   */
  private static boolean isImplementationDefined(int encoding) {
    int crn = encoding >>> 7 & 15;
    return (encoding >>> 14 & 1) != 0 && (crn == 11 || crn == 15);
  }

  /** The identification registers that HCR_EL2.TID3 traps: those without a name read as zero. */
  private static boolean isReservedIdentification(int encoding) {
    int crm = encoding >>> 3 & 15;
    return encoding >>> 7 == 0x180 && crm >= 1 && crm <= 7;
  }

  /** Tables are little-endian here, and no PE says otherwise; wrong values would be worse. */
  private static void refuseBigEndianTables(Pe pe, Register register) {
    boolean sctlr =
        register.index() == SystemRegisters.SCTLR_EL1
            || register.index() == SystemRegisters.SCTLR_EL2;
    if (sctlr && (pe.system.get(register.index()) & SCTLR_EE) != 0) {
      throw new Unsimulated(
          "big-endian tables were chosen ("
              + register.name()
              + ".EE = 1), which this version does not simulate");
    }
  }

  /** The exception of a trapped MSR, MRS or System instruction, to be thrown. */
  static RuntimeException trap(Pe pe, int encoding, int rt, boolean read, int target, int ec) {
    int iss =
        (encoding >>> 14 & 3) << 20
            | (encoding & 7) << 17
            | (encoding >>> 11 & 7) << 14
            | (encoding >>> 7 & 15) << 10
            | rt << 5
            | (encoding >>> 3 & 15) << 1
            | (read ? 1 : 0);
    return pe.pending.other(target, ec, iss);
  }
}
