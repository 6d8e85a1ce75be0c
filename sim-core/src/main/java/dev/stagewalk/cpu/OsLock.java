package dev.stagewalk.cpu;

/**
 * The OS Lock, which is locked after reset: until software unlocks it there are no debug exceptions
 * but those of BRK.
 *
 * <p>Source: Arm ARM, "The OS Lock"; OSLAR_EL1 and OSLSR_EL1.
 */
final class OsLock implements SystemRegisterDevice {
  static final int STATUS = SystemRegisters.index("OSLSR_EL1");
  static final int ACCESS = SystemRegisters.index("OSLAR_EL1");

  /** OSLM: the lock is there. */
  private static final long UNLOCKED = 1L << 3;

  private static final long OSLK = 1L << 1;

  /** OSLSR_EL1 after reset. */
  static final long LOCKED = UNLOCKED | OSLK;

  private final Pe pe;

  OsLock(Pe pe) {
    this.pe = pe;
  }

  static boolean isLocked(SystemRegisters system) {
    return (system.get(STATUS) & OSLK) != 0;
  }

  @Override
  public long read(int register) {
    return register == STATUS ? pe.system.get(STATUS) : 0;
  }

  /** OSLAR_EL1 locks and unlocks; OSLSR_EL1 cannot be written. */
  @Override
  public void write(int register, long value) {
    if (register != STATUS) {
      pe.system.set(STATUS, (value & 1) != 0 ? LOCKED : UNLOCKED);
      pe.step.changed();
    }
  }
}
