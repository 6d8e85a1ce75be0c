package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Ipa;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.board.Machine;
import dev.stagewalk.check.ObservedMachine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.WatchedRange;
import dev.stagewalk.cpu.WatchedRange.Space;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TwoStage;
import dev.stagewalk.time.Sought;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Watch} means in a machine at a moment.
 *
 * @param sought what a run is looked through for
 * @param subject what that is, in words: "the level 3 descriptor of IPA … at PA …"
 * @param start physical address of the 8 bytes, where it is that many; −1 otherwise
 */
public record WatchTarget(Sought sought, String subject, long start) {
  private static final long LOW_48 = 0xffff_ffff_fffeL;

  /**
   * @throws Refused if it means nothing at this moment, with the reason
   */
  static WatchTarget of(Watch watch, Machine machine) {
    return switch (watch) {
      case Watch.Memory m -> of(m, machine);
      case Watch.Register r -> of(r, machine);
      case Watch.Fault f -> of(f);
      case Watch.Entry e -> of(e, machine);
    };
  }

  private static WatchTarget of(Watch.Memory m, Machine machine) {
    checkPe(m.pe(), machine);
    long bytes = m.last() - m.first() + 1;
    String subject =
        m.space()
            + " "
            + Hex.address(m.first())
            + (bytes == 1 ? "" : " to " + Hex.address(m.last()))
            + (m.regime() == null ? "" : " of " + m.regime().text())
            + (m.asid() < 0 ? "" : ", ASID " + m.asid())
            + (m.vmid() < 0 ? "" : ", VMID " + m.vmid());
    boolean word = m.space() == Space.PA && bytes == Long.BYTES;
    return new WatchTarget(Sought.access(range(m)), subject, word ? m.first() : -1);
  }

  private static WatchedRange range(Watch.Memory m) {
    return new WatchedRange(
        m.space(),
        m.first(),
        m.last(),
        m.use() != Watch.Use.WRITE,
        m.use() != Watch.Use.READ,
        m.use() == Watch.Use.USE,
        m.regime(),
        m.asid(),
        m.vmid(),
        m.pe());
  }

  private static void checkPe(int number, Machine machine) {
    if (number >= machine.pes().size()) {
      throw new Refused(
          "there is no PE " + number + "; the last is PE " + (machine.pes().size() - 1));
    }
  }

  private static WatchTarget of(Watch.Register r, Machine machine) {
    checkPe(r.pe(), machine);
    boolean several = machine.pes().size() > 1;
    String whose = !several ? "" : r.pe() < 0 ? " of any PE" : " of PE " + r.pe();
    return new WatchTarget(
        Sought.change(new Sought.Register(r.name(), r.pe())), r.name() + whose, -1);
  }

  private static WatchTarget of(Watch.Fault f) {
    String subject =
        "IPA "
            + Hex.address(f.first())
            + (f.last() == f.first() ? "" : " to " + Hex.address(f.last()))
            + (f.vmid() < 0 ? "" : " of VMID " + f.vmid());
    return new WatchTarget(Sought.event(event -> isFault(event, f)), subject, -1);
  }

  private static boolean isFault(SimEvent event, Watch.Fault f) {
    if (!(event instanceof SimEvent.ExceptionTaken taken)) {
      return false;
    }
    Translation cause = taken.cause();
    Translation.Fault fault = taken.fault().orElse(null);
    return cause != null
        && fault != null
        && fault.stage() == 2
        && Long.compareUnsigned(f.first(), fault.ipa()) <= 0
        && Long.compareUnsigned(fault.ipa(), f.last()) <= 0
        && (f.vmid() < 0 || f.vmid() == cause.vmid());
  }

  private static WatchTarget of(Watch.Entry e, Machine machine) {
    checkPe(e.pe(), machine);
    if (e.space() == Space.PA) {
      EntryEdit.checkMemory(machine, e.address());
      String subject = "the descriptor at PA " + Hex.address(e.address());
      Sought sought =
          e.use() == Watch.Use.USE
              ? Sought.walk(e.address())
              : Sought.access(descriptor(e.use(), e.address()));
      return new WatchTarget(sought, subject, e.address());
    }
    Pe pe = e.pe() < 0 ? machine.pe() : machine.pes().get(e.pe());
    return e.space() == Space.IPA ? ofIpa(e, machine, pe) : ofVa(e, machine, pe);
  }

  private static WatchedRange descriptor(Watch.Use use, long at) {
    return WatchedRange.of(
        Space.PA, at, at + Long.BYTES - 1, use != Watch.Use.WRITE, use != Watch.Use.READ, false);
  }

  private static WatchTarget ofIpa(Watch.Entry e, Machine machine, Pe pe) {
    ObservedMachine observed = new ObservedMachine(machine);
    Stage2Parameters second = observed.second(pe.id());
    if ((second.vttbr() & LOW_48) == 0 || !second.walkable()) {
      throw new Refused(
          "VTTBR_EL2 and VTCR_EL2 of PE "
              + pe.id()
              + " describe no stage 2 at this moment: go to one when a guest runs");
    }
    if (e.address() >>> second.inputBits() != 0) {
      throw new Refused(
          "IPA "
              + Hex.address(e.address())
              + " is beyond the "
              + second.inputBits()
              + "-bit input size of stage 2");
    }
    List<Lookup> path =
        Stage2Walk.walk(second, new Ipa(e.address()), Access.read(1), observed.descriptors())
            .lookups();
    Lookup lookup = atLevel(path, e, "IPA");
    long size = 1L << second.granule().levelShift(lookup.level());
    long first = e.address() & -size;
    WatchedRange through =
        new WatchedRange(
            Space.IPA, first, first + size - 1, true, true, true, null, -1, second.vmid(), -1);
    return of(e, lookup, "IPA", first, through);
  }

  private static WatchTarget ofVa(Watch.Entry e, Machine machine, Pe pe) {
    ObservedMachine observed = new ObservedMachine(machine);
    boolean ofGuest = pe.el() < 2 || observed.second(pe.id()).enabled();
    Regime regime = ofGuest ? Regime.EL1_0 : observed.regimeOfEl2(pe.id());
    Stage1Parameters first = observed.first(pe.id(), regime);
    Translation walk =
        TwoStage.probe(
            first, observed.second(pe.id()), e.address(), Access.read(1), observed.descriptors());
    List<Lookup> path = walk.lookups().stream().filter(l -> l.stage() == 1).toList();
    if (path.isEmpty()) {
      throw new Refused(
          "stage 1 of "
              + regime.text()
              + " on PE "
              + pe.id()
              + " is off at this moment, or walks nothing for VA "
              + Hex.address(e.address()));
    }
    Lookup lookup = atLevel(path, e, "VA");
    if (lookup.verdict() == Lookup.Verdict.UNREACHED) {
      throw new Refused(
          "the walk of VA "
              + Hex.address(e.address())
              + " does not reach level "
              + lookup.level()
              + ": stage 2 refuses the address of the descriptor");
    }
    long va = first.untagged(e.address());
    long size = 1L << first.rangeOf(va).granule().levelShift(lookup.level());
    WatchedRange through =
        new WatchedRange(
            Space.VA,
            va & -size,
            (va & -size) + size - 1,
            true,
            true,
            true,
            regime,
            first.asid(),
            regime == Regime.EL1_0 ? observed.second(pe.id()).vmid() : -1,
            -1);
    return of(e, lookup, "VA", va & -size, through);
  }

  private static Lookup atLevel(List<Lookup> path, Watch.Entry e, String kind) {
    Lookup last = path.getLast();
    if (e.level() == Watch.Entry.DEEPEST) {
      return last;
    }
    for (Lookup lookup : path) {
      if (lookup.level() == e.level()) {
        return lookup;
      }
    }
    throw new Refused(
        "the walk of "
            + kind
            + " "
            + Hex.address(e.address())
            + " has no descriptor at level "
            + e.level()
            + " at this moment: it begins at level "
            + path.getFirst().level()
            + " and ends at level "
            + last.level()
            + " with "
            + Hex.full(last.descriptor()));
  }

  private static WatchTarget of(
      Watch.Entry e, Lookup lookup, String kind, long first, WatchedRange through) {
    long at = lookup.descriptorAddress();
    String subject =
        "the level "
            + lookup.level()
            + " descriptor of "
            + kind
            + " "
            + Hex.address(first)
            + " at PA "
            + Hex.address(at);
    Sought sought =
        e.use() == Watch.Use.USE ? Sought.use(through, at) : Sought.access(descriptor(e.use(), at));
    return new WatchTarget(sought, subject, at);
  }

  /** What memory or the register holds; null where that is not one number. */
  @Nullable Long holds(Machine machine) {
    if (start >= 0 && machine.ram().contains(start, Long.BYTES)) {
      return machine.ram().read(start, Long.BYTES);
    }
    return null;
  }
}
