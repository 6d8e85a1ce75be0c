package dev.stagewalk.ask;

import static java.util.Map.entry;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Observed;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Design;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TwoStage;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What the stage-2 tables say at a moment, whatever the TLB holds, and what tables may be. */
final class TableFacts {
  static final Map<String, Function<Facts, Value>> NAMES =
      Map.ofEntries(
          entry("stage2.on", f -> Value.truth(parameters(f).enabled())),
          entry("stage2.start_level", f -> Value.count(parameters(f).startLevel())),
          entry("stage2.levels", f -> Value.count(parameters(f).levels())),
          entry("stage2.ipa_bits", f -> Value.count(parameters(f).inputBits())),
          entry("stage2.root", f -> Value.address(parameters(f).rootBase())),
          entry("stage2.root_tables", f -> Value.count(parameters(f).rootTables())),
          entry("stage2.root_entries", f -> Value.count(parameters(f).rootEntries())),
          entry("stage2.root_bytes", f -> Value.count(parameters(f).rootBytes())),
          entry("stage2.root_alignment", f -> Value.count(parameters(f).rootAlignment())),
          entry("stage2.granule", f -> Value.count(parameters(f).granule().bytes())),
          entry("stage2.entries", f -> Value.count(parameters(f).granule().entries())),
          entry("stage2.vmid", f -> Value.count(parameters(f).vmid())));

  static final Map<String, FactNames.Callable> CALLS =
      Map.ofEntries(
          entry("mapped", call(1, (f, a) -> Value.truth(isMapped(f, ipa(a, 0))))),
          entry("output", call(1, (f, a) -> Value.address(output(f, ipa(a, 0)).address()))),
          entry("leaf", call(1, (f, a) -> full(output(f, ipa(a, 0)).leaf()))),
          entry("leaf_level", call(1, (f, a) -> Value.count(output(f, ipa(a, 0)).level()))),
          entry("leaf_size", call(1, (f, a) -> size(1L << output(f, ipa(a, 0)).leafShift()))),
          entry("writable", call(1, (f, a) -> Value.truth(output(f, ipa(a, 0)).writable()))),
          entry("index", call(2, (f, a) -> Value.count(index(f, (int) ipa(a, 0), ipa(a, 1))))),
          entry("entry", call(2, (f, a) -> full(lookup(f, a).descriptor()))),
          entry("entry_address", call(2, (f, a) -> Value.address(address(f, a)))),
          entry("table", call(2, (f, a) -> Value.address(lookup(f, a).table()))),
          entry("level_shift", call(1, (f, a) -> Value.count(shift(f, (int) ipa(a, 0))))),
          entry("can_start", call(3, (_, a) -> Value.truth(!designs(a).isEmpty()))),
          entry("design_tables", call(3, (_, a) -> of(a, Geometry::rootTables))),
          entry("design_entries", call(3, (_, a) -> of(a, g -> g.rootBytes() / 8))),
          entry("design_alignment", call(3, (_, a) -> of(a, Geometry::rootAlignment))));

  private TableFacts() {}

  private static FactNames.Callable call(int arity, FactNames.Computation computation) {
    return new FactNames.Callable(arity, computation);
  }

  private static long ipa(List<Value> arguments, int number) {
    return arguments.get(number).number();
  }

  private static Value full(long bits) {
    return new Value.Number(bits, Value.Form.FULL);
  }

  private static Value size(long bytes) {
    return new Value.Number(bytes, Value.Form.SIZE);
  }

  static Stage2Parameters parameters(Facts facts) {
    return facts.present().observed().second(facts.present().pe());
  }

  private static Translation walk(Facts facts, long ipa) {
    Stage2Parameters parameters = parameters(facts);
    if (!parameters.enabled()) {
      throw new IllegalArgumentException("stage 2 is off at this moment");
    }
    return Stage2Walk.walk(
        parameters, ipa, Access.read(1), facts.present().observed().descriptors());
  }

  /** Where an address of some kind leads now, whatever the TLB holds. */
  static long physical(Facts facts, Expression.Space space, long address) {
    return switch (space) {
      case PA -> address;
      case IPA -> parameters(facts).enabled() ? output(facts, address).address() : address;
      case VA -> physical(facts, address);
    };
  }

  private static long physical(Facts facts, long va) {
    Present now = facts.present();
    Observed observed = now.observed();
    Regime regime = now.el() < 2 ? Regime.EL1_0 : observed.regimeOfEl2(now.pe());
    Translation walk =
        TwoStage.probe(
            observed.first(now.pe(), regime),
            observed.second(now.pe()),
            va,
            Access.read(1),
            observed.descriptors());
    if (walk.outcome() instanceof Translation.Output output) {
      return output.address();
    }
    throw new IllegalArgumentException(
        "the tables map nothing readable at VA " + Value.address(va).text());
  }

  private static boolean isMapped(Facts facts, long ipa) {
    return walk(facts, ipa).outcome() instanceof Translation.Output;
  }

  private static Translation.Output output(Facts facts, long ipa) {
    if (walk(facts, ipa).outcome() instanceof Translation.Output output) {
      return output;
    }
    throw new IllegalArgumentException(
        "the tables map nothing readable at " + Value.address(ipa).text());
  }

  /** The lookup at a level on the way of an IPA; the walk may be refused there. */
  static Lookup lookup(Facts facts, int level, long ipa) {
    return walk(facts, ipa).lookups().stream()
        .filter(l -> l.level() == level)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the walk of " + Value.address(ipa).text() + " reads nothing at level " + level));
  }

  private static Lookup lookup(Facts facts, List<Value> arguments) {
    return lookup(facts, (int) ipa(arguments, 0), ipa(arguments, 1));
  }

  private static long address(Facts facts, List<Value> arguments) {
    return lookup(facts, arguments).descriptorAddress();
  }

  private static int shift(Facts facts, int level) {
    return parameters(facts).granule().levelShift(level);
  }

  /** The index at a level, whether or not there is a table. */
  private static long index(Facts facts, int level, long ipa) {
    Stage2Parameters parameters = parameters(facts);
    int low = parameters.granule().levelShift(level);
    int entries =
        level == parameters.startLevel()
            ? parameters.rootEntries()
            : parameters.granule().entries();
    return ipa >>> low & entries - 1;
  }

  /** Shapes without DS by granule in KiB, IPA size in bits and start level. */
  private static List<Design.Choice> designs(List<Value> arguments) {
    Granule granule = Granule.parse(ipa(arguments, 0) + "K");
    return Design.of(granule, (int) ipa(arguments, 1), Features.MAX).choices().stream()
        .filter(c -> !c.ds() && c.geometry().startLevel() == (int) ipa(arguments, 2))
        .toList();
  }

  private static Value of(List<Value> arguments, ToLongFunction<Geometry> part) {
    return designs(arguments).stream()
        .findFirst()
        .map(c -> (Value) Value.count(part.applyAsLong(c.geometry())))
        .orElseThrow(() -> new IllegalArgumentException("no walk can start at that level"));
  }
}
