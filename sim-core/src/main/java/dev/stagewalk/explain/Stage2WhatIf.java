package dev.stagewalk.explain;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What would have happened had stage 2 not refused. */
final class Stage2WhatIf {
  private static final int[] PA_BITS = {32, 36, 40, 42, 44, 48, 52};

  private final Scene scene;
  private final Rewalk again;
  private final Translation.Fault fault;
  private final Stage2Parameters parameters;
  private final LeafBits bits;
  private final FaultPlace place;
  private final Set<Long> used;

  /** What stage 2 was asked for: the access, or the read or update of a stage-1 descriptor. */
  private final Access wanted;

  Stage2WhatIf(Scene scene, Rewalk again, Translation walk, Translation.Fault fault) {
    this.scene = scene;
    this.again = again;
    this.fault = fault;
    this.parameters = again.second();
    this.bits = new LeafBits(parameters);
    this.place = FaultPlace.of(walk, fault);
    this.used = FaultPlace.addressesOf(walk);
    this.wanted = walk.lastStage2().map(Translation::access).orElse(walk.access());
  }

  Optional<Counterfactual> answer() {
    if (place.lookup().isEmpty()) {
      return switch (fault.kind()) {
        case TRANSLATION -> otherGeometry();
        case ADDRESS_SIZE -> widerOutput();
        case ACCESS_FLAG, PERMISSION, EXTERNAL, EXTERNAL_ON_WALK -> Optional.empty();
        case ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> Optional.empty();
      };
    }
    Lookup last = place.lookup().get();
    return switch (fault.kind()) {
      case TRANSLATION -> validEntry(last);
      case ACCESS_FLAG ->
          entry(
              last,
              "If the Access flag (bit 10) of this entry were set",
              last.descriptor() | LeafBits.ACCESS_FLAG);
      case PERMISSION -> permitted(last);
      case ADDRESS_SIZE -> addressInRange(last);
      case EXTERNAL_ON_WALK ->
          Optional.of(
              WhatIf.changed(
                  "If memory full of zeros answered at this address",
                  List.of(new Change(last.descriptorAddress(), 0)),
                  again));
      case ALIGNMENT -> normalMemory(last);
      case EXTERNAL, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> Optional.empty();
    };
  }

  private Optional<Counterfactual> permitted(Lookup last) {
    long d = last.descriptor();
    if (bits.walkFromDevice(d, wanted, fault)) {
      return normalMemory(last);
    }
    return switch (wanted.kind()) {
      case READ -> entry(last, "If S2AP[0] (bit 6) of this entry were set", d | LeafBits.S2AP_READ);
      case WRITE ->
          entry(last, "If S2AP[1] (bit 7) of this entry were set", d | LeafBits.S2AP_WRITE);
      case ATOMIC ->
          entry(
              last,
              "If S2AP (bits 7:6) of this entry were 0b11",
              d | LeafBits.S2AP_READ | LeafBits.S2AP_WRITE);
      case FETCH ->
          entry(last, "If XN (bits 54:53) of this entry were 0b00", d & ~LeafBits.XN_FIELD);
    };
  }

  private Optional<Counterfactual> normalMemory(Lookup last) {
    return entry(
        last,
        "If MemAttr (bits 5:2) of this entry were " + bits.normalWords() + ", Normal Write-Back",
        bits.asNormal(last.descriptor()));
  }

  private Optional<Counterfactual> validEntry(Lookup last) {
    long d = last.descriptor();
    if (last.verdict() != Verdict.INVALID) {
      return Optional.empty();
    }
    if ((d & LeafBits.VALID) != 0) {
      String kind = last.level() == 3 ? "a page" : "a table";
      return entry(
          last,
          "If bit 1 of this entry were set too, it would be " + kind,
          d | LeafBits.TABLE_OR_PAGE);
    }
    boolean page = last.level() == 3;
    if (!page && !parameters.format().blockAllowed(last.level())) {
      return Optional.of(throughNewTables(last));
    }
    String kind = page ? "a page" : "a block";
    if (d != 0) {
      long valid =
          d & ~LeafBits.TABLE_OR_PAGE
              | (page ? LeafBits.TABLE_OR_PAGE : 0)
              | LeafBits.VALID
              | LeafBits.ACCESS_FLAG;
      return entry(last, "If bit 0 of this entry were set, as " + kind + " with AF = 1", valid);
    }
    long pa = bits.identity(fault.ipa(), last.level());
    return entry(
        last,
        "If bit 0 of this entry were set and it were "
            + kind
            + " at PA "
            + Hex.address(pa)
            + " with AF = 1, "
            + LeafBits.granted(wanted),
        bits.leaf(pa, last.level(), wanted));
  }

  /** Where no block can stand: tables down to level 3, at addresses this walk does not use. */
  private Counterfactual throughNewTables(Lookup last) {
    Granule granule = parameters.granule();
    List<Change> changes = new ArrayList<>();
    long at = last.descriptorAddress();
    long fresh = scene.memoryEnd() & -granule.bytes();
    for (int level = last.level() + 1; level <= 3; level++) {
      fresh = below(fresh, granule, used);
      changes.add(new Change(at, bits.table(fresh)));
      at = fresh + 8L * bits.index(fault.ipa(), level);
    }
    long pa = bits.identity(fault.ipa(), 3);
    changes.add(new Change(at, bits.leaf(pa, 3, wanted)));
    String tables = changes.size() == 2 ? "a new table" : (changes.size() - 1) + " new tables";
    return WhatIf.changed(
        "If this entry led through "
            + tables
            + " to a page at PA "
            + Hex.address(pa)
            + " with AF = 1, "
            + LeafBits.granted(wanted),
        changes,
        again);
  }

  /** The next place for a table below an address, where a walk has read nothing. */
  static long below(long address, Granule granule, Set<Long> used) {
    long candidate = address - granule.bytes();
    boolean free = used.stream().noneMatch(at -> (at & -granule.bytes()) == candidate);
    return free ? candidate : below(candidate, granule, used);
  }

  private Optional<Counterfactual> addressInRange(Lookup last) {
    Optional<Counterfactual> wider = widerOutput();
    if (wider.isPresent() || last.verdict() != Verdict.REFUSED) {
      return wider;
    }
    return entry(
        last,
        "If the address in this entry had no bits from bit " + parameters.outputBits() + " up",
        bits.withinOutputSize(last.descriptor()));
  }

  private Optional<Counterfactual> widerOutput() {
    int widest = Geometry.widest(parameters.granule(), parameters.features());
    if (parameters.outputBits() >= widest) {
      return Optional.empty();
    }
    long vtcr = parameters.vtcr() & ~(7L << 16) | (long) code(widest) << 16;
    Stage2Parameters wider = withVtcr(vtcr);
    return Optional.of(
        controls("If VTCR_EL2.PS gave an output size of " + wider.outputBits() + " bits", wider));
  }

  /** The encoding of an address size in PS and IPS. */
  static int code(int paBits) {
    int code = 0;
    for (int i = 0; i < PA_BITS.length; i++) {
      if (PA_BITS[i] == paBits) {
        code = i;
      }
    }
    return code;
  }

  /** The VTCR_EL2 nearest to the present one that is legal and wide enough for the IPA. */
  private Optional<Counterfactual> otherGeometry() {
    return legalGeometry(parameters, fault.ipa())
        .map(geometry -> {
          long vtcr = geometry.within(parameters.vtcr(), parameters.features());
          return controls(
              "With VTCR_EL2 = "
                  + Hex.full(vtcr)
                  + " ("
                  + geometry.ipaBits()
                  + "-bit IPAs from level "
                  + geometry.startLevel()
                  + ") and the same VTTBR_EL2",
              withVtcr(vtcr));
        });
  }

  /**
   * The legal geometry nearest to the present controls that takes an IPA in: as wide as it is now,
   * or as the IPA needs if the width was what was wrong; from the same start level if possible.
   */
  static Optional<Geometry> legalGeometry(Stage2Parameters parameters, long ipa) {
    Granule granule = parameters.granule();
    int needed = 64 - Long.numberOfLeadingZeros(ipa);
    int widest = Geometry.widest(granule, parameters.features());
    int size =
        Math.max(needed, Math.min(widest, parameters.walkable() ? 0 : parameters.inputBits()));
    for (; size <= widest; size++) {
      List<Geometry> legal = Geometry.legal(granule, size, parameters.features());
      for (Geometry geometry : legal) {
        if (geometry.startLevel() == parameters.startLevel()) {
          return Optional.of(geometry);
        }
      }
      if (!legal.isEmpty()) {
        return Optional.of(legal.getFirst());
      }
    }
    return Optional.empty();
  }

  private Stage2Parameters withVtcr(long vtcr) {
    return parameters.with(vtcr, parameters.vttbr(), parameters.hcr());
  }

  private Counterfactual controls(String condition, Stage2Parameters other) {
    return new Counterfactual(
        condition, List.of(), Map.of("VTCR_EL2", other.vtcr()), again.with(other).go());
  }

  private Optional<Counterfactual> entry(Lookup last, String condition, long descriptor) {
    return Optional.of(
        WhatIf.changed(
            condition + " (" + Hex.full(descriptor) + ")",
            List.of(new Change(last.descriptorAddress(), descriptor)),
            again));
  }
}
