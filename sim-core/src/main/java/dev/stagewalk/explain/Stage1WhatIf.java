package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What would have happened had stage 1 not refused. */
final class Stage1WhatIf {
  /** Pages around the tables in which a place for a new one is looked for. */
  private static final int MOST_PLACES = 256;

  private static final int WIDEST = 52;

  private final Scene scene;
  private final Rewalk again;
  private final Translation walk;
  private final Translation.Fault fault;
  private final Stage1Range range;
  private final Stage1Bits bits;
  private final FaultPlace place;

  Stage1WhatIf(Scene scene, Rewalk again, Translation walk, Translation.Fault fault) {
    this.scene = scene;
    this.again = again;
    this.walk = walk;
    this.fault = fault;
    this.range = again.stage1().rangeOf(walk.input());
    this.bits = new Stage1Bits(again.stage1(), range);
    this.place = FaultPlace.of(walk, fault);
  }

  Optional<Counterfactual> answer() {
    if (place.lookup().isEmpty()) {
      return switch (fault.kind()) {
        case TRANSLATION -> otherControls();
        case ADDRESS_SIZE -> again.stage1().enabled() ? rootInRange() : smallerVa();
        case ALIGNMENT -> aligned();
        case ACCESS_FLAG, PERMISSION, EXTERNAL, EXTERNAL_ON_WALK -> Optional.empty();
        case TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> Optional.empty();
      };
    }
    Lookup last = place.lookup().get();
    return switch (fault.kind()) {
      case TRANSLATION -> validEntry(last);
      case ACCESS_FLAG ->
          entry(
              last,
              "If the Access flag (bit 10) of this entry were set",
              last.descriptor() | Stage1Bits.ACCESS_FLAG);
      case PERMISSION -> Optional.of(permitted(last));
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

  // Controls.

  private String tcrName() {
    return "TCR_" + again.stage1().registers().suffix();
  }

  private Counterfactual withTcr(String condition, long tcr) {
    return new Counterfactual(
        condition, List.of(), Map.of(tcrName(), tcr), again.withTcr(tcr).go());
  }

  /** The walk does not even begin: it would with another TCR_ELx, or with another VA. */
  private Optional<Counterfactual> otherControls() {
    long tcr = again.stage1().registers().tcr();
    String condition = "If " + tcrName();
    List<Counterfactual> candidates = new ArrayList<>();
    boolean disabled = range.walksDisabled();
    if (disabled || (range.notForEl0() && !walk.access().privileged())) {
      String field = (disabled ? "EPD" : "E0PD") + (range.upper() ? "1" : "0");
      int bit = disabled ? (range.upper() ? 23 : 7) : range.upper() ? 56 : 55;
      tcr &= ~(1L << bit);
      condition += "." + field + " were 0";
      candidates.add(withTcr(condition, tcr));
      condition += " and";
    }
    int shift = range.upper() ? 16 : 0;
    String size = (condition.endsWith(" and") ? " " : ".") + (range.upper() ? "T1SZ" : "T0SZ");
    int now = (int) (tcr >>> shift) & 63;
    for (int distance = 1; distance < 64; distance++) {
      for (int other : new int[] {now - distance, now + distance}) {
        if (other >= 0 && other < 64) {
          candidates.add(
              withTcr(
                  condition + size + " were " + other + ", for VAs of " + (64 - other) + " bits",
                  tcr & ~(63L << shift) | (long) other << shift));
        }
      }
    }
    long inside = inside(walk.input());
    candidates.add(
        new Counterfactual(
            "If the VA were " + Hex.address(inside) + ", inside the range",
            List.of(),
            Map.of(),
            again.withInput(inside).go()));
    return candidates.stream().filter(c -> begins(c.result())).findFirst();
  }

  private static boolean begins(Translation walk) {
    return !walk.lookups().isEmpty() || walk.outcome() instanceof Translation.Output;
  }

  private long inside(long va) {
    long mask = (1L << range.inputBits()) - 1;
    return range.upper() ? va | ~mask : va & mask;
  }

  private Optional<Counterfactual> smallerVa() {
    int paBits = again.second().features().paBits();
    long smaller = walk.input() & ((1L << paBits) - 1);
    return Optional.of(
        new Counterfactual(
            "If the VA had no bits from bit " + paBits + " up (" + Hex.address(smaller) + ")",
            List.of(),
            Map.of(),
            again.withInput(smaller).go()));
  }

  private Optional<Counterfactual> aligned() {
    long size = walk.access().size();
    long aligned = walk.input() & -size;
    return Optional.of(
        new Counterfactual(
            "If the VA were a multiple of " + size + " (" + Hex.address(aligned) + ")",
            List.of(),
            Map.of(),
            again.withInput(aligned).with(walk.access().asAligned()).go()));
  }

  private Optional<Counterfactual> widerOutput() {
    int limit = again.second().features().paBits();
    int widest = range.granule() == Granule.K64 || range.ds() ? limit : Math.min(48, limit);
    if (range.outputBits() >= widest) {
      return Optional.empty();
    }
    boolean el2 = again.stage1().regime() == Regime.EL2;
    int shift = el2 ? 16 : 32;
    long tcr =
        again.stage1().registers().tcr() & ~(7L << shift)
            | (long) Stage2WhatIf.code(widest) << shift;
    return Optional.of(
        withTcr(
            "If "
                + tcrName()
                + (el2 ? ".PS" : ".IPS")
                + " gave an output size of "
                + widest
                + " bits",
            tcr));
  }

  private Optional<Counterfactual> rootInRange() {
    Optional<Counterfactual> wider = widerOutput();
    if (wider.isPresent()) {
      return wider;
    }
    boolean upper = range.upper();
    long ttbr = upper ? again.stage1().registers().ttbr1() : again.stage1().registers().ttbr0();
    long fits = ttbr & ~(0xffff_ffff_ffffL >>> range.outputBits() << range.outputBits());
    String name = (upper ? "TTBR1_" : "TTBR0_") + again.stage1().registers().suffix();
    return Optional.of(
        new Counterfactual(
            "If " + name + " had no address bits from bit " + range.outputBits() + " up",
            List.of(),
            Map.of(name, fits),
            again.withTtbr(upper, fits).go()));
  }

  // Entries.

  private Optional<Counterfactual> addressInRange(Lookup last) {
    Optional<Counterfactual> wider = widerOutput();
    return wider.isPresent()
        ? wider
        : entry(
            last,
            "If the address in this entry had no bits from bit " + range.outputBits() + " up",
            bits.withinOutputSize(last.descriptor()));
  }

  private Optional<Counterfactual> normalMemory(Lookup last) {
    int index = bits.normalIndex();
    return index < 0
        ? aligned()
        : entry(
            last,
            "If AttrIndx (bits 4:2) of this entry were "
                + index
                + ", which MAIR_"
                + again.stage1().registers().suffix()
                + " makes Normal",
            bits.withAttribute(last.descriptor(), index));
  }

  /** What has to change in the leaf, and in tables above only if that is not enough. */
  private Counterfactual permitted(Lookup last) {
    if (walk.access().pan()) {
      Access without = walk.access();
      without =
          new Access(
              without.kind(), without.size(), without.privileged(), false, without.aligned());
      Translation result = again.with(without).go();
      if (!stillNoPermission(result)) {
        return new Counterfactual("If PSTATE.PAN were 0", List.of(), Map.of(), result);
      }
    }
    List<String> words = new ArrayList<>();
    long leaf = permitting(last.descriptor(), words);
    List<Change> changes = new ArrayList<>();
    String condition = "If the tables above this entry set no limits (bits 62:59)";
    if (leaf != last.descriptor()) {
      changes.add(new Change(last.descriptorAddress(), leaf));
      condition = "If " + String.join(" and ", words) + " of this entry (" + Hex.full(leaf) + ")";
      Counterfactual alone = WhatIf.changed(condition, changes, again);
      if (!stillNoPermission(alone.result())) {
        return alone;
      }
      condition += " and the tables above it set no limits (bits 62:59)";
    }
    for (Lookup table : place.path()) {
      if (table.verdict() == Verdict.TABLE && (table.descriptor() & Stage1Bits.LIMITS) != 0) {
        changes.add(new Change(table.descriptorAddress(), table.descriptor() & ~Stage1Bits.LIMITS));
      }
    }
    return WhatIf.changed(condition, changes, again);
  }

  private static boolean stillNoPermission(Translation walk) {
    return walk.outcome() instanceof Translation.Fault left
        && left.stage() == 1
        && left.kind() == FaultKind.PERMISSION;
  }

  /** The leaf that allows what is wanted; says which bits that takes. */
  private long permitting(long descriptor, List<String> words) {
    boolean privileged = walk.access().privileged();
    boolean el0 = again.stage1().hasEl0();
    boolean readOnly = (descriptor & Stage1Bits.READ_ONLY) != 0;
    return switch (walk.access().kind()) {
      case READ, WRITE, ATOMIC -> {
        long leaf = descriptor;
        if (!privileged && (leaf & Stage1Bits.EL0_ACCESS) == 0) {
          leaf |= Stage1Bits.EL0_ACCESS;
          words.add("AP[1] (bit 6) were set");
        }
        if (walk.access().kind() != Access.Kind.READ && readOnly) {
          leaf &= ~Stage1Bits.READ_ONLY;
          words.add("AP[2] (bit 7) were clear");
        }
        yield leaf;
      }
      case FETCH -> {
        long leaf = descriptor;
        long never = privileged && el0 ? Stage1Bits.PXN : Stage1Bits.UXN;
        if ((leaf & never) != 0) {
          leaf &= ~never;
          words.add(
              (!el0 ? "XN (bit 54)" : privileged ? "PXN (bit 53)" : "UXN (bit 54)")
                  + " were clear");
        }
        boolean el0Writes = el0 && (leaf & Stage1Bits.EL0_ACCESS) != 0 && !readOnly;
        if (!readOnly && (again.stage1().writableExecuteNever() || (privileged && el0Writes))) {
          leaf |= Stage1Bits.READ_ONLY;
          words.add("AP[2] (bit 7) were set");
        }
        yield leaf;
      }
    };
  }

  private Optional<Counterfactual> validEntry(Lookup last) {
    long d = last.descriptor();
    if ((d & Stage1Bits.VALID) != 0) {
      String kind = last.level() == 3 ? "a page" : "a table";
      return entry(
          last,
          "If bit 1 of this entry were set too, it would be " + kind,
          d | Stage1Bits.TABLE_OR_PAGE);
    }
    boolean page = last.level() == 3;
    if (!page && !range.format().blockAllowed(last.level())) {
      return throughNewTables(last);
    }
    String kind = page ? "a page" : "a block";
    if (d != 0) {
      long valid =
          d & ~Stage1Bits.TABLE_OR_PAGE
              | (page ? Stage1Bits.TABLE_OR_PAGE : 0)
              | Stage1Bits.VALID
              | Stage1Bits.ACCESS_FLAG;
      return entry(last, "If bit 0 of this entry were set, as " + kind + " with AF = 1", valid);
    }
    long output = identity(last.level());
    return entry(
        last,
        "If bit 0 of this entry were set and it were "
            + kind
            + " at "
            + outputKind()
            + Hex.address(output)
            + " with AF = 1, "
            + LeafBits.granted(walk.access()),
        bits.leaf(output, last.level(), walk.access()));
  }

  private String outputKind() {
    return again.underStage2() ? "IPA " : "PA ";
  }

  private long identity(int level) {
    int most = again.underStage2() ? again.second().inputBits() : WIDEST;
    return bits.identity(walk.input(), level, most);
  }

  /** Where no block can stand: tables down to level 3, in memory this walk does not use. */
  private Optional<Counterfactual> throughNewTables(Lookup last) {
    List<Change> changes = new ArrayList<>();
    Set<Long> used = FaultPlace.addressesOf(walk);
    long slot = last.descriptorAddress();
    long table = again.underStage2() ? last.table() : topOfMemory();
    for (int level = last.level() + 1; level <= 3; level++) {
      int index = bits.index(walk.input(), level);
      OptionalLong at = OptionalLong.empty();
      if (again.underStage2()) {
        for (int i = 0; i < MOST_PLACES && at.isEmpty(); i++) {
          table += range.granule().bytes();
          at = place(table + 8L * index, used);
        }
        if (at.isEmpty()) {
          return Optional.empty();
        }
      } else {
        table = Stage2WhatIf.below(table, range.granule(), used);
        at = OptionalLong.of(table + 8L * index);
      }
      changes.add(new Change(slot, bits.table(table)));
      slot = at.getAsLong();
      used.add(slot);
    }
    long output = identity(3);
    changes.add(new Change(slot, bits.leaf(output, 3, walk.access())));
    String tables = changes.size() == 2 ? "a new table" : (changes.size() - 1) + " new tables";
    return Optional.of(
        WhatIf.changed(
            "If this entry led through "
                + tables
                + " to a page at "
                + outputKind()
                + Hex.address(output)
                + " with AF = 1, "
                + LeafBits.granted(walk.access()),
            changes,
            again));
  }

  private long topOfMemory() {
    return scene.memoryEnd() & -range.granule().bytes();
  }

  /** Where an entry at an IPA stands, if stage 2 gives it memory that the walk does not use. */
  private OptionalLong place(long ipa, Set<Long> used) {
    Translation there = Stage2Walk.walk(again.second(), ipa, Access.read(8), again.reader());
    if (there.outcome() instanceof Translation.Output output
        && output.readable()
        && !output.memoryType().isDevice()
        && used.stream().noneMatch(at -> at >>> 12 == output.address() >>> 12)) {
      return OptionalLong.of(output.address());
    }
    return OptionalLong.empty();
  }

  private Optional<Counterfactual> entry(Lookup last, String condition, long descriptor) {
    return Optional.of(
        WhatIf.changed(
            condition + " (" + Hex.full(descriptor) + ")",
            List.of(new Change(last.descriptorAddress(), descriptor)),
            again));
  }
}
