package dev.stagewalk.cpu;

/**
 * The asynchronous exceptions of one PE: its IRQ and FIQ inputs, and the virtual interrupts that
 * HCR_EL2 or the virtual CPU interface of the GIC hold pending. They are taken between
 * instructions.
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

  /** HCR_EL2.{E2H, TGE} = {1, 1}. */
  private static final long HOST = SystemRegisters.HCR_E2H | SystemRegisters.HCR_TGE;

  private static final int HCRX_EL2 = SystemRegisters.index("HCRX_EL2");
  private static final long HCRX_VINMI = 1L << 7;
  private static final long HCRX_VFNMI = 1L << 8;

  /** ISR_EL1.IS and FS: the pending IRQ or FIQ has Superpriority. */
  private static final long ISR_IS = 1L << 10;

  private static final long ISR_FS = 1L << 9;

  private static final long SCTLR_NMI = 1L << 61;
  private static final long SCTLR_SPINTMASK = 1L << 62;

  /** DFSC of an asynchronous SError; AET 0: uncontainable. */
  private static final int ASYNCHRONOUS_SERROR = 0x11;

  private static final int IRQ = 1;
  private static final int FIQ = 2;
  private static final int SERROR = 3;

  private final Pe pe;
  private boolean irqLine;

  /** What was raised from outside and is not taken: a bit each, see {@link #bit}. */
  private int raised;

  private InterruptSource source = InterruptSource.NONE;
  private boolean irq;
  private boolean fiq;
  private boolean serror;
  private boolean virtualIrq;
  private boolean virtualFiq;
  private boolean givesWay;

  /** Whether one would be taken now, or the PE has to give way. */
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
    sourceChanged();
  }

  /** An exception from outside becomes pending. */
  void raise(Asynchronous kind, boolean virtual) {
    if (kind == Asynchronous.SERROR && virtual) {
      pe.setSystem(SystemRegisters.HCR_EL2, pe.system.get(SystemRegisters.HCR_EL2) | HCR_VSE);
      return;
    }
    raised |= bit(kind, virtual);
    sourceChanged();
  }

  private static int bit(Asynchronous kind, boolean virtual) {
    return 1 << kind.ordinal() << (virtual ? 3 : 0);
  }

  private boolean isRaised(Asynchronous kind, boolean virtual) {
    return (raised & bit(kind, virtual)) != 0;
  }

  private void taken(Asynchronous kind, boolean virtual) {
    if (isRaised(kind, virtual)) {
      raised &= ~bit(kind, virtual);
      sourceChanged();
    }
  }

  int raised() {
    return raised;
  }

  void restore(boolean line, int pendingFromOutside) {
    raised = pendingFromOutside;
    setIrqLine(line);
  }

  /** What drives the inputs besides {@link #setIrqLine}. */
  void connect(InterruptSource newSource) {
    source = newSource;
    sourceChanged();
  }

  /** An input may have changed. */
  void sourceChanged() {
    irq = irqLine || source.irq() || isRaised(Asynchronous.IRQ, false);
    fiq = source.fiq() || isRaised(Asynchronous.FIQ, false);
    serror = isRaised(Asynchronous.SERROR, false);
    virtualIrq = source.virtualIrq() || isRaised(Asynchronous.IRQ, true);
    virtualFiq = source.virtualFiq() || isRaised(Asynchronous.FIQ, true);
    changed();
  }

  /** PSTATE, HCR_EL2 or an input has changed. */
  void changed() {
    due = givesWay || wouldBeTaken();
    pe.attention |= due;
  }

  /** Whether PSTATE and routing let one be taken now. */
  boolean wouldBeTaken() {
    return physicalTarget(fiq, HCR_FMO, F) != 0
        || physicalTarget(irq, HCR_IMO, I) != 0
        || physicalTarget(serror, HCR_AMO, A) != 0
        || virtual() != 0;
  }

  /** Whether any is pending that ends a WFI, whatever PSTATE masks. */
  boolean pending() {
    return irq || fiq || serror || (virtualPossible() && pendingVirtual() != 0);
  }

  /** Lets the PE end its stretch before the next instruction. */
  void giveWay() {
    givesWay = true;
    due = true;
    pe.attention = true;
  }

  /** A stretch begins: whatever asked for the end of the last one has been heard. */
  void begin() {
    if (givesWay) {
      givesWay = false;
      changed();
    }
  }

  /** ISR_EL1: what is pending for EL1, or for EL2 there, whether masked or not. */
  @Override
  public long read(int register) {
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    boolean below = pe.el() < 2;
    long virtual = pendingVirtual();
    long pending = 0;
    if (below && (hcr & HCR_IMO) != 0 ? (virtual & I) != 0 : irq) {
      pending |= I;
    }
    if (below && (hcr & HCR_FMO) != 0 ? (virtual & F) != 0 : fiq) {
      pending |= F;
    }
    if (below && (hcr & HCR_AMO) != 0 ? (virtual & A) != 0 : serror) {
      pending |= A;
    }
    if (below) {
      long above = virtual & superpriority(hcr);
      pending |= ((above & I) != 0 ? ISR_IS : 0) | ((above & F) != 0 ? ISR_FS : 0);
    }
    return pending;
  }

  @Override
  public void write(int register, long value) {
    throw pe.undefined();
  }

  /** The exception to be thrown; one must be due, or the PE gives way. */
  RuntimeException take() {
    if (givesWay) {
      givesWay = false;
      changed();
      return GiveWay.NOW;
    }
    int target = physicalTarget(serror, HCR_AMO, A);
    if (target != 0) {
      taken(Asynchronous.SERROR, false);
      return pe.pending.serror(target, serrorSyndrome(), SERROR);
    }
    target = physicalTarget(fiq, HCR_FMO, F);
    if (target != 0) {
      taken(Asynchronous.FIQ, false);
      return pe.pending.interrupt(target, FIQ);
    }
    target = physicalTarget(irq, HCR_IMO, I);
    if (target != 0) {
      taken(Asynchronous.IRQ, false);
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
    taken(which == I ? Asynchronous.IRQ : Asynchronous.FIQ, true);
    return pe.pending.interrupt(1, which == I ? IRQ : FIQ);
  }

  /**
   * ISS of a physical SError: asynchronous and uncontainable where FEAT_RAS gives it a meaning.
   *
   * <p>Source: Arm ARM, "ISS encoding for an SError interrupt".
   */
  private int serrorSyndrome() {
    return OptionalFeature.FEAT_RAS.isIn(pe.system) ? ASYNCHRONOUS_SERROR : 0;
  }

  /** Where a physical interrupt would be taken to now; 0 if nowhere. */
  private int physicalTarget(boolean line, long route, long mask) {
    if (!line) {
      return 0;
    }
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    int target = (hcr & (route | SystemRegisters.HCR_TGE)) != 0 ? 2 : 1;
    boolean masked = (masks() & mask) != 0;
    // PSTATE does not mask what leaves EL0 and EL1 for EL2; but EL0 of a host is one with its EL2.
    boolean hosted = pe.el() == 0 && (hcr & HOST) == HOST;
    boolean taken =
        target > pe.el() ? (target == 2 && !hosted) || !masked : target == pe.el() && !masked;
    return taken ? target : 0;
  }

  /** PSTATE's masks of interrupts without Superpriority. */
  private long masks() {
    return masksAll() ? pe.pstateBits() | I | F : pe.pstateBits();
  }

  /**
   * With SCTLR_ELx.NMI, PSTATE.ALLINT and, where SPINTMASK says so, PSTATE.SP mask IRQ and FIQ too,
   * whatever their priority.
   *
   * <p>Source: Arm ARM, "PSTATE.ALLINT".
   */
  private boolean masksAll() {
    long bits = pe.pstateBits();
    if (pe.el() == 0 || (bits & (Pstate.ALLINT | Pstate.SP)) == 0) {
      return false;
    }
    long sctlr =
        pe.system.get(pe.el() == 1 ? SystemRegisters.SCTLR_EL1 : SystemRegisters.SCTLR_EL2);
    return (sctlr & SCTLR_NMI) != 0
        && ((bits & Pstate.ALLINT) != 0 || (sctlr & SCTLR_SPINTMASK) != 0)
        && OptionalFeature.FEAT_NMI.isIn(pe.system);
  }

  /**
   * The virtual interrupts of HCR_EL2.{VI, VF} that HCRX_EL2 gives Superpriority. Of what comes
   * from the interrupt controller none has it: this one has no non-maskable interrupts.
   *
   * <p>Source: Arm ARM, HCRX_EL2, fields VINMI and VFNMI.
   */
  private long superpriority(long hcr) {
    long hcrx = pe.system.get(HCRX_EL2);
    if ((hcrx & (HCRX_VINMI | HCRX_VFNMI)) == 0 || !OptionalFeature.FEAT_NMI.isIn(pe.system)) {
      return 0;
    }
    return ((hcrx & HCRX_VINMI) != 0 && (hcr & HCR_VI) != 0 ? I : 0)
        | ((hcrx & HCRX_VFNMI) != 0 && (hcr & HCR_VF) != 0 ? F : 0);
  }

  private boolean virtualPossible() {
    return pe.el() != 2 && !pe.system.hcr(SystemRegisters.HCR_TGE);
  }

  /** The virtual interrupts that are pending and enabled by HCR_EL2, as bits of PSTATE. */
  private long pendingVirtual() {
    long hcr = pe.system.get(SystemRegisters.HCR_EL2);
    return ((hcr & HCR_VSE) != 0 && (hcr & HCR_AMO) != 0 ? A : 0)
        | (((hcr & HCR_VF) != 0 || virtualFiq) && (hcr & HCR_FMO) != 0 ? F : 0)
        | (((hcr & HCR_VI) != 0 || virtualIrq) && (hcr & HCR_IMO) != 0 ? I : 0);
  }

  /** PSTATE.I and F do not mask what has Superpriority where SCTLR_EL1.NMI lets it have it. */
  private long masksOfVirtual() {
    long above = superpriority(pe.system.get(SystemRegisters.HCR_EL2));
    if (above != 0 && !masksAll() && (pe.system.get(SystemRegisters.SCTLR_EL1) & SCTLR_NMI) != 0) {
      return masks() & ~above;
    }
    return masks();
  }

  /** The virtual interrupt that would be taken now, as its bit of PSTATE; 0 if none. */
  private long virtual() {
    if (!virtualPossible()) {
      return 0;
    }
    long open = pendingVirtual() & ~masksOfVirtual();
    return (open & A) != 0 ? A : (open & F) != 0 ? F : open & I;
  }
}
