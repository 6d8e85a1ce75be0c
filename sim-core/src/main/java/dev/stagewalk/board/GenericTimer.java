package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.cpu.Waiting;
import dev.stagewalk.mem.Stateful;
import java.util.List;

/**
 * The timers of one PE: the EL1 physical and virtual, and EL2's physical and virtual timer, on the
 * private interrupts that Arm's base system architecture gives them.
 *
 * <p>Source: Arm ARM, "The Generic Timer in AArch64 state"; Arm Base System Architecture, "PPI
 * assignments".
 */
final class GenericTimer implements Stateful {
  private static final int CNTFRQ_EL0 = SystemRegisters.index("CNTFRQ_EL0");
  private static final int CNTKCTL_EL1 = SystemRegisters.index("CNTKCTL_EL1");
  private static final int CNTHCTL_EL2 = SystemRegisters.index("CNTHCTL_EL2");

  private static final long HCR_TGE = 1L << 27;
  private static final long HCR_E2H = 1L << 34;
  private static final long HOST = HCR_E2H | HCR_TGE;

  private static final long ENABLE = 1;
  private static final long IMASK = 1 << 1;
  private static final long ISTATUS = 1 << 2;

  /**
   * CNTKCTL_EL1 and CNTHCTL_EL2: the event stream is enabled, its direction, and the bit that
   * triggers it.
   */
  private static final long EVNTEN = 1 << 2;

  private static final long EVNTDIR = 1 << 3;

  private final Pe pe;
  private final SystemCounter counter;
  private final Gic gic;
  private long virtualOffset;
  private final Timer physical = new Timer(30);
  private final Timer virtual = new Timer(27);
  private final Timer hypervisorPhysical = new Timer(26);
  private final Timer hypervisorVirtual = new Timer(28);
  private final List<Timer> timers =
      List.of(physical, virtual, hypervisorPhysical, hypervisorVirtual);

  GenericTimer(Pe pe, SystemCounter counter, Gic gic) {
    this.pe = pe;
    this.counter = counter;
    this.gic = gic;
    pe.setSystem(CNTFRQ_EL0, SystemCounter.FREQUENCY);
    RegisterPorts ports = new RegisterPorts(pe);
    ports.readOnly("CNTPCT_EL0", counter::count);
    ports.readOnly("CNTPCTSS_EL0", counter::count);
    ports.readOnly("CNTVCT_EL0", this::virtualCount);
    ports.readOnly("CNTVCTSS_EL0", this::virtualCount);
    ports.readWrite(
        "CNTVOFF_EL2",
        () -> virtualOffset,
        value -> {
          pe.waiting().hear();
          virtualOffset = value;
          changed();
        });
    connect(ports, physical, "CNTP_%s_EL0");
    connect(ports, virtual, "CNTV_%s_EL0");
    connect(ports, hypervisorPhysical, "CNTHP_%s_EL2");
    connect(ports, hypervisorVirtual, "CNTHV_%s_EL2");
  }

  private static void connect(RegisterPorts ports, Timer timer, String name) {
    ports.readWrite(name.formatted("CTL"), timer::readControl, timer::writeControl);
    ports.readWrite(name.formatted("CVAL"), () -> timer.compare, timer::writeCompare);
    ports.readWrite(name.formatted("TVAL"), timer::readTicks, timer::writeTicks);
  }

  /** A timer that fires when its count reaches its CompareValue. */
  private final class Timer {
    private final int interrupt;
    private long control;
    private long compare;

    Timer(int interrupt) {
      this.interrupt = interrupt;
    }

    /** The virtual timer of EL1 counts without CNTVOFF_EL2. */
    private long now() {
      return counter.count() - (interrupt == 27 ? virtualOffset : 0);
    }

    private boolean reached() {
      return Long.compareUnsigned(now(), compare) >= 0;
    }

    boolean signals() {
      return (control & (ENABLE | IMASK)) == ENABLE && reached();
    }

    /** The system counter when it will signal; {@link Waiting#FOREVER} if it need not be known. */
    long signalsAt() {
      if ((control & (ENABLE | IMASK)) != ENABLE || reached()) {
        return Waiting.FOREVER;
      }
      long ticks = compare - now();
      long at = counter.count() + ticks;
      return ticks < 0 || at < 0 ? Waiting.FOREVER : at;
    }

    long readControl() {
      return control | ((control & ENABLE) != 0 && reached() ? ISTATUS : 0);
    }

    void writeControl(long value) {
      control = value & (ENABLE | IMASK);
      changed();
    }

    void writeCompare(long value) {
      compare = value;
      changed();
    }

    long readTicks() {
      return (compare - now()) & 0xffff_ffffL;
    }

    /** TVAL is signed and 32 bits wide. */
    void writeTicks(long value) {
      writeCompare(now() + (int) value);
    }
  }

  /** CNTVCT_EL0: a host at EL2 and its EL0 see the physical count. */
  private long virtualCount() {
    long hcr = pe.system().get(SystemRegisters.HCR_EL2);
    boolean hosted =
        (hcr & HCR_E2H) != 0 && (pe.el() == 2 || (pe.el() == 0 && (hcr & HCR_TGE) != 0));
    return counter.count() - (hosted ? 0 : virtualOffset);
  }

  /** The stretch that is being executed may be too long now. */
  private void changed() {
    update();
    pe.wiring().giveWay();
  }

  /** Brings the interrupt lines up to the present time. */
  void update() {
    for (int i = 0; i < timers.size(); i++) {
      Timer timer = timers.get(i);
      gic.setPrivateLine(pe.id(), timer.interrupt, timer.signals());
    }
  }

  /** The system counter when a line may rise. */
  long nextChange() {
    long next = Waiting.FOREVER;
    for (int i = 0; i < timers.size(); i++) {
      next = Math.min(next, timers.get(i).signalsAt());
    }
    return next;
  }

  /**
   * The system counter when an event stream sends its first event after a count: that of the
   * virtual counter, which is not there for a host, and that of EL2 and the physical counter.
   *
   * <p>Source: Arm ARM, "Event streams"; CNTKCTL_EL1 and CNTHCTL_EL2, field EVNTEN.
   */
  long nextEvent(long after) {
    boolean host = (pe.system().get(SystemRegisters.HCR_EL2) & HOST) == HOST;
    long ofEl2 = nextEvent(pe.system(CNTHCTL_EL2), 0, after);
    return host ? ofEl2 : Math.min(ofEl2, nextEvent(pe.system(CNTKCTL_EL1), virtualOffset, after));
  }

  private static long nextEvent(long control, long offset, long after) {
    if ((control & EVNTEN) == 0) {
      return Waiting.FOREVER;
    }
    int bit = (int) (control >>> 4) & 0xf;
    long period = 2L << bit;
    long edge = (control & EVNTDIR) != 0 ? 0 : period / 2;
    return after + period - Math.floorMod(after - offset - edge, period);
  }

  @Override
  public long[] save() {
    long[] state = new long[2 * timers.size() + 1];
    for (int i = 0; i < timers.size(); i++) {
      state[2 * i] = timers.get(i).control;
      state[2 * i + 1] = timers.get(i).compare;
    }
    state[2 * timers.size()] = virtualOffset;
    return state;
  }

  @Override
  public void restore(long[] state) {
    for (int i = 0; i < timers.size(); i++) {
      timers.get(i).control = state[2 * i];
      timers.get(i).compare = state[2 * i + 1];
    }
    virtualOffset = state[2 * timers.size()];
  }
}
