package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A walk keeps only the descriptors it read; the lookups made of them are what it did. */
class WalkTraceTest {
  private static final int WALKS = 20_000;
  private static final Access[] ACCESSES = {
    Access.read(8), Access.write(4), new Access(Access.Kind.READ, 4, false)
  };

  private record Read(long pa, long descriptor) {}

  /** Memory in which any address may name a table, a leaf, nothing, or not be there. */
  private static final class RandomWords implements DescriptorReader {
    private final Random random;
    final List<Read> reads = new ArrayList<>();

    RandomWords(Random random) {
      this.random = random;
    }

    @Override
    public long read(long pa) {
      int kind = random.nextInt(40);
      // Addresses of 40 bits fit some of the output sizes and not others.
      long address = random.nextLong() & 0xff_ffff_f000L;
      long descriptor =
          kind == 0
              ? address
              : kind == 1 ? address | 1 : address | 0x7c0 | random.nextInt(4) << 6 | 3;
      if (kind == 2) {
        reads.add(new Read(pa, 0));
        throw ExternalAbort.ABORT;
      }
      reads.add(new Read(pa, descriptor));
      return descriptor;
    }
  }

  @Test
  void theLookupsOfAWalkAreTheReadsItMadeInTheirOrder() {
    int longest = 0;
    for (int seed = 0; seed < WALKS; seed++) {
      RandomWords memory = new RandomWords(new Random(seed));
      Translation walk = walk(new Random(~seed), memory);
      List<Read> told = new ArrayList<>();
      walk.lookups().forEach(lookup -> flatten(lookup, told));
      assertThat(told).as("reads of walk %d", seed).isEqualTo(memory.reads);
      assertThat(walk.reads()).isEqualTo(memory.reads.size());
      assertLast(walk);
      longest = Math.max(longest, told.size());
    }
    assertThat(longest)
        .as("4 levels of stage 1, each and the output through 3 of stage 2")
        .isEqualTo(19);
  }

  private static Translation walk(Random random, DescriptorReader memory) {
    long granule = random.nextInt(3);
    long tg0 = granule; // 4K, 64K, 16K
    long ips = random.nextInt(3) + 1L; // 36, 40, 42 bits
    long tcr = ips << 32 | (tg0 == 0 ? 2L : tg0 == 1 ? 3L : 1L) << 30 | tg0 << 14 | 24 << 16 | 24;
    Stage1Parameters first =
        Stage1Parameters.decode(
            new Stage1Registers(
                Regime.EL1_0, random.nextInt(8) == 0 ? 0 : 1, tcr, 0x10_0000, 0x20_0000, 0xff, 0),
            Features.MAX);
    long vtcr = 0x8000_0000L | 2L << 16 | 1L << 6 | random.nextInt(24, 32);
    long hcr = random.nextInt(4) == 0 ? 0 : 1;
    Stage2Parameters second = Stage2Parameters.decode(vtcr, 0x4000_0000L, hcr, Features.MAX);
    long va = random.nextLong() & 0x7f_ffff_fff8L;
    Access access = ACCESSES[random.nextInt(ACCESSES.length)];
    return TwoStage.translate(first, second, va, access, memory);
  }

  private static void flatten(Lookup lookup, List<Read> reads) {
    lookup.nested().forEach(nested -> flatten(nested, reads));
    if (lookup.verdict() != Verdict.UNREACHED) {
      reads.add(new Read(lookup.descriptorAddress(), lookup.descriptor()));
    }
  }

  /** The last lookup and the outcome say the same. */
  private static void assertLast(Translation walk) {
    if (walk.lookups().isEmpty()) {
      return;
    }
    Lookup last = walk.lookups().getLast();
    if (walk.outcome() instanceof Translation.Output) {
      assertThat(last.verdict()).isIn(Verdict.BLOCK, Verdict.PAGE);
    } else if (last.verdict() == Verdict.BLOCK || last.verdict() == Verdict.PAGE) {
      // Stage 1 ended well, and stage 2 refused its output before it looked anything up.
      assertThat(last.stage()).isEqualTo(1);
    } else if (last.verdict() != Verdict.UNREACHED) {
      Translation.Fault fault = (Translation.Fault) walk.outcome();
      assertThat(last.rule()).isEqualTo(fault.rule());
      assertThat(last.level()).isEqualTo(fault.level());
    } else {
      assertThat(((Translation.Fault) walk.outcome()).onStage1Walk()).isTrue();
    }
  }
}
