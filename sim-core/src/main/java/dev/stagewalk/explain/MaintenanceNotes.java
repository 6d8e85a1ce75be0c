package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Section;
import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.ChangeReason;
import dev.stagewalk.mmu.EntryChange;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.TlbEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an event has to do with TLB maintenance: a stale entry that had a part in it, and what a
 * store to a table needs before the next. These notes stand beside the explanation of the event.
 */
public final class MaintenanceNotes {
  private MaintenanceNotes() {}

  /**
   * The notes on an event.
   *
   * @param tlb the TLB's entries now, compared with the tables now
   */
  public static List<Section> of(Scene scene, List<Freshness> tlb) {
    List<Section> notes = new ArrayList<>();
    switch (scene.event().what()) {
      case SimEvent.DescriptorStored stored -> change(scene, stored).ifPresent(notes::add);
      case SimEvent.Translated walked ->
          stale(walked.translation(), scene.event().pe(), tlb).ifPresent(notes::add);
      case SimEvent.ExceptionTaken taken when taken.cause() != null ->
          stale(taken.cause(), scene.event().pe(), tlb).ifPresent(notes::add);
      default -> {
        // Nothing else is about maintenance.
      }
    }
    return notes;
  }

  private static Optional<Section> change(Scene scene, SimEvent.DescriptorStored stored) {
    return TablePlace.of(scene, stored.pa())
        .map(place -> {
          EntryFormat format =
              EntryFormat.of(
                  place.parameters(),
                  place.table().level(),
                  BbmSupport.of(scene.system("ID_AA64MMFR2_EL1")));
          EntryChange change = EntryChange.between(format, stored.old(), stored.value());
          List<String> lines = new ArrayList<>();
          lines.add(Wording.capital(change.need().words()) + ".");
          for (ChangeReason reason : change.reasons()) {
            lines.add(Wording.capital(reason.words()) + " (Arm ARM, \"" + reason.source() + "\").");
          }
          if (change.need() != ChangeReason.Need.NOTHING) {
            lines.add("In order: " + change.need().mend() + ".");
          }
          return new Section("What the change needs, if a TLB may hold the old value", lines);
        });
  }

  /** The first stale entry that had a part in a translation. */
  private static Optional<Section> stale(Translation translation, int pe, List<Freshness> tlb) {
    for (Freshness one : tlb) {
      if (one.isStale() && one.entry().pe() == pe) {
        Optional<String> part = part(translation, one.entry());
        if (part.isPresent()) {
          return Optional.of(section(part.get(), one));
        }
      }
    }
    return Optional.empty();
  }

  private static Section section(String part, Freshness one) {
    List<String> lines = new ArrayList<>();
    lines.add(part);
    lines.add(Wording.capital(one.words()) + ".");
    lines.add("Maintenance that mends it, in this order:");
    List<String> steps = one.mend().steps();
    for (int i = 0; i < steps.size(); i++) {
      lines.add("   " + (i + 1) + ". " + steps.get(i));
    }
    return new Section("A stale TLB entry answered", lines);
  }

  /** What an entry did for a translation; empty if nothing. */
  private static Optional<String> part(Translation translation, TlbEntry entry) {
    Optional<Lookup> held =
        all(translation.lookups()).stream()
            .filter(Lookup::held)
            .filter(l -> l.descriptorAddress() == entry.leafAddress())
            .filter(l -> l.descriptor() == entry.leaf())
            .findFirst();
    if (held.isPresent()) {
      return Optional.of(
          "The walk did not begin at the root: the TLB held the level "
              + entry.level()
              + " descriptor at "
              + Hex.address(entry.leafAddress())
              + " ("
              + entry.kind().words()
              + ").");
    }
    if (!translation.lookups().isEmpty() || !answers(translation, entry)) {
      return Optional.empty();
    }
    return Optional.of(
        "No table was read: the entry for "
            + (entry.kind().ofIpas() ? "IPA " : "VA ")
            + Hex.address(entry.input())
            + " in the TLB answered ("
            + entry.kind().words()
            + ").");
  }

  private static List<Lookup> all(List<Lookup> lookups) {
    List<Lookup> found = new ArrayList<>();
    for (Lookup lookup : lookups) {
      found.add(lookup);
      found.addAll(lookup.nested());
    }
    return found;
  }

  private static boolean answers(Translation translation, TlbEntry entry) {
    if (entry.kind().isTable() || entry.vmid() != translation.vmid()) {
      return false;
    }
    Stages stages = translation.stages();
    Stage1Tag tag = entry.stage1();
    boolean va = translation.stage() == 1;
    if (va != (tag != null) || !covers(entry, translation.input())) {
      return false;
    }
    return !va
        || (stages != null
            && tag != null
            && stages.regime() == entry.regime()
            && (tag.global() || tag.asid() == stages.asid()));
  }

  private static boolean covers(TlbEntry entry, long address) {
    return Long.compareUnsigned(address - entry.input(), entry.size()) < 0;
  }
}
