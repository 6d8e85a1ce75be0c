package dev.stagewalk;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Referee;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The empty world of the s2mmu vectors, with a referee that watches, and a guest that runs for a
 * moment between two calls of the library.
 */
final class JudgedWorld implements El2, Observed {
  private static final int FRAME = 4096;

  /** PARange 48 bits, and the 16K granule. */
  private static final long MMFR0 = 0x10_0005;

  private static final Features FEATURES = Features.of(MMFR0, 0, 0);
  private static final Stage1Parameters OFF = off(Regime.EL1_0);
  private static final Stage1Parameters OFF_AT_EL2 = off(Regime.EL2);

  private final int pageSize;
  private final Map<Long, long[]> frames = new HashMap<>();
  private final Map<Long, Boolean> allocated = new HashMap<>();
  private final Map<String, Long> registers = new HashMap<>();
  private final Referee referee = new Referee(this);
  private final List<Ruling> rulings = new ArrayList<>();
  private long next;
  private long failAfter = Long.MAX_VALUE;
  private int el = 2;
  private Stage2Parameters second = Stage2Parameters.decode(0, 0, 1, FEATURES);

  JudgedWorld(int pageSize, long paBase) {
    this.pageSize = pageSize;
    this.next = paBase;
    registers.put("ID_AA64MMFR0_EL1", MMFR0);
  }

  private static Stage1Parameters off(Regime regime) {
    return Stage1Parameters.decode(new Stage1Registers(regime, 0, 0, 0, 0, 0, 1), FEATURES);
  }

  void failAfter(long allocations) {
    failAfter = allocations;
  }

  /** What the referee said since the last call. */
  List<Ruling> takeRulings() {
    List<Ruling> taken = List.copyOf(rulings);
    rulings.clear();
    return taken;
  }

  List<Referee.Outstanding> outstanding() {
    return referee.outstanding();
  }

  /** The guest is entered and left again: its TLB may hold whatever it could walk. */
  void guestRuns() {
    el = 1;
    happened(new SimEvent.ExceptionReturned(2, 1, 0, 0));
    el = 2;
    happened(new SimEvent.ExceptionTaken(1, 2, 8, 0, 0, 0, false, 0, 0, null));
  }

  private void happened(SimEvent event) {
    rulings.addAll(referee.happened(0, event));
  }

  @Override
  public long load(long pa) {
    long[] frame = frames.get(pa / FRAME);
    return frame == null ? 0 : frame[(int) (pa % FRAME) / 8];
  }

  private void put(long pa, long value) {
    frames.computeIfAbsent(pa / FRAME, _ -> new long[FRAME / 8])[(int) (pa % FRAME) / 8] = value;
  }

  @Override
  public void storeDescriptor(long pa, long value) {
    long old = load(pa);
    put(pa, value);
    happened(new SimEvent.DescriptorStored(pa, old, value));
  }

  @Override
  public void store(long pa, int size, long value) {
    long old = load(pa);
    put(pa, value);
    happened(new SimEvent.HostStored(pa, size, old, value));
  }

  @Override
  public void clear(long pa, long bytes) {
    for (long frame = pa / FRAME; frame < (pa + bytes) / FRAME; frame++) {
      frames.remove(frame);
    }
    happened(new SimEvent.MemoryCleared(pa, bytes));
  }

  @Override
  public void copy(long from, long to, long bytes) {
    for (long at = 0; at < bytes; at += 8) {
      put(to + at, load(from + at));
    }
    happened(new SimEvent.MemoryCopied(from, to, bytes));
  }

  @Override
  public long register(String name) {
    return registers.getOrDefault(name, 0L);
  }

  @Override
  public void writeRegister(String name, long value) {
    long old = register(name);
    registers.put(name, value);
    happened(new SimEvent.RegisterWritten(name, old, value));
  }

  @Override
  public void tlbiVmalls12e1is() {
    happened(new SimEvent.TlbInvalidated(TlbiScope.vmalls12e1is(second(0).vmid()), 0, null));
  }

  @Override
  public void dsbIsh() {
    happened(new SimEvent.BarrierCompleted(Barrier.DSB_ISH));
  }

  @Override
  public void dsbIshst() {
    happened(new SimEvent.BarrierCompleted(Barrier.DSB_ISHST));
  }

  @Override
  public boolean atS1e1r(long va) {
    return false;
  }

  @Override
  public void isb() {
    happened(new SimEvent.BarrierCompleted(Barrier.ISB));
  }

  @Override
  public Pa allocate(int order) {
    if (failAfter == 0) {
      return NULL;
    }
    failAfter--;
    long size = (long) pageSize << order;
    long pa = (next + size - 1) & -size;
    next = pa + size;
    allocated.put(pa, true);
    happened(new SimEvent.Allocated(order, pa));
    return new Pa(pa);
  }

  @Override
  public void free(Pa pa) {
    boolean known = Boolean.TRUE.equals(allocated.put(pa.value(), false));
    happened(new SimEvent.Freed(pa.value(), known ? "" : "not allocated"));
  }

  @Override
  public int hostPageSize() {
    return pageSize;
  }

  @Override
  public void print(String line) {}

  @Override
  public void callBegan(String name, String arguments) {}

  @Override
  public void callEnded(String name, String result, boolean ok) {}

  @Override
  public int el(int pe) {
    return el;
  }

  @Override
  public Stage2Parameters second(int pe) {
    long vtcr = register("VTCR_EL2");
    long vttbr = register("VTTBR_EL2");
    if (second.vtcr() != vtcr || second.vttbr() != vttbr) {
      second = Stage2Parameters.decode(vtcr, vttbr, 1, FEATURES);
    }
    return second;
  }

  @Override
  public Stage1Parameters first(int pe, Regime regime) {
    return regime == Regime.EL2 ? OFF_AT_EL2 : OFF;
  }

  @Override
  public Regime regimeOfEl2(int pe) {
    return Regime.EL2;
  }

  @Override
  public BbmSupport bbm() {
    return BbmSupport.LEVEL_0;
  }

  @Override
  public boolean levelHints() {
    return false;
  }

  @Override
  public DescriptorReader descriptors() {
    return this::load;
  }
}
