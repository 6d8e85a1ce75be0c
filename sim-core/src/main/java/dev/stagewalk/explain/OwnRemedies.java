package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.check.Mend;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Remedy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the owner of stage-1 tables may do about a fault of stage 1: the guest's operating system at
 * EL1, or the hypervisor for its own accesses.
 */
final class OwnRemedies {
  private static final String NOT_CACHED =
      "No TLBI: a TLB never holds an entry that gave this kind of fault.";

  private final Stage1Parameters parameters;
  private final Stage1Range range;
  private final Stage1Bits bits;
  private final Translation walk;
  private final FaultPlace place;
  private final String retry;
  private final boolean underStage2;
  private final List<Remedy> remedies = new ArrayList<>();

  private OwnRemedies(Scene scene, Translation walk, Translation.Fault fault) {
    this.parameters = scene.stage1(WhatIf.regime(walk));
    this.range = parameters.rangeOf(walk.input());
    this.bits = new Stage1Bits(parameters, range);
    this.walk = walk;
    this.place = FaultPlace.of(walk, fault);
    String el = "EL" + (WhatIf.regime(walk) == Regime.EL1_0 ? 1 : 2);
    this.retry = "ERET with ELR_" + el + " as it is: the instruction is tried again";
    this.underStage2 = WhatIf.regime(walk) == Regime.EL1_0 && scene.stage2().enabled();
  }

  /** Who owns the tables of a walk. */
  static String mender(Translation walk) {
    return WhatIf.regime(walk) == Regime.EL1_0 ? Explanation.GUEST_OS : Explanation.HYPERVISOR;
  }

  static List<Remedy> of(Scene scene, Translation walk, Translation.Fault fault) {
    if (WhatIf.refusedByTlb(scene, walk, fault)) {
      return refusedByTlb(scene, walk, fault);
    }
    OwnRemedies own = new OwnRemedies(scene, walk, fault);
    own.find(fault);
    return own.remedies;
  }

  /** What the tables say by now decides whether they or only the TLB must change. */
  private static List<Remedy> refusedByTlb(Scene scene, Translation hit, Translation.Fault fault) {
    if (WhatIf.sameContext(scene, hit)) {
      Translation now = Rewalk.withTables(scene, hit, scene.reader()).go();
      if (now.outcome() instanceof Translation.Fault refusal
          && refusal.stage() == 1
          && !now.lookups().isEmpty()) {
        OwnRemedies own = new OwnRemedies(scene, now, refusal);
        own.find(refusal);
        return own.remedies;
      }
    }
    OwnRemedies own = new OwnRemedies(scene, hit, fault);
    own.forget();
    own.signal();
    return own.remedies;
  }

  private void forget() {
    List<String> forget = new ArrayList<>(forgetting());
    forget.add(retry);
    may(
        "Make the TLB forget",
        "If the tables allow this access by now, the entry in the TLB is stale: the TLBI after the"
            + " change is missing.",
        forget);
  }

  private void find(Translation.Fault fault) {
    Optional<Lookup> last = place.lookup();
    if (last.isEmpty()) {
      withoutLookup(fault);
      return;
    }
    switch (fault.kind()) {
      case TRANSLATION -> mapPage(last.get());
      case ACCESS_FLAG ->
          may(
              "Set the Access flag",
              "The page was used: that is what an operating system that ages pages wants to know. "
                  + NOT_CACHED,
              List.of(
                  store(last.get(), last.get().descriptor() | Stage1Bits.ACCESS_FLAG),
                  "DSB ISHST",
                  retry));
      case PERMISSION -> permission(last.get());
      case ADDRESS_SIZE ->
          may(
              "Store an address that exists",
              "Addresses in this entry have at most " + range.outputBits() + " bits. " + NOT_CACHED,
              List.of(
                  slot(last.get()) + " = a descriptor with a valid address", "DSB ISHST", retry));
      case EXTERNAL_ON_WALK -> noTable();
      case ALIGNMENT -> normalMemory(last.get());
      case EXTERNAL, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> {
        // No walk of stage 1 ends so.
      }
    }
    signal();
  }

  private void withoutLookup(Translation.Fault fault) {
    if (fault.kind() == FaultKind.ADDRESS_SIZE && parameters.enabled()) {
      may(
          "Write a TTBR that exists",
          "The first table must lie within the output size of " + range.outputBits() + " bits.",
          List.of("write " + ttbrName(), "ISB", tlbiAll(), "DSB ISH", "ISB", retry));
    }
    signal();
  }

  private String ttbrName() {
    return (range.upper() ? "TTBR1_" : "TTBR0_") + parameters.registers().suffix();
  }

  private String tlbiAll() {
    return parameters.regime() == Regime.EL1_0 ? "TLBI VMALLE1IS" : "TLBI ALLE2IS";
  }

  /** What makes TLBs forget the VA; a guest knows no VMID. */
  private List<String> forgetting() {
    return Mend.ofStage1(parameters.regime(), -1, parameters.asid(), walk.input()).steps();
  }

  /** An entry as its owner addresses it. */
  private String slot(Lookup lookup) {
    return underStage2
        ? "store [IPA " + Hex.address(lookup.table() + 8L * lookup.index()) + "]"
        : "store [" + Hex.address(lookup.descriptorAddress()) + "]";
  }

  private String store(Lookup lookup, long value) {
    return slot(lookup) + " = " + Wording.descriptor(value);
  }

  private void mapPage(Lookup last) {
    Granule granule = range.granule();
    String leaf = "P | " + Hex.plain(bits.leaf(0, 3, walk.access()));
    List<String> operations = new ArrayList<>();
    operations.add(
        "allocate a page of "
            + Size.words(granule.bytes())
            + ", filled with zeros: "
            + (underStage2 ? "IPA P" : "PA P")
            + ", for VA "
            + Hex.address(walk.input() & -granule.bytes()));
    if (last.level() == 3) {
      operations.add(slot(last) + " = " + leaf);
    } else {
      int tables = 3 - last.level();
      operations.add(
          tables == 1
              ? "allocate a table, filled with zeros: T3"
              : "allocate "
                  + tables
                  + " tables, filled with zeros: T"
                  + (last.level() + 1)
                  + " to T3");
      operations.add("store T3[" + bits.index(walk.input(), 3) + "] = " + leaf);
      for (int level = 2; level > last.level(); level--) {
        operations.add(
            "store T"
                + level
                + "["
                + bits.index(walk.input(), level)
                + "] = T"
                + (level + 1)
                + " | 0x3");
      }
      operations.add("DSB ISHST, so that no walker meets an unfinished table");
      operations.add(slot(last) + " = T" + (last.level() + 1) + " | 0x3");
    }
    operations.add("DSB ISHST, so that the walker sees the entry");
    operations.add(retry);
    may(
        "Map a page",
        "Demand paging: the program gets memory where it touched none. " + NOT_CACHED,
        operations);
  }

  private void permission(Lookup last) {
    boolean fetch = walk.access().kind() == Access.Kind.FETCH;
    boolean privileged = walk.access().privileged();
    long d = last.descriptor();
    long allowed =
        fetch
            ? d & ~(privileged && parameters.hasEl0() ? Stage1Bits.PXN : Stage1Bits.UXN)
            : d & (walk.access().kind() == Access.Kind.READ ? -1L : ~Stage1Bits.READ_ONLY)
                | (privileged ? 0 : Stage1Bits.EL0_ACCESS);
    if (walk.access().pan() && allowed == d) {
      may(
          "Mean it",
          "PSTATE.PAN keeps EL1 from what EL0 can reach. Code that shall reach it clears PAN first,"
              + " or uses LDTR and STTR.",
          List.of("MSR PAN, #0", "the access", "MSR PAN, #1"));
      return;
    }
    if (allowed != d) {
      List<String> relax = new ArrayList<>();
      relax.add(store(last, allowed));
      relax.addAll(forgetting());
      relax.add(retry);
      may(
          fetch ? "Allow execution" : "Allow the access",
          "Only permissions change, so break-before-make is not needed; but a TLB may hold the"
              + " entry that refused, so a TLBI is.",
          relax);
    } else {
      may(
          "Change what else forbids it",
          "The entry itself allows this: a table above it, SCTLR_ELx.WXN, or that EL0 can write"
              + " here forbids it.",
          List.of());
    }
    if (!fetch && walk.access().kind() != Access.Kind.READ) {
      List<String> copy = new ArrayList<>();
      copy.add(
          "copy the "
              + Size.words(1L << range.granule().levelShift(last.level()))
              + " at "
              + (underStage2 ? "IPA " : "PA ")
              + Hex.address(range.format().leafAddress(d, last.level()))
              + " to new memory: P");
      copy.addAll(
          breakBeforeMake(last, "P | " + Hex.plain(bits.leaf(0, last.level(), walk.access()))));
      may(
          "Copy on write",
          "The output address changes, so the entry must go through invalid (break-before-make).",
          copy);
    }
  }

  private List<String> breakBeforeMake(Lookup entry, String value) {
    List<String> operations = new ArrayList<>();
    operations.add(store(entry, 0) + " (break)");
    operations.addAll(forgetting());
    operations.add(slot(entry) + " = " + value + " (make)");
    operations.add("DSB ISHST");
    operations.add(retry);
    return operations;
  }

  private void normalMemory(Lookup last) {
    int index = bits.normalIndex();
    may(
        "Use aligned accesses",
        "Device memory takes no others: a driver must not use memcpy and the like on it.",
        List.of());
    if (index >= 0) {
      may(
          "Map it as Normal memory",
          "If memory lies behind it. The memory type changes, so the entry must go through invalid"
              + " (break-before-make).",
          breakBeforeMake(last, Wording.descriptor(bits.withAttribute(last.descriptor(), index))));
    }
  }

  private void noTable() {
    Optional<Lookup> above = place.above();
    if (above.isEmpty()) {
      may(
          "Write a TTBR that names memory",
          "No memory answers at the first table.",
          List.of("write " + ttbrName(), "ISB", tlbiAll(), "DSB ISH", "ISB", retry));
      return;
    }
    may(
        "Mend the entry above",
        "Entry "
            + above.get().index()
            + " of level "
            + above.get().level()
            + " is valid and may be cached, so it must go through invalid (break-before-make).",
        breakBeforeMake(above.get(), "a table that exists | 0x3"));
  }

  private void signal() {
    String who = walk.access().privileged() ? "kernel" : "program";
    may(
        "End the " + who,
        walk.access().privileged()
            ? "A fault of its own that it does not expect is a bug of the kernel."
            : "An access that the program has no right to ends it: a segmentation fault.",
        List.of());
  }

  /** Where no walk ended in the abort. */
  static List<Remedy> withoutWalk(Scene scene, ExceptionTaken taken, Optional<FaultKind> kind) {
    boolean el1 = taken.toEl() == 1;
    String retry = "ERET with ELR_EL" + taken.toEl() + " as it is: the instruction is tried again";
    List<Remedy> found = new ArrayList<>();
    switch (kind.orElse(FaultKind.TRANSLATION)) {
      case ALIGNMENT -> {
        found.add(new Remedy("Use aligned accesses", "Then nothing is refused.", List.of()));
        if (el1 && !scene.stage1On()) {
          found.add(
              new Remedy(
                  "Turn stage 1 on",
                  "While it is off all data is Device memory, which takes aligned accesses only.",
                  List.of("write MAIR_EL1, TCR_EL1, TTBR0_EL1", "ISB", "SCTLR_EL1.M = 1", "ISB")));
        }
      }
      case UNSUPPORTED_EXCLUSIVE ->
          found.add(
              new Remedy(
                  "Map it as Normal Write-Back memory",
                  "Exclusive and atomic accesses belong there. A change of the memory type of a"
                      + " live entry must go through invalid (break-before-make).",
                  List.of()));
      case TLB_CONFLICT ->
          found.add(
              new Remedy(
                  "Empty the TLB",
                  "Entries for one address contradict each other; which is right cannot be told.",
                  List.of(el1 ? "TLBI VMALLE1IS" : "TLBI ALLE2IS", "DSB ISH", "ISB", retry)));
      case EXTERNAL ->
          found.add(
              new Remedy(
                  "Map what answers",
                  "The output address of the entry is one where nothing is.",
                  List.of()));
      case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ON_WALK -> {
        // The syndrome alone names no entry.
      }
    }
    found.add(
        new Remedy(
            taken.fromEl() == 0 ? "End the program" : "End the kernel",
            taken.fromEl() == 0
                ? "An access that the program has no right to ends it."
                : "A fault of its own that it does not expect is a bug.",
            List.of()));
    return found;
  }

  private void may(String title, String sentence, List<String> operations) {
    remedies.add(new Remedy(title, sentence, operations));
  }
}
