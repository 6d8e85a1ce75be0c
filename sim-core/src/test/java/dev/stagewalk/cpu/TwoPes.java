package dev.stagewalk.cpu;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;

/**
 * Two PEs with one memory and one TLB, two VMIDs and two ASIDs of each, 4 KiB granule. What a step
 * does it does as an instruction would: through the PE's memory, TLBI and barriers.
 *
 * <p>IPAs and VAs alike: {@link #PAGES} by 16 pages, {@link #BLOCK} by a block or 16 pages, {@link
 * #TABLES} by a block where the tables of stage 1 are.
 */
final class TwoPes {
  static final long PAGES = 0x4100_0000L;
  static final long TABLES = 0x4200_0000L;
  static final long BLOCK = 0x4300_0000L;

  static final long S2_PAGE = 0x7ff;
  static final long S2_BLOCK = 0x7fd;
  static final long S2_READ_ONLY = S2_PAGE & ~0x80L;
  static final long S1_PAGE = 0x703 | 1 << 11;
  static final long S1_BLOCK = 0x701 | 1 << 11;
  static final long S1_READ_ONLY = S1_PAGE | 0x80;

  private static final long RAM = 0x4000_0000L;
  private static final long POOL = RAM + 0x180_0000L;
  private static final long BLOCKS = RAM + 0x140_0000L;
  private static final long HCR_VM = 1;
  private static final long HCR_DC = 1L << 12;
  private static final long HCR_RW = 1L << 31;
  private static final long VTCR = 1L << 31 | 5L << 16 | 1 << 6 | 25;

  /** TCR_EL1: T0SZ = 25, IPS = 48 bits, 16-bit ASIDs, no TTBR1. */
  private static final long TCR = 25L | 1L << 23 | 5L << 32 | 1L << 36;

  final PhysicalMemory ram = new PhysicalMemory(RAM, 32 << 20);
  final Tlb tlb;
  final Pe[] pe = new Pe[2];
  final List<SimEvent> events = new ArrayList<>();

  /** What each access gave: a value, or a fault. */
  final List<String> results = new ArrayList<>();

  TwoPes(Tlb.Mode mode, boolean twoStages) {
    this(mode, twoStages, Features.MAX);
  }

  TwoPes(Tlb.Mode mode, boolean twoStages, Features features) {
    this.tlb = new Tlb(mode, 8, 1);
    PhysicalSpace space = new PhysicalSpace(ram, List.of());
    for (int i = 0; i < pe.length; i++) {
      pe[i] = new Pe(i, space, tlb, features, (_, event) -> events.add(event));
      pe[i].reset();
      set(i, "ID_AA64ISAR0_EL1", 2L << 56);
      set(i, "ID_AA64MMFR2_EL1", 1L << 48);
      set(i, "HCR_EL2", HCR_VM | HCR_RW | (twoStages ? 0 : HCR_DC));
      set(i, "VTCR_EL2", VTCR);
      set(i, "TCR_EL1", TCR);
      set(i, "MAIR_EL1", 0xff);
      set(i, "SCTLR_EL1", twoStages ? 1 : 0);
    }
    for (int i = 0; i < 64; i++) {
      ram.write(page(i), 8, 0x1000 + i);
    }
    for (int i = 0; i < 8; i++) {
      ram.write(block(0) + i * 0x1000L, 8, 0x2000 + i);
      ram.write(block(1) + i * 0x1000L, 8, 0x3000 + i);
    }
    for (int vmid = 1; vmid <= 2; vmid++) {
      ram.write(s2(vmid) + 8, 8, s2(vmid) + 0x1000 | 3);
      ram.write(s2Level2(vmid, PAGES), 8, s2(vmid) + 0x2000 | 3);
      ram.write(s2Level2(vmid, TABLES), 8, s1Pa(vmid) | S2_BLOCK);
      for (int asid = 3; asid <= 4; asid++) {
        long root = s1Pa(vmid) + (asid - 3) * 0x1_0000L;
        long ipa = s1Root(asid);
        ram.write(root + 8, 8, ipa + 0x1000 | 3);
        ram.write(root + 0x1000 + 8 * 8, 8, ipa + 0x2000 | 3);
        ram.write(root + 0x1000 + 8 * 16, 8, TABLES | S1_BLOCK);
      }
    }
  }

  void set(int of, String register, long value) {
    pe[of].setSystem(SystemRegisters.index(register), value);
  }

  private static long s2(int vmid) {
    return RAM + vmid * 0x10_0000L;
  }

  private static long s1Pa(int vmid) {
    return RAM + 0x80_0000L + vmid * 0x20_0000L;
  }

  /** IPA of the root of stage 1, in {@link #TABLES}. */
  static long s1Root(int asid) {
    return TABLES + (asid - 3) * 0x1_0000L;
  }

  /** PA of the level 2 descriptor of stage 2. */
  static long s2Level2(int vmid, long ipa) {
    return s2(vmid) + 0x1000 + 8 * (ipa >>> 21 & 511);
  }

  /** PA of the level 3 descriptor of stage 2. */
  static long s2Leaf(int vmid, long ipa) {
    return s2Table(vmid, ipa) + 8 * (ipa >>> 12 & 511);
  }

  /** PA of the level 3 table of stage 2 for an IPA. */
  static long s2Table(int vmid, long ipa) {
    return s2(vmid) + (ipa >= BLOCK ? 0x3000 : 0x2000);
  }

  /** VA and IPA of the level 2 descriptor of stage 1. */
  static long s1Level2(int asid, long va) {
    return s1Root(asid) + 0x1000 + 8 * (va >>> 21 & 511);
  }

  /** VA and IPA of the level 3 descriptor of stage 1. */
  static long s1Leaf(int asid, long va) {
    return s1Table(asid, va) + 8 * (va >>> 12 & 511);
  }

  static long s1Table(int asid, long va) {
    return s1Root(asid) + (va >= BLOCK ? 0x3000 : 0x2000);
  }

  /** One of 64 pages of memory with content of its own. */
  static long page(int number) {
    return POOL + number * 0x1000L;
  }

  /** One of two blocks of memory, the first 8 pages of which have content of their own. */
  static long block(int number) {
    return BLOCKS + number * 0x20_0000L;
  }

  /** A PE is at EL1 under a VMID and an ASID; that it came there synchronised its context. */
  TwoPes guest(int on, int vmid, int asid) {
    set(on, "VTTBR_EL2", (long) vmid << 48 | s2(vmid));
    set(on, "TTBR0_EL1", (long) asid << 48 | s1Root(asid));
    boolean entered = pe[on].el() != 1;
    pe[on].setPstate(0x3c5);
    if (entered) {
      tlb.pending().contextSynchronised(on);
    }
    return this;
  }

  /** A PE is at EL2 with a VMID in VTTBR_EL2, likewise. */
  TwoPes host(int on, int vmid) {
    boolean entered = pe[on].el() != 2;
    pe[on].setPstate(0x3c9);
    if (entered) {
      tlb.pending().contextSynchronised(on);
    }
    set(on, "VTTBR_EL2", (long) vmid << 48 | s2(vmid));
    return this;
  }

  TwoPes store(int on, long address, long value) {
    pe[on].store(address, 8, value);
    return this;
  }

  TwoPes dsb(int on, Domain domain, Barrier.Types types) {
    Barriers.byHost(pe[on], Barrier.dsb(domain, types));
    return this;
  }

  TwoPes dsbIsh(int on) {
    return dsb(on, Domain.INNER_SHAREABLE, Barrier.Types.ALL);
  }

  TwoPes dsbIshst(int on) {
    return dsb(on, Domain.INNER_SHAREABLE, Barrier.Types.STORES);
  }

  /** A barrier as an instruction of the level the PE is at. */
  TwoPes barrier(int on, String text) {
    int option =
        switch (text) {
          case "dsb nshst" -> 6;
          case "dsb nsh" -> 7;
          case "dsb ish" -> 11;
          default -> throw new IllegalArgumentException(text);
        };
    Barriers.execute(pe[on], 0xd503_309f | option << 8);
    return this;
  }

  TwoPes setInHcr(int on, long bits) {
    set(on, "HCR_EL2", pe[on].system(SystemRegisters.index("HCR_EL2")) | bits);
    return this;
  }

  TwoPes isb(int on) {
    Barriers.byHost(pe[on], Barrier.ISB);
    return this;
  }

  TwoPes tlbi(int on, int op1, int crm, int op2, long operand) {
    TlbMaintenance.execute(pe[on], op1, crm, op2, operand, false);
    return this;
  }

  TwoPes ipas2e1is(int on, long ipa) {
    return tlbi(on, 4, 0, 1, ipa >>> 12);
  }

  TwoPes vmalle1is(int on) {
    return tlbi(on, 0, 3, 0, 0);
  }

  TwoPes vae1is(int on, int asid, long va) {
    return tlbi(on, 0, 3, 1, (long) asid << 48 | va >>> 12);
  }

  /** Reads; what it gave is one more result. */
  String load(int on, long va) {
    return attempt(on, () -> Long.toHexString(pe[on].load(va, 8)));
  }

  /** Reads while either answer may be legal: what it gives does not count. */
  TwoPes glance(int on, long va) {
    load(on, va);
    results.removeLast();
    return this;
  }

  /** Writes, likewise. */
  String write(int on, long va, long value) {
    return attempt(
        on,
        () -> {
          pe[on].store(va, 8, value);
          return "stored";
        });
  }

  private interface Attempt {
    String make();
  }

  private String attempt(int on, Attempt access) {
    String result;
    pe[on].memory().sync();
    try {
      result = access.make();
    } catch (GuestException _) {
      PendingException e = pe[on].pending;
      result =
          "fault EL"
              + e.targetEl
              + " "
              + Integer.toHexString(e.statusCode)
              + (e.onStage1Walk ? " S1PTW" : "")
              + (e.access == Access.Kind.WRITE ? " W" : "");
      e.cause = null;
    }
    results.add(result);
    return result;
  }
}
