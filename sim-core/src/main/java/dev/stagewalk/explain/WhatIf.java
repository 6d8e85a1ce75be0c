package dev.stagewalk.explain;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a refused walk would have given if one thing had been otherwise. The answer is the walker's:
 * it walks again over the same descriptors with the change laid over them.
 */
final class WhatIf {
  private static final int[] PA_BITS = {32, 36, 40, 42, 44, 48, 52};

  private final Scene scene;
  private final Translation walk;
  private final Stage2Parameters parameters;
  private final LeafBits bits;

  private WhatIf(Scene scene, Translation walk) {
    this.scene = scene;
    this.walk = walk;
    this.parameters = scene.stage2();
    this.bits = new LeafBits(parameters);
  }

  /** Empty where nothing can be computed: other registers by now, or no descriptor to change. */
  static Optional<Counterfactual> of(Scene scene, Translation walk, Translation.Fault fault) {
    WhatIf whatIf = new WhatIf(scene, walk);
    if (fault.stage() != 2 || !scene.stage2().enabled()) {
      return Optional.empty();
    }
    if (heldByTlb(walk, fault)) {
      return walk.vmid() == scene.stage2().vmid()
          ? Optional.of(whatIf.withoutTlb())
          : Optional.empty();
    }
    return scene.fits(walk) ? whatIf.answer(fault) : Optional.empty();
  }

  /** A permission fault without a lookup: the TLB refused, and no walk was made. */
  static boolean heldByTlb(Translation walk, Translation.Fault fault) {
    return walk.lookups().isEmpty()
        && switch (fault.kind()) {
          case PERMISSION -> true;
          case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, EXTERNAL, EXTERNAL_ON_WALK -> false;
          case ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
        };
  }

  private Counterfactual withoutTlb() {
    return new Counterfactual(
        "If the TLB had held no entry, the tables as they stand would have been walked",
        List.of(),
        parameters.vtcr(),
        Stage2Walk.walk(parameters, walk.input(), walk.access(), scene.reader()));
  }

  private Optional<Counterfactual> answer(Translation.Fault fault) {
    return switch (fault.kind()) {
      case TRANSLATION -> walk.lookups().isEmpty() ? otherGeometry() : validEntry();
      case ACCESS_FLAG -> {
        long set = last().descriptor() | LeafBits.ACCESS_FLAG;
        yield Optional.of(
            entry("If the Access flag (bit 10) of this entry were set" + as(set), set));
      }
      case PERMISSION -> permitted();
      case ADDRESS_SIZE -> addressInRange();
      case EXTERNAL_ON_WALK ->
          Optional.of(entry("If memory full of zeros answered at this address", 0));
      case EXTERNAL, ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> Optional.empty();
    };
  }

  private Optional<Counterfactual> permitted() {
    long d = last().descriptor();
    return switch (walk.access().kind()) {
      case READ -> {
        long set = d | LeafBits.S2AP_READ;
        yield Optional.of(entry("If S2AP[0] (bit 6) of this entry were set" + as(set), set));
      }
      case WRITE -> {
        long set = d | LeafBits.S2AP_WRITE;
        yield Optional.of(entry("If S2AP[1] (bit 7) of this entry were set" + as(set), set));
      }
      case ATOMIC -> {
        long set = d | LeafBits.S2AP_READ | LeafBits.S2AP_WRITE;
        yield Optional.of(entry("If S2AP (bits 7:6) of this entry were 0b11" + as(set), set));
      }
      case FETCH -> {
        long clear = d & ~LeafBits.XN_FIELD;
        yield Optional.of(entry("If XN (bits 54:53) of this entry were 0b00" + as(clear), clear));
      }
    };
  }

  private Optional<Counterfactual> validEntry() {
    Lookup last = last();
    long d = last.descriptor();
    if (last.verdict() != Verdict.INVALID) {
      return Optional.empty();
    }
    if ((d & LeafBits.VALID) != 0) {
      long set = d | LeafBits.TABLE_OR_PAGE;
      String kind = last.level() == 3 ? "a page" : "a table";
      return Optional.of(
          entry("If bit 1 of this entry were set too, it would be " + kind + as(set), set));
    }
    boolean page = last.level() == 3;
    if (!page && !parameters.format().blockAllowed(last.level())) {
      return Optional.of(throughNewTables());
    }
    String kind = page ? "a page" : "a block";
    if (d != 0) {
      long valid =
          d & ~LeafBits.TABLE_OR_PAGE
              | (page ? LeafBits.TABLE_OR_PAGE : 0)
              | LeafBits.VALID
              | LeafBits.ACCESS_FLAG;
      return Optional.of(
          entry("If bit 0 of this entry were set, as " + kind + " with AF = 1" + as(valid), valid));
    }
    long pa = bits.identity(walk.input(), last.level());
    long leaf = bits.leaf(pa, last.level(), walk.access());
    return Optional.of(
        entry(
            "If bit 0 of this entry were set and it were "
                + kind
                + " at PA "
                + Hex.address(pa)
                + " with AF = 1, "
                + LeafBits.granted(walk.access())
                + as(leaf),
            leaf));
  }

  /** Where no block can stand: tables down to level 3, at addresses this walk does not use. */
  private Counterfactual throughNewTables() {
    Granule granule = parameters.granule();
    List<Change> changes = new ArrayList<>();
    long at = last().descriptorAddress();
    long fresh = (scene.memory().base() + scene.memory().size()) & -granule.bytes();
    for (int level = last().level() + 1; level <= 3; level++) {
      fresh = below(fresh);
      changes.add(new Change(at, bits.table(fresh)));
      at = fresh + 8L * bits.index(walk.input(), level);
    }
    long pa = bits.identity(walk.input(), 3);
    changes.add(new Change(at, bits.leaf(pa, 3, walk.access())));
    String tables = changes.size() == 2 ? "a new table" : (changes.size() - 1) + " new tables";
    return again(
        "If this entry led through "
            + tables
            + " to a page at PA "
            + Hex.address(pa)
            + " with AF = 1, "
            + LeafBits.granted(walk.access()),
        changes,
        parameters);
  }

  private long below(long address) {
    long candidate = address - parameters.granule().bytes();
    for (Lookup lookup : walk.lookups()) {
      if ((lookup.descriptorAddress() & -parameters.granule().bytes()) == candidate) {
        return below(candidate);
      }
    }
    return candidate;
  }

  private Optional<Counterfactual> addressInRange() {
    int widest = Geometry.widest(parameters.granule(), parameters.features());
    if (parameters.outputBits() < widest) {
      Stage2Parameters wider = withVtcr(withPs(widest));
      return Optional.of(
          again(
              "If VTCR_EL2.PS gave an output size of " + wider.outputBits() + " bits",
              List.of(),
              wider));
    }
    if (walk.lookups().isEmpty() || last().verdict() != Verdict.REFUSED) {
      return Optional.empty();
    }
    long cut = bits.withinOutputSize(last().descriptor());
    return Optional.of(
        entry(
            "If the address in this entry had no bits from bit "
                + parameters.outputBits()
                + " up"
                + as(cut),
            cut));
  }

  private long withPs(int paBits) {
    long ps = 0;
    for (int i = 0; i < PA_BITS.length; i++) {
      if (PA_BITS[i] == paBits) {
        ps = i;
      }
    }
    return parameters.vtcr() & ~(7L << 16) | ps << 16;
  }

  /** The VTCR_EL2 nearest to the present one that is legal and wide enough for the IPA. */
  private Optional<Counterfactual> otherGeometry() {
    Optional<Geometry> legal = legalGeometry(parameters, walk.input());
    return legal.map(geometry ->
        again(
            "With VTCR_EL2 = "
                + Hex.full(geometry.vtcr())
                + " ("
                + geometry.ipaBits()
                + "-bit IPAs from level "
                + geometry.startLevel()
                + ") and the same VTTBR_EL2",
            List.of(),
            withVtcr(geometry.vtcr())));
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
    return Stage2Parameters.decode(
        vtcr, parameters.vttbr(), parameters.hcr(), parameters.features());
  }

  private Counterfactual entry(String condition, long descriptor) {
    return again(
        condition, List.of(new Change(last().descriptorAddress(), descriptor)), parameters);
  }

  private Counterfactual again(String condition, List<Change> changes, Stage2Parameters with) {
    DescriptorReader before = scene.readerOf(walk);
    DescriptorReader after =
        pa -> {
          for (Change change : changes) {
            if (change.pa() == pa) {
              return change.value();
            }
          }
          return before.read(pa);
        };
    Translation result = Stage2Walk.walk(with, walk.input(), walk.access(), after);
    return new Counterfactual(condition, changes, with.vtcr(), result);
  }

  private Lookup last() {
    return walk.lookups().getLast();
  }

  private static String as(long descriptor) {
    return " (" + Hex.full(descriptor) + ")";
  }
}
