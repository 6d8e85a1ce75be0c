package dev.stagewalk.check;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TwoStage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Accesses that a TLB entry answers although the tables, walked now, would not answer so.
 *
 * <p>Not among them: an entry that stands for a descriptor with the Access flag cleared since,
 * which is legal, and one that another PE may still be about to invalidate.
 */
final class StaleUseCheck {
  private final Machine machine;
  private final Observed observed;
  private final MaintenanceCheck maintenance;
  private final Authors authors;
  private final Consumer<Finding> found;

  /** Entries known to agree, by number and kind of access, until something is stored. */
  private final Set<Answer> agreeing = new HashSet<>();

  /** Entries of which it has been said. */
  private final Set<Long> reported = new HashSet<>();

  private static final int MOST_REPORTED = 1 << 12;

  private record Answer(long entry, int pe, Access.Kind kind, boolean privileged) {}

  StaleUseCheck(
      Machine machine,
      Observed observed,
      MaintenanceCheck maintenance,
      Authors authors,
      Consumer<Finding> found) {
    this.machine = machine;
    this.observed = observed;
    this.maintenance = maintenance;
    this.authors = authors;
    this.found = found;
  }

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.DescriptorStored e -> changed(e.pa());
      case SimEvent.HostStored e -> changed(e.pa());
      case SimEvent.RegisterWritten _ -> agreeing.clear();
      case SimEvent.ExceptionReturned _ -> agreeing.clear();
      default -> {
        // Tables and controls are as they were.
      }
    }
  }

  private void changed(long pa) {
    if (machine.tlb().tables().contains(pa & -4096)) {
      agreeing.clear();
      machine.tlb().askAgain();
    }
  }

  /**
   * A TLB entry has answered.
   *
   * @param last the latest event
   */
  void answered(Pe pe, TlbEntry entry, long address, Access access, @Nullable Event last) {
    Answer answer = new Answer(entry.number(), pe.id(), access.kind(), access.privileged());
    if (last == null || reported.contains(entry.number()) || !agreeing.add(answer)) {
      return;
    }
    Translation walk = walk(pe.id(), entry, address, access);
    Freshness freshness = Staleness.of(observed, entry);
    if (!contradicts(entry, address, walk, freshness)) {
      return;
    }
    List<Long> descriptors = descriptors(walk.lookups());
    if (descriptors.stream().anyMatch(at -> maintenance.isUnderWayElsewhere(pe.id(), at))) {
      agreeing.remove(answer);
      return;
    }
    if (reported.size() == MOST_REPORTED) {
      reported.clear();
    }
    reported.add(entry.number());
    report(pe, entry, address, access, last, descriptors, freshness);
  }

  private Translation walk(int pe, TlbEntry entry, long address, Access access) {
    Stage2Parameters second = observed.second(pe);
    Stage1Tag tag = entry.stage1();
    return tag == null
        ? Stage2Walk.walk(second, address, access, observed.descriptors())
        : TwoStage.translate(
            observed.first(pe, entry.regime()), second, address, access, observed.descriptors());
  }

  /** The memory type is compared as it is for data: fetches have one of their own. */
  private static boolean contradicts(
      TlbEntry entry, long address, Translation walk, Freshness freshness) {
    return switch (walk.outcome()) {
      case Translation.Output now ->
          now.address() != entry.output(address)
              || freshness.differences().stream()
                  .anyMatch(d -> d.kind() == Freshness.Kind.MEMORY_TYPE);
      case Translation.Fault fault -> fault.kind() != FaultKind.ACCESS_FLAG;
    };
  }

  /** Where a walk has read, the last first. */
  private static List<Long> descriptors(List<Lookup> lookups) {
    List<Long> found = new ArrayList<>();
    for (Lookup lookup : lookups.reversed()) {
      if (lookup.verdict() != Lookup.Verdict.UNREACHED) {
        found.add(lookup.descriptorAddress());
      }
      found.addAll(descriptors(lookup.nested()));
    }
    return found;
  }

  private void report(
      Pe pe,
      TlbEntry entry,
      long address,
      Access access,
      Event last,
      List<Long> descriptors,
      Freshness freshness) {
    boolean ipas = entry.stage1() == null;
    String input = (ipas ? "IPA " : "VA ") + Hex.address(address);
    Place about =
        new Place.Input(
            new Place.Owner(ipas ? 2 : 1, entry.regime(), entry.vmid()),
            entry.input(),
            entry.size());
    String what =
        access.kind().words()
            + " at "
            + input
            + " by the instruction at "
            + Hex.address(pe.instructionAddress());
    Place place =
        new Place.Happened(
            last.number(),
            Moment.at(machine.instructions()).onBranch(last.moment().branch()),
            pe.id(),
            what,
            about);
    String words =
        "The TLB entry ("
            + entry.kind().words()
            + ") for "
            + (ipas ? "IPA " : "VA ")
            + Hex.address(entry.input())
            + ", made from the descriptor "
            + Hex.plain(entry.leaf())
            + " at "
            + Hex.address(entry.leafAddress())
            + ", gave PA "
            + Hex.address(entry.output(address))
            + ". "
            + (freshness.isStale()
                ? Report.sentence(freshness.words())
                : "The tables now refuse the access.");
    found.accept(
        new Finding(
            FindingKind.STALE_ENTRY,
            place,
            words + by(entry, descriptors),
            Report.inThisOrder(freshness.mend().steps())));
  }

  private String by(TlbEntry entry, List<Long> descriptors) {
    List<Long> candidates = new ArrayList<>(descriptors);
    candidates.add(entry.leafAddress());
    for (long at : candidates) {
      Authors.Author author = authors.of(at);
      if (author != null) {
        return " The descriptor at " + Hex.address(at) + " was " + author.words() + ".";
      }
    }
    return " No store is on record: the tables are others, or the registers that name them.";
  }
}
