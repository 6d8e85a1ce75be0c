package dev.stagewalk.mmu;

import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a walk that a TLB may keep beside its result: each table descriptor, and the leaves
 * of both stages by themselves.
 *
 * <p>Source: Arm ARM, "Caching of translation table walks"; "TLB maintenance".
 */
final class PartialWalks {
  private final long number;
  private final int pe;
  private final @Nullable Stage1Parameters first;
  private final Stage2Parameters second;
  private final Translation walk;
  private final List<TlbEntry> used;
  private final List<TlbEntry> entries = new ArrayList<>();
  private final Set<Long> sources = new LinkedHashSet<>();
  private final @Nullable Lookup last;

  /**
   * Takes a walk apart.
   *
   * @param number of all its entries
   * @param first null for a walk of stage 2 alone
   * @param used the entries that the walk began with
   */
  PartialWalks(
      long number,
      int pe,
      @Nullable Stage1Parameters first,
      Stage2Parameters second,
      Translation walk,
      List<TlbEntry> used) {
    this.number = number;
    this.pe = pe;
    this.first = first;
    this.second = second;
    this.walk = walk;
    this.used = used;
    this.last = lastOf(walk.lookups());
    if (first == null) {
      sources.addAll(stage2(walk.input(), walk.lookups()));
    } else {
      stage1(first);
    }
  }

  /** The parts, from the root on. */
  List<TlbEntry> entries() {
    return entries;
  }

  /** Addresses of all descriptors that the result rests on. */
  List<Long> sources() {
    return List.copyOf(sources);
  }

  private static @Nullable Lookup lastOf(List<Lookup> lookups) {
    if (lookups.isEmpty()) {
      return null;
    }
    Lookup end = lookups.getLast();
    return end.verdict() == Lookup.Verdict.UNREACHED ? lastOf(end.nested()) : end;
  }

  private void stage1(Stage1Parameters of) {
    long va = of.untagged(walk.input());
    boolean underStage2 = walk.vmid() >= 0 && second.enabled();
    boolean limits = !of.rangeOf(va).hierarchicalDisabled();
    long above = 0;
    List<Lookup> below = new ArrayList<>();
    for (Lookup lookup : walk.lookups()) {
      if (lookup.stage() == 2) {
        below.add(lookup);
        continue;
      }
      if (!lookup.nested().isEmpty()) {
        sources.addAll(stage2(lookup.table() + 8L * lookup.index(), lookup.nested()));
      }
      TlbEntry held = held(lookup);
      Stage1Tag tag = held == null ? null : held.stage1();
      if (held != null && tag != null) {
        sources.addAll(held.sources());
        above = tag.hierarchical();
      }
      sources.add(lookup.descriptorAddress());
      if (TlbFill.isTable(lookup)) {
        keep(
            TlbFill.table1(number, pe, of, walk.vmid(), va, lookup, underStage2, above, sources()));
        above |= limits ? lookup.descriptor() & Stage1Format.HIERARCHICAL : 0;
      } else if (underStage2 && TlbFill.isLeaf(lookup, walk.outcome(), lookup == last)) {
        keep(TlbFill.stage1(number, pe, of, walk, lookup, above, true, sources()));
      }
    }
    StageOutput one = walk.stages() == null ? null : walk.stages().stage1();
    if (one != null && !below.isEmpty()) {
      sources.addAll(stage2(one.address(), below));
    }
  }

  /** Keeps the parts of a walk of stage 2; returns what its result rests on. */
  private List<Long> stage2(long ipa, List<Lookup> lookups) {
    List<Long> path = new ArrayList<>();
    for (Lookup lookup : lookups) {
      TlbEntry held = held(lookup);
      if (held != null) {
        path.addAll(held.sources());
      }
      path.add(lookup.descriptorAddress());
      if (TlbFill.isTable(lookup)) {
        keep(TlbFill.table2(number, pe, second, ipa, lookup, path));
      } else if (TlbFill.isLeaf(lookup, walk.outcome(), lookup == last)) {
        long leaf = stored(lookup);
        if ((leaf & Stage2Format.ACCESS_FLAG) != 0) {
          keep(
              TlbFill.stage2(
                  number,
                  pe,
                  second,
                  ipa,
                  lookup.level(),
                  leaf,
                  lookup.descriptorAddress(),
                  true,
                  path));
        }
      }
    }
    return path;
  }

  /** What is in memory after the walk has updated it. */
  private long stored(Lookup lookup) {
    long value = lookup.descriptor();
    for (Translation.DescriptorUpdate update : walk.updates()) {
      if (update.pa() == lookup.descriptorAddress()) {
        value = update.value();
      }
    }
    return value;
  }

  /** The entry that a lookup was answered from. */
  private @Nullable TlbEntry held(Lookup lookup) {
    if (!lookup.held()) {
      return null;
    }
    for (TlbEntry entry : used) {
      if (entry.leafAddress() == lookup.descriptorAddress()
          && entry.kind().ofIpas() == (lookup.stage() == 2)) {
        return entry;
      }
    }
    return null;
  }

  private void keep(@Nullable TlbEntry entry) {
    if (entry != null) {
      entries.add(entry);
    }
  }
}
