package dev.stagewalk.check;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.check.Freshness.Basis;
import dev.stagewalk.check.Freshness.Difference;
import dev.stagewalk.check.Freshness.Kind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TwoStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which TLB entries disagree with the tables as they are now.
 *
 * <p>An entry is walked again under the registers of its PE as they are now, if these still name
 * its VMID and, for a VA that is not global, its ASID; only then is it known which tables are its
 * own. Otherwise the descriptor it was read from is read again.
 */
public final class Staleness {
  private static final Access PROBE = Access.read(1);
  private static final long HCR_VM = 1;
  private static final long HCR_DC = 1 << 12;
  private static final long HCR_TGE = 1L << 27;

  /** Descriptor bits that change no translation: 63 and those for software. */
  private static final long IGNORED = 1L << 63 | 0xfL << 55;

  private final Observed machine;
  private final TlbEntry entry;
  private final List<Difference> found = new ArrayList<>();

  /** IPA whose stage 2 has changed: that of the output, or of a table that stage 1 needs. */
  private long changedIpa;

  private Staleness(Observed machine, TlbEntry entry) {
    this.machine = machine;
    this.entry = entry;
    this.changedIpa = entry.ipa(entry.input());
  }

  /** Compares entries with the tables, in their order. */
  public static List<Freshness> of(Observed machine, List<TlbEntry> entries) {
    return entries.stream().map(entry -> of(machine, entry)).toList();
  }

  /** Compares an entry with the tables. */
  public static Freshness of(Observed machine, TlbEntry entry) {
    Staleness one = new Staleness(machine, entry);
    Basis basis = one.compare();
    return new Freshness(entry, basis, one.found, one.mend());
  }

  private Basis compare() {
    Stage2Parameters second = second();
    Stage1Tag tag = entry.stage1();
    if (tag == null) {
      if (second == null) {
        return byDescriptor();
      }
      byStage2(second);
      return Basis.TABLES;
    }
    Stage1Parameters first = machine.first(entry.pe(), entry.regime());
    boolean mine = first.enabled() && (tag.global() || first.asid() == tag.asid());
    if (!mine || second == null) {
      return byDescriptor();
    }
    byStage1(first, second, tag);
    return Basis.TABLES;
  }

  /**
   * Stage 2 of the entry, on if it was on when the entry was made; null if VTTBR_EL2 names another
   * VMID or no tables.
   */
  private @Nullable Stage2Parameters second() {
    Stage2Parameters now = machine.second(entry.pe());
    Stage1Tag tag = entry.stage1();
    if (tag != null && !tag.underStage2()) {
      return entry.vmid() < 0 || entry.vmid() == now.vmid()
          ? with(now, now.hcr() & ~(HCR_VM | HCR_DC))
          : null;
    }
    boolean named = now.vmid() == entry.vmid() && now.vttbr() << 16 >>> 17 != 0;
    return named ? with(now, now.hcr() & ~HCR_TGE | HCR_VM) : null;
  }

  private static Stage2Parameters with(Stage2Parameters now, long hcr) {
    return now.with(now.vtcr(), now.vttbr(), hcr);
  }

  private Basis byDescriptor() {
    int stage = entry.kind().ofIpas() || entry.kind() == TlbEntry.Kind.COMBINED ? 2 : 1;
    long now;
    try {
      now = machine.descriptors().read(entry.leafAddress());
    } catch (ExternalAbort _) {
      now = 0;
    }
    if ((now & 1) == 0) {
      differ(Kind.INVALID, stage, "its descriptor is now invalid");
    } else if (((now ^ entry.leaf()) & ~IGNORED) != 0) {
      differ(
          Kind.DESCRIPTOR,
          stage,
          "its descriptor is now " + Hex.plain(now) + ", it was " + Hex.plain(entry.leaf()));
    }
    return Basis.DESCRIPTOR;
  }

  // Stage 2

  private void byStage2(Stage2Parameters second) {
    Translation now = Stage2Walk.walk(second, entry.input(), PROBE, machine.descriptors());
    if (entry.kind().isTable()) {
      tables(now, 2);
      return;
    }
    Lookup last = now.lookups().isEmpty() ? null : now.lookups().getLast();
    if (last == null || !leaf(now, last)) {
      lost(now, 2);
      return;
    }
    Stage2Attributes attributes = Stage2Attributes.of(last.descriptor(), second);
    int shift = second.granule().levelShift(last.level());
    long base = second.format().leafAddress(last.descriptor(), last.level());
    output(base | (entry.input() & ((1L << shift) - 1)), 2, "PA");
    size(shift, attributes.contiguous(), true);
    String allows = attributes.permissionText();
    if (!allows.equals(entry.permissions())) {
      permission(2, entry.permissions(), allows);
    }
    memory(attributes.memoryType().words(), 2);
  }

  /** Whether a walk found a leaf, though it may lack permission. */
  private static boolean leaf(Translation walk, Lookup last) {
    return switch (walk.outcome()) {
      case Translation.Output _ -> true;
      case Translation.Fault fault ->
          fault.kind() == FaultKind.PERMISSION && last.descriptor() != 0;
    };
  }

  // Stage 1, and both

  private void byStage1(Stage1Parameters first, Stage2Parameters second, Stage1Tag tag) {
    boolean both = entry.kind() == TlbEntry.Kind.COMBINED;
    Translation now =
        both
            ? TwoStage.probe(first, second, entry.input(), PROBE, machine.descriptors())
            : TwoStage.probeStage1(first, second, entry.input(), PROBE, machine.descriptors());
    if (entry.kind().isTable()) {
      tables(now, 1);
      return;
    }
    Stages stages = now.stages();
    StageOutput one = stages == null ? null : stages.stage1();
    StageOutput two = stages == null ? null : stages.stage2();
    if (one == null || (both && two == null && tag.underStage2())) {
      int stage = now.outcome() instanceof Translation.Fault fault ? fault.stage() : 1;
      lost(now, stage);
      return;
    }
    StageOutput last = both && two != null ? two : one;
    boolean moved = one.address() != tag.ipa();
    output(last.address(), moved ? 1 : last == two ? 2 : 1, last == two ? "PA" : words(tag));
    size(Math.min(one.shift(), last.shift()), false, false);
    if (!sameRights(one.permissions(), tag.permissions())) {
      permission(1, tag.permissions().text(), one.permissions().text());
    }
    if (stages != null && tag.asid() >= 0 && stages.global() != tag.global()) {
      differ(
          Kind.GLOBAL,
          1,
          tag.global()
              ? "it answers for every ASID, the tables say for ASID " + first.asid() + " alone"
              : "it answers for ASID " + tag.asid() + " alone, the tables say for every ASID");
    }
    if (two != null && both) {
      String allows = text(two.permissions());
      if (!allows.equals(entry.permissions())) {
        permission(2, entry.permissions(), allows);
      }
    }
    memory(last.attributes().type().words(), last == two ? 2 : 1);
  }

  private static String words(Stage1Tag tag) {
    return tag.underStage2() ? "IPA" : "PA";
  }

  private static boolean sameRights(Permissions a, Permissions b) {
    return (a.bits() & 0x3f) == (b.bits() & 0x3f);
  }

  /** Permissions of stage 2 as an entry writes them. */
  private static String text(Permissions p) {
    boolean el1 = p.executable(true);
    boolean el0 = p.executable(false);
    String x = el1 ? el0 ? "x" : "x (EL1 only)" : el0 ? "x (EL0 only)" : "-";
    return (p.readable(true) ? "r" : "-") + (p.writable(true) ? "w" : "-") + x;
  }

  // What may differ

  private void tables(Translation now, int stage) {
    Optional<Lookup> same =
        now.lookups().stream()
            .filter(l -> l.stage() == stage && l.level() == entry.level())
            .findFirst();
    if (same.isEmpty()) {
      lost(now, now.outcome() instanceof Translation.Fault f ? f.stage() : stage);
    } else if (same.get().verdict() != Verdict.TABLE) {
      boolean invalid = same.get().verdict() == Verdict.INVALID;
      differ(
          invalid ? Kind.INVALID : Kind.SIZE,
          stage,
          invalid
              ? "the table now says invalid, level " + entry.level()
              : "a leaf stands there now, level " + entry.level());
    } else if (same.get().output() != entry.output()) {
      differ(
          Kind.NEXT_TABLE,
          stage,
          "it names the table at "
              + Hex.address(entry.output())
              + ", the tables that at "
              + Hex.address(same.get().output()));
    }
  }

  private void lost(Translation now, int stage) {
    List<Lookup> path = now.lookups();
    String fault = "no leaf";
    if (now.outcome() instanceof Translation.Fault f) {
      fault = f.kind().at(f.level());
      if (f.onStage1Walk()) {
        changedIpa = f.ipa();
        path = now.lastStage2().map(Translation::lookups).orElse(path);
        fault += ", on the stage-1 walk at IPA " + Hex.address(f.ipa());
      }
    }
    boolean invalid = !path.isEmpty() && path.getLast().verdict() == Verdict.INVALID;
    differ(
        invalid ? Kind.INVALID : Kind.REFUSED,
        stage,
        invalid
            ? "the table now says invalid (" + fault + ")"
            : "the tables now refuse it (" + fault + ")");
  }

  private void output(long now, int stage, String kind) {
    if (now != entry.output()) {
      differ(
          Kind.OUTPUT_ADDRESS,
          stage,
          "it gives "
              + kind
              + " "
              + Hex.address(entry.output())
              + ", the tables say "
              + Hex.address(now));
    }
  }

  /**
   * @param exact whether it covers all that its leaf does, if it is no run of contiguous ones
   */
  private void size(int shift, boolean contiguous, boolean exact) {
    boolean wrong =
        entry.contiguous()
            ? exact && !contiguous
            : exact ? shift != entry.shift() : shift < entry.shift();
    if (wrong) {
      differ(
          Kind.SIZE,
          entry.kind().ofIpas() ? 2 : 1,
          "it covers "
              + Size.words(entry.size())
              + ", the tables map "
              + Size.words(1L << shift)
              + " there");
    }
  }

  private void permission(int stage, String held, String now) {
    differ(
        Kind.PERMISSION,
        stage,
        "stage " + stage + " allows " + held + " in it, in the tables " + now);
  }

  private void memory(String now, int stage) {
    if (!now.equals(entry.memoryType().words())) {
      differ(
          Kind.MEMORY_TYPE,
          stage,
          "it is " + entry.memoryType().words() + ", the tables say " + now);
    }
  }

  private void differ(Kind kind, int stage, String words) {
    found.add(new Difference(kind, stage, words));
  }

  // What would remove it

  private Mend mend() {
    Stage1Tag tag = entry.stage1();
    if (tag == null) {
      return entry.kind().isTable()
          ? Mend.ofVmid(entry.vmid())
          : Mend.ofStage2(entry.vmid(), entry.input());
    }
    boolean stage2 = !found.isEmpty() && found.stream().allMatch(d -> d.stage() == 2);
    return stage2
        ? Mend.ofStage2(entry.vmid(), changedIpa)
        : Mend.ofStage1(
            entry.regime(), entry.vmid(), tag.global() ? -1 : tag.asid(), entry.input());
  }
}
