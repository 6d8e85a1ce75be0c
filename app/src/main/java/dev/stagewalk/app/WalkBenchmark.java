package dev.stagewalk.app;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TwoStage;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * How many two-stage walks the walker makes in a second: 4 levels of stage 1 under 4 levels of
 * stage 2, 24 descriptor reads each, from simulated memory, with no cache of any kind.
 *
 * <p>Every translation is complete: output, permissions and memory type of both stages, and the
 * lookups that led there. The results stay where a reader could take them.
 */
final class WalkBenchmark {
  /** The name of this workload. */
  static final String NAME = "walks";

  /** Different pages that are translated. */
  private static final int PAGES = 1 << 14;

  /** Odd, so that a multiple of it visits every page once, far from the one before. */
  private static final int STRIDE = 6151;

  private static final int WALKS_IN_A_ROUND = 1 << 20;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int READS = 24;
  private static final int KEPT = 1 << 10;

  private static final long RAM = 0x4000_0000L;

  /** IPAs lie this far above the physical addresses of the same bytes. */
  private static final long IPA_OFFSET = 0x20_0000_0000L;

  /** Where the pages lie that the guest reads and writes; the walks never touch them. */
  private static final long DATA = 0x8000_0000L;

  private static final long TABLE = 3;
  private static final long STAGE1_PAGE = 0x743; // AF, Inner Shareable, AttrIndx 0, EL0 too
  private static final long STAGE2_PAGE = 0x7ff; // AF, Inner Shareable, Write-Back, read-write

  /** What a round asks for in turn. */
  private static final Access[] ACCESSES = {
    Access.read(8), Access.write(8), new Access(Access.Kind.READ, 4, false), Access.write(1)
  };

  private final int rounds;
  private final PhysicalMemory memory = new PhysicalMemory(RAM, 64 << 20);
  private final long stage2Root = RAM;
  private final long stage1Root = RAM + 0x1000;
  private long nextTable = RAM + 0x2000;
  private final Translation[] kept = new Translation[KEPT];

  /** Builds the tables. */
  WalkBenchmark(int rounds) {
    this.rounds = rounds;
    for (int page = 0; page < PAGES; page++) {
      map(stage1Root, va(page), data(page) + IPA_OFFSET, STAGE1_PAGE, IPA_OFFSET);
      map(stage2Root, data(page) + IPA_OFFSET, data(page), STAGE2_PAGE, 0);
    }
    long tables = nextTable;
    // Mapping tables at stage 2 takes tables of stage 2, which stage 2 need not map.
    for (long table = stage1Root; table < tables; table += 0x1000) {
      map(stage2Root, table + IPA_OFFSET, table, STAGE2_PAGE, 0);
    }
  }

  /** Of 16 regions of 1 GiB, a quarter of them in each of four of 512 GiB, one page in turn. */
  private static long va(int page) {
    return (page & 3L) << 39 | (page & 12L) << 28 | (page >> 4) << 12;
  }

  private static long data(int page) {
    return DATA + ((long) page << 12);
  }

  /** Maps a page of 4 KiB in tables that name each other by addresses {@code offset} higher. */
  private void map(long root, long input, long output, long attributes, long offset) {
    long table = root;
    for (int shift = 39; shift > 12; shift -= 9) {
      long entry = table + 8 * (input >>> shift & 511);
      if (memory.read(entry, 8) == 0) {
        memory.write(entry, 8, nextTable + offset | TABLE);
        nextTable += 0x1000;
      }
      table = (memory.read(entry, 8) & 0xffff_ffff_f000L) - offset;
    }
    memory.write(table + 8 * (input >>> 12 & 511), 8, output | attributes);
  }

  /** Measures and prints one paragraph. */
  void run(PrintWriter out) {
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(
                Regime.EL1_0,
                0x1005, // M, C, I
                5L << 32 | 2L << 30 | 16L << 16 | 16, // 48-bit VAs and IPAs, 4K
                stage1Root + IPA_OFFSET,
                0,
                0xff,
                1),
            Features.MAX);
    Stage2Parameters second =
        Stage2Parameters.decode(0x8005_3590L, 1L << 48 | stage2Root, 1, Features.MAX);
    DescriptorReader reader =
        pa -> {
          if (!memory.contains(pa, 8)) {
            throw ExternalAbort.ABORT;
          }
          return memory.readWord(pa);
        };

    double[] rates = new double[rounds];
    double[] readRates = new double[rounds];
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      double walks = rate(first, second, reader, false);
      double read = rate(first, second, reader, true);
      if (round >= 0) {
        rates[round] = walks;
        readRates[round] = read;
      }
    }
    Arrays.sort(rates);
    Arrays.sort(readRates);
    double median = rates[rounds / 2];
    out.printf(
        Locale.ROOT,
        "%n%s: %.2f million two-stage walks a second (%.0f ns each), 4+4 levels, %d descriptor"
            + " reads each, %,d pages, no TLB, the list of lookups at hand; median of %d rounds of"
            + " %,d, %.2f to %.2f.%n",
        NAME,
        median / 1e6,
        1e9 / median,
        READS,
        PAGES,
        rounds,
        WALKS_IN_A_ROUND,
        rates[0] / 1e6,
        rates[rounds - 1] / 1e6);
    out.printf(
        Locale.ROOT,
        "%s: %.2f million a second where every list is also read, %.0f %% of that.%n",
        NAME,
        readRates[rounds / 2] / 1e6,
        100 * readRates[rounds / 2] / median);
    out.flush();
  }

  /** Walks a second in one round. */
  private double rate(
      Stage1Parameters first, Stage2Parameters second, DescriptorReader reader, boolean read) {
    long began = System.nanoTime();
    for (int i = 0; i < WALKS_IN_A_ROUND; i++) {
      int page = i * STRIDE & (PAGES - 1);
      Access access = ACCESSES[i & (ACCESSES.length - 1)];
      Translation walk = TwoStage.translate(first, second, va(page) + 0x10, access, reader);
      if (!(walk.outcome() instanceof Translation.Output output)
          || output.address() != data(page) + 0x10) {
        throw new IllegalStateException("page " + page + " translates to " + walk.outcome());
      }
      kept[i & (KEPT - 1)] = walk;
      if (read && readsOf(walk) != READS) {
        throw new IllegalStateException("page " + page + " took " + readsOf(walk) + " reads");
      }
    }
    return WALKS_IN_A_ROUND / ((System.nanoTime() - began) / 1e9);
  }

  private static int readsOf(Translation walk) {
    int reads = 0;
    for (Lookup lookup : walk.lookups()) {
      reads += lookup.reads();
    }
    return reads;
  }
}
