package dev.stagewalk.explain;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.TlbEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors for a walk that is made again, which begins where the first one did: at what the TLB
 * held then.
 *
 * @param memory the descriptors
 * @param walk what was walked first
 * @param hierarchical limits that the tables above the held entry of stage 1 had set, which no
 *     lookup shows
 */
record HeldStarts(DescriptorReader memory, Translation walk, long hierarchical)
    implements DescriptorReader {

  /** The bits of a VA that a TLB compares. */
  private static final long UNTAGGED = 0xff_ffff_ffff_ffffL;

  /** Whether a walk began at something that the TLB held. */
  static boolean in(Translation walk) {
    return walk.lookups().stream()
        .anyMatch(l -> l.held() || l.nested().stream().anyMatch(Lookup::held));
  }

  /** Whether it began stage 1 so. */
  static boolean inStage1(Translation walk) {
    return walk.lookups().stream().anyMatch(l -> l.held() && l.stage() == 1);
  }

  /** Whether a word of memory was not read because the TLB held what was there. */
  static boolean at(Translation walk, long pa) {
    return walk.lookups().stream()
        .anyMatch(
            l -> isHeldAt(l, pa) || l.nested().stream().anyMatch(nested -> isHeldAt(nested, pa)));
  }

  private static boolean isHeldAt(Lookup lookup, long pa) {
    return lookup.held() && lookup.descriptorAddress() == pa;
  }

  /** The same beginnings of walks through other descriptors. */
  HeldStarts with(DescriptorReader other) {
    return new HeldStarts(other, walk, hierarchical);
  }

  @Override
  public long read(long pa) {
    return memory.read(pa);
  }

  @Override
  public @Nullable TlbEntry held(int stage, long input, int level, Granule granule, Access access) {
    return begun(stage, input)
        .filter(Lookup::held)
        .filter(first -> first.level() >= level)
        .map(first -> entry(first, granule))
        .orElse(null);
  }

  /** The lookup that a walk of an address began with. */
  private Optional<Lookup> begun(int stage, long input) {
    List<Lookup> lookups = walk.lookups();
    if (walk.stage() == stage) {
      return first(lookups, stage).filter(l -> same(input, walk.input() & UNTAGGED, l));
    }
    for (Lookup above : lookups) {
      long ipa = above.table() + 8L * above.index();
      Optional<Lookup> nested = first(above.nested(), 2).filter(l -> same(input, ipa, l));
      if (nested.isPresent()) {
        return nested;
      }
    }
    Stages stages = walk.stages();
    StageOutput one = stages == null ? null : stages.stage1();
    return one == null
        ? Optional.empty()
        : first(lookups, 2).filter(l -> same(input, one.address(), l));
  }

  private static Optional<Lookup> first(List<Lookup> lookups, int stage) {
    return lookups.stream().filter(l -> l.stage() == stage).findFirst();
  }

  /** Whether two addresses lead to one descriptor, if the tables above are the same. */
  private static boolean same(long a, long b, Lookup lookup) {
    return ((a ^ b) & UNTAGGED) >>> lookup.indexLow() == 0;
  }

  /** What a walk needs to know of an entry; the rest is of no use to it. */
  private TlbEntry entry(Lookup at, Granule granule) {
    boolean va = at.stage() == 1;
    Stage1Tag tag =
        new Stage1Tag(
            -1,
            true,
            at.output(),
            at.level(),
            Permissions.ALL,
            false,
            MemoryType.NORMAL_WB,
            false,
            hierarchical);
    return new TlbEntry(
        0,
        va ? TlbEntry.Kind.TABLE_1 : TlbEntry.Kind.TABLE_2,
        0,
        Regime.EL1_0,
        walk.vmid(),
        granule,
        0,
        at.indexLow(),
        at.output(),
        at.level(),
        at.descriptor(),
        at.descriptorAddress(),
        true,
        true,
        true,
        true,
        MemoryType.NORMAL_WB,
        false,
        false,
        va ? tag : null,
        List.of());
  }
}
