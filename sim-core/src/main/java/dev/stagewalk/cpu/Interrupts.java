package dev.stagewalk.cpu;

/**
 * The asynchronous exceptions of one PE: its IRQ input, and the virtual interrupts that HCR_EL2
 * holds pending. They are taken between instructions.
 *
 * <p>Source: Arm ARM, "Asynchronous exception types" and "Virtual interrupts"; HCR_EL2.
 */
final class Interrupts implements SystemRegisterDevice {
  private static final long HCR_FMO = 1L << 3;
  private static final long HCR_IMO = 1L << 4;
  private static final long HCR_AMO = 1L << 5;
  private static final long HCR_VF = 1L << 6;
  private static final long HCR_VI = 1L << 7;
  private static final long HCR_VSE = 1L << 8;

  /** PSTATE.F, I and A; the same places in ISR_EL1. */
  private static final long F = 1L << 6;

  private static final long I = 1L << 7;
  private static final long A = 1L << 8;

  private static final int IRQ = 1;
  private static final int FIQ = 2;
  private static final int SERROR = 3;

  private final Pe pe;
  private boolean irqLine;

  /** Whether one would be taken now. */
  private boolean due;

  Interrupts(Pe pe) {
    this.pe = pe;
  }

  boolean due() {
    return due;
  }

  boolean irqLine() {
    return irqLine;
  }

  void setIrqLine(boolean level) {
    irqLine = level;
    changed();
  }

  /** PSTATE, HCR_EL2 or an input has changed. */
  void changed() {
    due = irqTarget() != 0 || virtual() != 0;
    pe.attention |= due;
  }

  /** ISR_EL1: what is pending for EL1, or for EL2 there, whether masked or not. */
  @Override
  public long read(int register) {
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    boolean below = pe.el() < 2;
    long pending = 0;
    if (below && (hcr & HCR_IMO) != 0 ? (hcr & HCR_VI) != 0 : irqLine) {
      pending |= I;
    }
    if (below && (hcr & HCR_FMO) != 0 && (hcr & HCR_VF) != 0) {
      pending |= F;
    }
    if (below && (hcr & HCR_AMO) != 0 && (hcr & HCR_VSE) != 0) {
      pending |= A;
    }
    return pending;
  }

  @Override
  public void write(int register, long value) {
    throw pe.undefined();
  }

  /** The exception to be thrown; one must be due. */
  RuntimeException take() {
    int target = irqTarget();
    if (target != 0) {
      return pe.pending.interrupt(target, IRQ);
    }
    long which = virtual();
    if (which == A) {
      SystemRegisters system = pe.system;
      long hcr = system.get(SystemRegisters.HCR_EL2);
      system.set(SystemRegisters.HCR_EL2, hcr & ~HCR_VSE);
      int iss = (int) system.get(SystemRegisters.VSESR_EL2) & 0x1ff_ffff;
      return pe.pending.serror(1, iss, SERROR);
    }
    return pe.pending.interrupt(1, which == I ? IRQ : FIQ);
  }

  /** Where the physical IRQ would be taken to now; 0 if nowhere. */
  private int irqTarget() {
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    int target = (hcr & (HCR_IMO | SystemRegisters.HCR_TGE)) != 0 ? 2 : 1;
    boolean masked = (pe.pstateBits() & I) != 0;
    // PSTATE.I does not mask what is taken to a higher exception level than EL1.
    boolean taken = target > pe.el() ? target == 2 || !masked : target == pe.el() && !masked;
    return irqLine && taken ? target : 0;
  }

  /** The virtual interrupt that would be taken now, as its bit of PSTATE; 0 if none. */
  private long virtual() {
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    if (pe.el() == 2 || (hcr & SystemRegisters.HCR_TGE) != 0) {
      return 0;
    }
    long open = ~pe.pstateBits();
    if ((hcr & HCR_VSE) != 0 && (hcr & HCR_AMO) != 0 && (open & A) != 0) {
      return A;
    }
    if ((hcr & HCR_VF) != 0 && (hcr & HCR_FMO) != 0 && (open & F) != 0) {
      return F;
    }
    return (hcr & HCR_VI) != 0 && (hcr & HCR_IMO) != 0 && (open & I) != 0 ? I : 0;
  }
}
