package dev.stagewalk.explain;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.check.Mend;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Remedy;
import dev.stagewalk.mmu.Features.HardwareUpdates;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a hypervisor may do about a stage-2 fault, with the stores and TLBIs it would issue. */
final class Remedies {
  private static final String RETRY = "ERET with ELR_EL2 as it is: the instruction is tried again";
  private static final String NOT_CACHED =
      "No TLBI: a TLB never holds an entry that gave this kind of fault.";

  private final Stage2Parameters parameters;
  private final Translation walk;
  private final Translation.Fault fault;
  private final LeafBits bits;
  private final List<Remedy> remedies = new ArrayList<>();

  private Remedies(Stage2Parameters parameters, Translation walk, Translation.Fault fault) {
    this.parameters = parameters;
    this.walk = walk;
    this.fault = fault;
    this.bits = new LeafBits(parameters);
  }

  /** For a fault of stage 2. */
  static List<Remedy> of(Scene scene, Translation walk, Translation.Fault fault) {
    if (WhatIf.refusedByTlb(scene, walk, fault)) {
      return heldByTlb(scene, walk, fault);
    }
    return new Remedies(scene.stage2(), walk.lastStage2().orElse(walk), fault).find();
  }

  private List<Remedy> find() {
    switch (fault.kind()) {
      case TRANSLATION -> translation();
      case ACCESS_FLAG -> accessFlag();
      case PERMISSION -> permission();
      case ADDRESS_SIZE -> addressSize();
      case EXTERNAL_ON_WALK -> noTable();
      case TLB_CONFLICT ->
          may(
              "Empty the TLB",
              "Entries for one address contradict each other, as a change without"
                  + " break-before-make leaves them.",
              List.of("TLBI VMALLS12E1IS", "DSB ISH", "ISB", RETRY));
      case ALIGNMENT -> normalMemory();
      case EXTERNAL, UNSUPPORTED_EXCLUSIVE -> {
        // Nothing in the tables mends these.
      }
    }
    return remedies;
  }

  /** A change of the memory type of a live entry must go through invalid. */
  private void normalMemory() {
    if (walk.lookups().isEmpty()) {
      return;
    }
    Lookup last = walk.lookups().getLast();
    List<String> operations =
        new ArrayList<>(
            Maintenance.breakBeforeMake(
                last.descriptorAddress(),
                Wording.descriptor(bits.asNormal(last.descriptor())),
                walk.vmid(),
                fault.ipa()));
    operations.add(RETRY);
    may(
        "Map it as Normal memory",
        "If memory lies behind it. The memory type changes, so the entry must go through invalid"
            + " (break-before-make).",
        operations);
  }

  private void translation() {
    if (walk.lookups().isEmpty()) {
      if (parameters.walkable()) {
        widerIpa();
      } else {
        legalControls();
      }
      return;
    }
    Lookup last = walk.lookups().getLast();
    mapPage(last);
    if (last.level() < 3
        && parameters.format().blockAllowed(last.level())
        && last.verdict() == Verdict.INVALID) {
      long size = 1L << parameters.granule().levelShift(last.level());
      may(
          "Map a block",
          "One entry of level " + last.level() + " maps " + Size.words(size) + ". " + NOT_CACHED,
          List.of(
              "allocate " + Size.words(size) + " of memory, aligned to its size: PA P",
              Maintenance.store(
                  last.descriptorAddress(),
                  "P | " + Hex.plain(bits.leaf(0, last.level(), walk.access()))),
              "DSB ISHST",
              RETRY));
    }
  }

  private void mapPage(Lookup last) {
    Granule granule = parameters.granule();
    String leaf = "P | " + Hex.plain(bits.leaf(0, 3, walk.access()));
    List<String> operations = new ArrayList<>();
    operations.add(
        "allocate a page of "
            + Size.words(granule.bytes())
            + ", filled with zeros: PA P, for IPA "
            + Hex.address(fault.ipa() & -granule.bytes()));
    if (last.level() == 3) {
      operations.add(Maintenance.store(last.descriptorAddress(), leaf));
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
      operations.add("store T3[" + bits.index(fault.ipa(), 3) + "] = " + leaf);
      for (int level = 2; level > last.level(); level--) {
        operations.add(
            "store T"
                + level
                + "["
                + bits.index(fault.ipa(), level)
                + "] = T"
                + (level + 1)
                + " | 0x3");
      }
      operations.add("DSB ISHST, so that no walker meets an unfinished table");
      operations.add(
          Maintenance.store(last.descriptorAddress(), "T" + (last.level() + 1) + " | 0x3"));
    }
    operations.add("DSB ISHST, so that the walker sees the entry");
    operations.add(RETRY);
    String why =
        fault.onStage1Walk()
            ? "The page with the guest's stage-1 table is missing. "
            : "Demand paging: the guest gets memory where it touched none. ";
    may("Map a page", why + NOT_CACHED, operations);
  }

  private void widerIpa() {
    may(
        "Refuse",
        "No entry can map an IPA beyond "
            + parameters.inputBits()
            + " bits: the guest uses an address that it was not given.",
        List.of());
    Optional<Geometry> wider = Stage2WhatIf.legalGeometry(parameters, fault.ipa());
    wider.ifPresent(geometry ->
        may(
            "Give the guest a wider IPA space",
            "New tables and VTCR_EL2 are needed, made while the guest does not run.",
            newGeometry(geometry)));
  }

  private void legalControls() {
    Optional<Geometry> legal = Stage2WhatIf.legalGeometry(parameters, fault.ipa());
    legal.ifPresent(geometry ->
        may(
            "Write a legal VTCR_EL2",
            "With the present one every access of the guest faults, its first fetch too.",
            newGeometry(geometry)));
  }

  private List<String> newGeometry(Geometry geometry) {
    return List.of(
        "build tables from level "
            + geometry.startLevel()
            + ": a root of "
            + Size.words(geometry.rootBytes())
            + ", aligned to "
            + Size.words(geometry.rootAlignment()),
        "write VTCR_EL2 = " + Hex.full(geometry.within(parameters.vtcr(), parameters.features())),
        "write VTTBR_EL2 = the root and the guest's VMID",
        "ISB",
        "TLBI VMALLS12E1IS",
        "DSB ISH",
        "ISB",
        RETRY);
  }

  private void accessFlag() {
    Lookup last = walk.lookups().getLast();
    may(
        "Set the Access flag",
        "The page was used: that is what a hypervisor that ages pages wants to know. " + NOT_CACHED,
        List.of(
            Maintenance.store(last.descriptorAddress(), last.descriptor() | LeafBits.ACCESS_FLAG),
            "DSB ISHST",
            RETRY));
    if (parameters.features().hardwareUpdates() != HardwareUpdates.NONE) {
      may(
          "Let the hardware set it",
          "With VTCR_EL2.HA = 1 this PE sets Access flags by itself, and does not fault.",
          List.of(
              "write VTCR_EL2 = " + Hex.full(parameters.vtcr() | 1L << 21),
              "ISB",
              "TLBI VMALLS12E1IS",
              "DSB ISH",
              "ISB"));
    }
  }

  private void permission() {
    Lookup last = walk.lookups().getLast();
    long d = last.descriptor();
    long entry = last.descriptorAddress();
    boolean fetch = walk.access().kind() == Access.Kind.FETCH;
    if (bits.walkFromDevice(d, walk.access(), fault)) {
      normalMemory();
      may(
          "Let stage 1 walk Device memory",
          "With HCR_EL2.PTW = 0 it may.",
          List.of(
              "write HCR_EL2 = " + Hex.full(parameters.hcr() & ~(1L << 2)),
              "ISB",
              "TLBI VMALLS12E1IS",
              "DSB ISH",
              "ISB",
              RETRY));
      return;
    }
    long allowed =
        switch (walk.access().kind()) {
          case READ -> d | LeafBits.S2AP_READ;
          case WRITE -> d | LeafBits.S2AP_WRITE;
          case ATOMIC -> d | LeafBits.S2AP_READ | LeafBits.S2AP_WRITE;
          case FETCH -> d & ~LeafBits.XN_FIELD;
        };
    List<String> relax =
        new ArrayList<>(Maintenance.changeInPlace(entry, allowed, walk.vmid(), fault.ipa()));
    relax.add(RETRY);
    may(
        fetch ? "Allow execution" : "Allow the access",
        "Only permissions change, so break-before-make is not needed; but a TLB may hold the entry"
            + " that refused, so a TLBI is.",
        relax);
    if (writes()) {
      long size = 1L << parameters.granule().levelShift(last.level());
      List<String> copy = new ArrayList<>();
      copy.add(
          "copy the "
              + Size.words(size)
              + " at PA "
              + Hex.address(output(d, last.level()))
              + " to new memory: PA P");
      copy.addAll(
          Maintenance.breakBeforeMake(
              entry,
              "P | " + Hex.plain(bits.leaf(0, last.level(), walk.access())),
              walk.vmid(),
              fault.ipa()));
      copy.add(RETRY);
      may(
          "Copy on write",
          "The output address changes, so the entry must go through invalid (break-before-make).",
          copy);
      may(
          "Note the page as dirty",
          "For migration: note the IPA, then allow the access as above.",
          List.of());
    }
  }

  private boolean writes() {
    return switch (walk.access().kind()) {
      case WRITE, ATOMIC -> true;
      case READ, FETCH -> false;
    };
  }

  private long output(long descriptor, int level) {
    return parameters.format().leafAddress(descriptor, level);
  }

  /** What the tables say by now decides whether they or only the TLB must change. */
  private static List<Remedy> heldByTlb(Scene scene, Translation hit, Translation.Fault fault) {
    Stage2Parameters parameters = scene.stage2();
    if (WhatIf.sameContext(scene, hit)) {
      Translation now = Rewalk.withTables(scene, hit, scene.reader()).go();
      if (now.outcome() instanceof Translation.Fault refusal
          && refusal.stage() == 2
          && !now.lookups().isEmpty()) {
        return new Remedies(parameters, now.lastStage2().orElse(now), refusal).find();
      }
    }
    List<String> forget = new ArrayList<>(Mend.ofStage2(hit.vmid(), fault.ipa()).steps());
    forget.add(RETRY);
    return List.of(
        new Remedy(
            "Make the TLB forget",
            "If the tables allow this access by now, the entry in the TLB is stale: the TLBI after"
                + " the change is missing.",
            forget));
  }

  private void addressSize() {
    if (walk.lookups().isEmpty()) {
      may(
          "Write a VTTBR_EL2 that exists",
          "The root must lie within the output size of " + parameters.outputBits() + " bits.",
          List.of("write VTTBR_EL2", "ISB", "TLBI VMALLS12E1IS", "DSB ISH", "ISB", RETRY));
      return;
    }
    Lookup last = walk.lookups().getLast();
    may(
        "Store an address that exists",
        "Addresses in this entry have at most " + parameters.outputBits() + " bits. " + NOT_CACHED,
        List.of(
            Maintenance.store(last.descriptorAddress(), "a descriptor with a valid address"),
            "DSB ISHST",
            RETRY));
  }

  private void noTable() {
    if (walk.lookups().size() < 2) {
      may(
          "Write a VTTBR_EL2 that names memory",
          "No memory answers at the root.",
          List.of("write VTTBR_EL2", "ISB", "TLBI VMALLS12E1IS", "DSB ISH", "ISB", RETRY));
      return;
    }
    Lookup parent = walk.lookups().get(walk.lookups().size() - 2);
    List<String> operations =
        new ArrayList<>(
            Maintenance.breakBeforeMake(
                parent.descriptorAddress(),
                "a table that exists | 0x3",
                walk.vmid(),
                fault.ipa() & -(1L << parent.indexLow())));
    operations.add(RETRY);
    may(
        "Mend the entry above",
        "Entry "
            + parent.index()
            + " of level "
            + parent.level()
            + " is valid and may be cached, so it must go through invalid (break-before-make).",
        operations);
  }

  private void may(String title, String sentence, List<String> operations) {
    remedies.add(new Remedy(title, sentence, operations));
  }
}
