package dev.stagewalk.cpu;

import dev.stagewalk.event.Barrier.Types;
import dev.stagewalk.event.Domain;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import java.util.Random;

/**
 * A random program of stores to tables, the maintenance they need, and accesses, on two PEs with
 * broadcast TLBIs, or on one with local TLBIs and barriers for that PE alone; the same for every
 * TLB, because each choice depends on the seed and on memory alone.
 */
final class RandomMaintenance {
  /** What is done wrong, throughout the program. */
  enum Omitted {
    NOTHING,
    DSB_BEFORE,
    TLBI_IPAS2,
    RIGHT_VMID,
    BROADCAST,
    VMALLE1,
    DSB_AFTER,
    READS_IN_DSB,
    INNER_SHAREABLE_IN_DSB,
    ISB;

    /** Whether it can be done wrong on one PE. */
    boolean concernsOnePe() {
      return this != BROADCAST && this != INNER_SHAREABLE_IN_DSB;
    }
  }

  private static final int PAGE_COUNT = 8;
  private static final long TG_4K = 1L << 46;
  private static final long RANGE_2M = TG_4K | 1L << 44 | 7L << 39;

  private final Random random;
  private final TwoPes world;
  private final Omitted omitted;
  private final int pes;
  private final boolean twoStages;
  private int stamp;

  private RandomMaintenance(int pes, long seed, Tlb.Mode mode, Omitted omitted) {
    this.random = new Random(seed);
    this.twoStages = random.nextBoolean();
    this.world = new TwoPes(mode, twoStages);
    this.omitted = omitted;
    this.pes = pes;
  }

  /** Runs a program on one PE or two; what its accesses gave, and what is in memory at its end. */
  static List<String> run(int pes, long seed, Tlb.Mode mode, Omitted omitted, int steps) {
    RandomMaintenance program = new RandomMaintenance(pes, seed, mode, omitted);
    program.begin();
    for (int i = 0; i < steps; i++) {
      program.step();
    }
    program.world.results.add(Long.toHexString(program.world.ram.image().hash()));
    return program.world.results;
  }

  private void begin() {
    for (int vmid = 1; vmid <= 2; vmid++) {
      world.host(0, vmid);
      for (int i = 0; i < PAGE_COUNT; i++) {
        world.store(0, TwoPes.s2Leaf(vmid, page(i)), leaf2());
      }
      if (twoStages) {
        for (int asid = 3; asid <= 4; asid++) {
          synchronise();
          world.guest(0, vmid, asid);
          for (int i = 0; i < PAGE_COUNT; i++) {
            world.store(0, TwoPes.s1Leaf(asid, page(i)), leaf1());
          }
        }
      }
    }
    synchronise();
  }

  private void synchronise() {
    world.dsb(0, pes == 1 ? Domain.NON_SHAREABLE : Domain.INNER_SHAREABLE, Types.ALL).isb(0);
  }

  private static long page(int number) {
    return TwoPes.PAGES + number * 0x1000L;
  }

  private long leaf2() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> TwoPes.page(random.nextInt(64)) | TwoPes.S2_READ_ONLY;
      default -> TwoPes.page(random.nextInt(64)) | TwoPes.S2_PAGE;
    };
  }

  private long leaf1() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> page(random.nextInt(PAGE_COUNT)) | TwoPes.S1_READ_ONLY;
      case 2 -> TwoPes.BLOCK + random.nextInt(PAGE_COUNT) * 0x1000L | TwoPes.S1_PAGE;
      default -> page(random.nextInt(PAGE_COUNT)) | TwoPes.S1_PAGE;
    };
  }

  private void step() {
    int on = random.nextInt(pes);
    int vmid = 1 + random.nextInt(2);
    int asid = 3 + random.nextInt(2);
    switch (random.nextInt(twoStages ? 10 : 8)) {
      case 0 -> changeLeaf2(on, vmid, page(random.nextInt(PAGE_COUNT)));
      case 1 -> changeBlock2(on, vmid);
      case 8, 9 -> changeLeaf1(on, vmid, asid, page(random.nextInt(PAGE_COUNT)));
      default -> access(on, vmid, asid);
    }
  }

  private void access(int on, int vmid, int asid) {
    long base = random.nextInt(3) == 0 && !twoStages ? TwoPes.BLOCK : TwoPes.PAGES;
    long va = base + random.nextInt(PAGE_COUNT) * 0x1000L;
    world.guest(on, vmid, asid);
    if (random.nextInt(3) == 0) {
      world.write(on, va + 8, ++stamp);
    } else {
      world.load(on, va + 8 * random.nextInt(2));
    }
  }

  private void changeLeaf2(int on, int vmid, long ipa) {
    long at = TwoPes.s2Leaf(vmid, ipa);
    long old = world.ram.read(at, 8);
    long now = leaf2();
    boolean another = old != 0 && now != 0 && (old ^ now) >>> 12 != 0;
    world.host(on, vmid);
    if (another) {
      world.store(on, at, 0);
      forget2(on, vmid, ipa, 0x1000, true);
      old = 0;
    }
    world.store(on, at, now);
    if (old == 0) {
      published(on);
    } else {
      forget2(on, vmid, ipa, 0x1000, true);
    }
  }

  private void changeBlock2(int on, int vmid) {
    long at = TwoPes.s2Level2(vmid, TwoPes.BLOCK);
    long old = world.ram.read(at, 8);
    world.host(on, vmid);
    if (old != 0) {
      world.store(on, at, 0);
      forget2(on, vmid, TwoPes.BLOCK, (old & 2) == 0 ? 0x1000 : 0x20_0000, false);
    }
    switch (random.nextInt(3)) {
      case 0 -> {}
      case 1 -> world.store(on, at, TwoPes.block(random.nextInt(2)) | TwoPes.S2_BLOCK);
      default -> {
        for (int i = 0; i < PAGE_COUNT; i++) {
          world.store(on, TwoPes.s2Leaf(vmid, TwoPes.BLOCK + i * 0x1000L), leaf2());
        }
        world.store(on, at, TwoPes.s2Table(vmid, TwoPes.BLOCK) | 3);
      }
    }
    published(on);
  }

  /** After a store that replaces an invalid entry. */
  private void published(int on) {
    if (omitted != Omitted.DSB_AFTER) {
      world.dsb(on, domain(), Types.STORES);
    }
    isb(on);
  }

  private void isb(int on) {
    if (omitted != Omitted.ISB) {
      world.isb(on);
    }
  }

  private Domain domain() {
    return pes == 1 || omitted == Omitted.INNER_SHAREABLE_IN_DSB
        ? Domain.NON_SHAREABLE
        : Domain.INNER_SHAREABLE;
  }

  private void dsbBefore(int on) {
    glance(1 - on);
    if (omitted != Omitted.DSB_BEFORE) {
      world.dsb(on, domain(), Types.STORES);
    }
  }

  private void dsbAfter(int on) {
    glance(1 - on);
    if (omitted != Omitted.DSB_AFTER) {
      boolean stores = omitted == Omitted.READS_IN_DSB;
      world.dsb(on, domain(), stores ? Types.STORES : Types.ALL);
    }
  }

  /** The other PE reads in the meantime, while the maintenance is under way. */
  private void glance(int on) {
    if (pes > 1 && random.nextBoolean()) {
      world.guest(on, 1 + random.nextInt(2), 3 + random.nextInt(2));
      for (int i = random.nextInt(4); i > 0; i--) {
        long base = random.nextInt(3) == 0 && !twoStages ? TwoPes.BLOCK : TwoPes.PAGES;
        world.glance(on, base + random.nextInt(PAGE_COUNT) * 0x1000L);
      }
    }
  }

  /** Inner Shareable, or the local form where that is enough or is what is wrong. */
  private int crm(int broadcast, int local) {
    return pes == 1 || omitted == Omitted.BROADCAST ? local : broadcast;
  }

  /**
   * The maintenance after a store to stage 2.
   *
   * @param leaf whether only a leaf has changed, so that walk caches may stay
   */
  private void forget2(int on, int vmid, long ipa, long bytes, boolean leaf) {
    dsbBefore(on);
    if (omitted == Omitted.RIGHT_VMID) {
      world.host(on, 3 - vmid);
    }
    int form = random.nextInt(bytes == 0x1000 ? 4 : 3);
    if (form == 0) {
      boolean all = random.nextBoolean() && omitted != Omitted.RIGHT_VMID;
      world.tlbi(on, 4, crm(3, 7), all ? 4 : 6, 0);
    } else {
      if (omitted != Omitted.TLBI_IPAS2) {
        int op2 = leaf && random.nextBoolean() ? 5 : 1;
        if (form == 3) {
          world.tlbi(on, 4, crm(0, 4), op2, ipa >>> 12);
        } else {
          world.tlbi(on, 4, crm(0, 4), op2 + 1, range(bytes) | ipa >>> 12);
        }
      }
      if (omitted != Omitted.DSB_BEFORE) {
        dsbAfter(on);
      }
      if (omitted != Omitted.VMALLE1) {
        world.tlbi(on, 0, crm(3, 7), 0, 0);
      }
    }
    dsbAfter(on);
    isb(on);
    if (omitted == Omitted.RIGHT_VMID) {
      world.host(on, vmid);
    }
  }

  private static long range(long bytes) {
    return bytes == 0x1000 ? TG_4K : RANGE_2M;
  }

  /** A guest changes an entry of its own; its other pages have their VA as IPA. */
  private void changeLeaf1(int on, int vmid, int asid, long va) {
    world.guest(on, vmid, asid);
    long at = TwoPes.s1Leaf(asid, va);
    long old = world.pe[on].load(at, 8);
    long now = leaf1();
    boolean another = old != 0 && now != 0 && (old ^ now) >>> 12 != 0;
    if (another) {
      world.store(on, at, 0);
      forget1(on, asid, va);
      old = 0;
    }
    world.store(on, at, now);
    if (old == 0) {
      published(on);
    } else {
      forget1(on, asid, va);
    }
  }

  private void forget1(int on, int asid, long va) {
    dsbBefore(on);
    long tag = (long) asid << 48;
    long page = va >>> 12;
    switch (random.nextInt(6)) {
      case 0 -> world.tlbi(on, 0, crm(3, 7), 0, 0);
      case 1 -> world.tlbi(on, 0, crm(3, 7), 2, tag);
      case 2 -> world.tlbi(on, 0, crm(3, 7), 3, page);
      case 3 -> world.tlbi(on, 0, crm(3, 7), 5, tag | page);
      case 4 -> world.tlbi(on, 0, crm(2, 6), 1, tag | TG_4K | page);
      default -> world.tlbi(on, 0, crm(3, 7), 1, tag | page);
    }
    dsbAfter(on);
    isb(on);
  }
}
