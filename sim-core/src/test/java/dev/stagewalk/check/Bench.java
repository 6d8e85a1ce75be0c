package dev.stagewalk.check;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine of a test, of registers and memory alone: what is done to it is reported to a referee,
 * and what that says is kept.
 */
final class Bench implements Observed {
  /** 40-bit IPAs from level 1 (two tables), 4K granule, 48-bit output. */
  static final long VTCR = 0x8005_3558L;

  static final long ROOT = 0x4000_0000L;
  static final long LEVEL_2 = 0x4001_0000L;
  static final long LEVEL_3 = 0x4001_1000L;

  /** AF, Inner Shareable, Write-Back, read-write. */
  static final long RW = 0x7fc;

  static final int PES = 2;

  final Map<Long, Long> memory = new HashMap<>();
  final long[] vttbr = new long[PES];
  final long[] vtcr = new long[PES];
  final long[] sctlr = new long[PES];
  final int[] el = new int[PES];
  long hcr = 1;
  long ttbr0;
  BbmSupport bbm = BbmSupport.LEVEL_0;

  /** Descriptors and other words that were read of memory. */
  long reads;

  Policy policy = Policy.USUAL;
  final Referee referee = new Referee(this);
  final List<Ruling> rulings = new ArrayList<>();

  /** Two PEs at EL2, with tables for the first 2 MiB of IPAs that map nothing yet. */
  Bench() {
    Arrays.fill(el, 2);
    Arrays.fill(vtcr, VTCR);
    memory.put(ROOT, LEVEL_2 | 3);
    memory.put(LEVEL_2, LEVEL_3 | 3);
  }

  static long page(int index) {
    return LEVEL_3 + 8L * index;
  }

  static long leaf(long pa) {
    return pa | RW | 3;
  }

  Bench with(long pa, long descriptor) {
    memory.put(pa, descriptor);
    return this;
  }

  /** VTTBR_EL2 of PE 0 names the tables. */
  Bench vmid(int vmid) {
    return vmid(0, vmid, ROOT);
  }

  Bench vmid(int pe, int vmid, long root) {
    long old = vttbr[pe];
    vttbr[pe] = (long) vmid << 48 | root;
    return happened(pe, new SimEvent.RegisterWritten("VTTBR_EL2", old, vttbr[pe]));
  }

  /** The guest runs, and whatever it can reach may be held by the TLB from then on. */
  Bench guestRuns() {
    return enter(0).leave(0);
  }

  Bench enter(int pe) {
    el[pe] = 1;
    return happened(pe, new SimEvent.ExceptionReturned(2, 1, 0, 0));
  }

  Bench leave(int pe) {
    el[pe] = 2;
    return happened(pe, new SimEvent.ExceptionTaken(1, 2, 8, 0, 0, 0, false, 0, 0, null));
  }

  Bench store(long pa, long value) {
    return store(0, pa, value);
  }

  Bench store(int pe, long pa, long value) {
    long old = memory.getOrDefault(pa, 0L);
    memory.put(pa, value);
    return happened(pe, new SimEvent.DescriptorStored(pa, old, value));
  }

  Bench free(long pa) {
    return happened(0, new SimEvent.Freed(pa, ""));
  }

  Bench dsbIshst() {
    return dsb(Domain.INNER_SHAREABLE, Barrier.Types.STORES);
  }

  Bench dsbIsh() {
    return dsb(Domain.INNER_SHAREABLE, Barrier.Types.ALL);
  }

  Bench dsb(Domain domain, Barrier.Types types) {
    return barrier(Barrier.dsb(domain, types));
  }

  Bench barrier(Barrier barrier) {
    return happened(0, new SimEvent.BarrierCompleted(barrier));
  }

  Bench isb() {
    return happened(0, new SimEvent.BarrierCompleted(Barrier.ISB));
  }

  Bench tlbi(TlbiScope scope) {
    return happened(0, new SimEvent.TlbInvalidated(scope, 0, null));
  }

  /** TLBI VMALLS12E1IS under the VMID of VTTBR_EL2. */
  Bench tlbiAll() {
    return tlbi(TlbiScope.vmalls12e1is(second(0).vmid()));
  }

  Bench invalidateAll() {
    return dsbIshst().tlbiAll().dsbIsh().isb();
  }

  private Bench happened(int pe, SimEvent event) {
    rulings.addAll(referee.happened(pe, event));
    return this;
  }

  Ruling last() {
    return rulings.getLast();
  }

  @Override
  public int el(int pe) {
    return el[pe];
  }

  @Override
  public Stage2Parameters second(int pe) {
    return Stage2Parameters.decode(vtcr[pe], vttbr[pe], hcr, Features.MAX, policy);
  }

  @Override
  public Stage1Parameters first(int pe, Regime regime) {
    long on = regime == Regime.EL1_0 ? sctlr[pe] : 0;
    long tcr = 5L << 32 | 1L << 36 | 2L << 30 | 1L << 23 | 25L << 16 | 25;
    return Stage1Parameters.decode(
        new Stage1Registers(regime, on, tcr, ttbr0, 0, 0xff, hcr), Features.MAX, policy);
  }

  @Override
  public Regime regimeOfEl2(int pe) {
    return (hcr & 1L << 34) != 0 ? Regime.EL2_0 : Regime.EL2;
  }

  @Override
  public BbmSupport bbm() {
    return bbm;
  }

  @Override
  public boolean levelHints() {
    return true;
  }

  @Override
  public DescriptorReader descriptors() {
    return pa -> {
      reads++;
      return memory.getOrDefault(pa, 0L);
    };
  }
}
