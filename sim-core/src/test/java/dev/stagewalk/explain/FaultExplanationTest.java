package dev.stagewalk.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.explain.Explanation.Evidence;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of stage-2 fault at every level with every granule, tables made by hand. */
final class FaultExplanationTest {
  private static final Features PA_48 = Features.MAX.withPaBits(48);
  private static final long BIT_41 = 1L << 41;
  private static final long FAR_AWAY = 0x10_0000_0000L;

  /** A fault to be explained. */
  record Case(String name, Stage stage, Translation walk, FaultKind kind, int level) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> faults() {
    List<Case> cases = new ArrayList<>();
    for (Geometry geometry : geometries()) {
      for (int level = geometry.startLevel(); level <= 3; level++) {
        addCases(cases, geometry, level);
      }
    }
    return cases.stream();
  }

  private static List<Geometry> geometries() {
    List<Geometry> geometries = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      geometries.add(Geometry.legal(granule, 48, PA_48).getLast());
      geometries.add(Geometry.choose(granule, 40, PA_48));
    }
    geometries.add(Geometry.legal(Granule.K4, 52, Features.MAX).getLast());
    geometries.add(Geometry.legal(Granule.K16, 52, Features.MAX).getLast());
    geometries.add(Geometry.legal(Granule.K64, 52, Features.MAX).getLast());
    return geometries;
  }

  private static void addCases(List<Case> cases, Geometry geometry, int level) {
    Features features = geometry.ipaBits() > 48 ? Features.MAX : PA_48;
    Stage2Parameters parameters = new Stage(geometry.vtcr(), features).parameters;
    boolean leaf = level == 3 || parameters.format().blockAllowed(level);
    long type = level == 3 ? 3 : 1;
    long size = 1L << parameters.granule().levelShift(level);
    long target = 0x4800_0000L & -size;
    FaultKind translation = FaultKind.TRANSLATION;

    add(cases, geometry, "invalid", level, 0, Access.write(8), translation);
    add(cases, geometry, "invalid", level, 0, Access.fetch(), translation);
    if (!leaf || level == 3) {
      add(cases, geometry, "reserved", level, 0x4800_0000L | 0x7fd, Access.read(4), translation);
    }
    if (leaf) {
      add(cases, geometry, "bit 0 clear", level, target | 0x7fe, Access.read(8), translation);
      long noFlag = target | 0x3fc | type;
      add(cases, geometry, "AF clear", level, noFlag, Access.read(1), FaultKind.ACCESS_FLAG);
      FaultKind permission = FaultKind.PERMISSION;
      add(cases, geometry, "S2AP 0", level, target | 0x73c | type, Access.read(8), permission);
      add(cases, geometry, "read-only", level, target | 0x77c | type, Access.write(8), permission);
      Access atomic = new Access(Access.Kind.ATOMIC, 8, true);
      add(cases, geometry, "read-only", level, target | 0x77c | type, atomic, permission);
      long never = target | 0x7fc | type | 1L << 54;
      add(cases, geometry, "XN", level, never, Access.fetch(), permission);
    }
    if (geometry.ipaBits() <= 48) {
      long high = (BIT_41 | (leaf ? 0x7fc | type : 3));
      FaultKind addressSize = FaultKind.ADDRESS_SIZE;
      add(cases, withPs40(geometry), "beyond PS", level, high, Access.read(8), addressSize);
    }
    if (level < 3) {
      addNoMemory(cases, geometry, level, features);
    }
    if (level == geometry.startLevel()) {
      addNoRoot(cases, geometry, features);
    }
  }

  private static Geometry withPs40(Geometry g) {
    return new Geometry(
        g.granule(),
        g.ipaBits(),
        40,
        g.startLevel(),
        g.rootTables(),
        g.rootBytes(),
        g.rootAlignment(),
        g.vtcr() & ~(7L << 16) | 2L << 16);
  }

  private static void add(
      List<Case> cases,
      Geometry geometry,
      String what,
      int level,
      long descriptor,
      Access access,
      FaultKind kind) {
    Stage stage = new Stage(geometry.vtcr(), geometry.ipaBits() > 48 ? Features.MAX : PA_48);
    stage.put(ipa(geometry), level, descriptor);
    Translation walk = stage.walk(ipa(geometry), access);
    cases.add(new Case(name(geometry, what, level, access), stage, walk, kind, level));
  }

  private static void addNoMemory(
      List<Case> cases, Geometry geometry, int level, Features features) {
    Stage stage = new Stage(geometry.vtcr(), features);
    stage.put(ipa(geometry), level, FAR_AWAY | 3);
    Translation walk = stage.walk(ipa(geometry), Access.read(8));
    cases.add(
        new Case(
            name(geometry, "no memory", level + 1, Access.read(8)),
            stage,
            walk,
            FaultKind.EXTERNAL_ON_WALK,
            level + 1));
  }

  private static void addNoRoot(List<Case> cases, Geometry geometry, Features features) {
    Stage stage = new Stage(geometry.vtcr(), 1L << 48 | FAR_AWAY, features);
    Translation walk = stage.walk(ipa(geometry), Access.read(8));
    int level = geometry.startLevel();
    cases.add(
        new Case(
            name(geometry, "no root", level, Access.read(8)),
            stage,
            walk,
            FaultKind.EXTERNAL_ON_WALK,
            level));
  }

  private static String name(Geometry geometry, String what, int level, Access access) {
    return "%s, %d-bit IPA, level %d, %s, %s"
        .formatted(geometry.granule().text(), geometry.ipaBits(), level, what, access.kind());
  }

  private static long ipa(Geometry geometry) {
    return 0x4820_3018L | (geometry.ipaBits() > 40 ? 1L << geometry.ipaBits() - 1 : 0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theHeadlineNamesKindAndLevel(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    assertThat(Stage.kind(fault.walk)).isEqualTo(fault.kind);
    assertThat(explanation.headline()).isEqualTo(fault.kind.at(fault.level));
    assertThat(explanation.route()).isEqualTo("EL1 → EL2");
    assertThat(explanation.sentences().getFirst())
        .contains(
            "VA " + Hex.address(fault.walk.input()), "Stage 1 is off, so the IPA is the same");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theWalkNamesEveryTableThatWasRead(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    List<Lookup> lookups = fault.walk.lookups();
    assertThat(explanation.walk()).hasSameSizeAs(lookups);
    for (int i = 0; i < lookups.size(); i++) {
      Lookup lookup = lookups.get(i);
      assertThat(explanation.walk().get(i))
          .startsWith("Stage 2 level " + lookup.level() + ": table " + Hex.address(lookup.table()))
          .contains("entry " + lookup.index() + " (IPA bits [" + lookup.indexHigh() + ":");
    }
    assertThat(explanation.sentences().getLast())
        .contains("level " + fault.level + " table at " + Hex.address(lookups.getLast().table()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void evidenceIsTheSyndromeOfTheFault(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    boolean fetch = fault.walk.access().kind() == Access.Kind.FETCH;
    assertThat(row(explanation, fetch ? "IFSC" : "DFSC").meaning())
        .isEqualTo(fault.kind.words() + ", level " + fault.level);
    Evidence hpfar = register(explanation, "HPFAR_EL2");
    switch (fault.kind) {
      case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE ->
          assertThat(hpfar.meaning())
              .startsWith("IPA page " + Hex.address(fault.walk.input() & -4096))
              .contains("valid, because stage-2 Translation, Access flag and Address size faults");
      default -> assertThat(hpfar.meaning()).startsWith("UNKNOWN: ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theRuleNamesASectionOfTheArmArm(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    assertThat(explanation.rule()).isPresent();
    assertThat(explanation.rule().get().source()).isNotEmpty();
    assertThat(explanation.rule().get().sentence()).endsWith(".").doesNotContain("Arm ARM");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theCounterfactualIsWhatTheWalkGivesOnceTheChangeIsMade(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    Counterfactual whatIf = explanation.counterfactual().orElseThrow();
    boolean possible = true;
    for (Change change : whatIf.changes()) {
      if (fault.stage.memory.contains(change.pa(), 8)) {
        fault.stage.memory.write(change.pa(), 8, change.value());
      } else {
        possible = false;
      }
    }
    assertThat(possible).isEqualTo(fault.kind != FaultKind.EXTERNAL_ON_WALK);
    if (possible) {
      Stage2Parameters p = fault.stage.parameters;
      Translation really =
          Stage2Walk.walk(
              Stage2Parameters.decode(
                  whatIf.registers().getOrDefault("VTCR_EL2", p.vtcr()),
                  p.vttbr(),
                  p.hcr(),
                  p.features()),
              fault.walk.input(),
              fault.walk.access(),
              fault.stage.reader());
      assertThat(whatIf.result()).isEqualTo(really);
    }
    assertThat(whatIf.result()).isNotEqualTo(fault.walk);
    if (whatIf.result().outcome() instanceof Translation.Output output) {
      assertThat(whatIf.line()).contains("output " + Hex.address(output.address()));
    } else {
      assertThat(whatIf.line()).contains("still a fault");
      // A reserved entry that would name a table goes on into memory nobody wrote.
      assertThat(fault.kind)
          .isIn(FaultKind.EXTERNAL_ON_WALK, FaultKind.TRANSLATION, FaultKind.ADDRESS_SIZE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void onlyAChangeOfWhatMayBeCachedNeedsATlbi(Case fault) {
    Explanation explanation = fault.stage.explain(fault.stage.abort(fault.walk));
    Explanation.Remedy first =
        explanation.remedies().stream()
            .filter(r -> !r.operations().isEmpty())
            .findFirst()
            .orElseThrow();
    List<String> operations = first.operations();
    switch (fault.kind) {
      case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> {
        assertThat(operations).noneMatch(o -> o.startsWith("TLBI"));
        assertThat(first.sentence()).contains("No TLBI");
      }
      case PERMISSION ->
          assertThat(operations)
              .anyMatch(
                  o -> o.contains("IPAS2E1IS, operand " + Hex.plain(fault.walk.input() >>> 12)))
              .anyMatch(o -> o.startsWith("TLBI VMALLE1IS"))
              .noneMatch(o -> o.contains("(break)"));
      default ->
          assertThat(operations)
              .anyMatch(o ->
                  fault.walk.lookups().size() == 1
                      ? o.equals("write VTTBR_EL2")
                      : o.contains("(break)"));
    }
    assertThat(operations)
        .filteredOn(o -> o.startsWith("store [") && !o.contains("(break)"))
        .allMatch(o -> namesAnEntryOfTheWalk(o, fault.walk));
  }

  private static boolean namesAnEntryOfTheWalk(String operation, Translation walk) {
    return walk.lookups().stream()
        .anyMatch(l -> operation.contains("[" + Hex.address(l.descriptorAddress()) + "]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theWalkBeforeTheExceptionSaysTheSame(Case fault) {
    Explanation explanation =
        fault.stage.explain(new SimEvent.Translated(0x4008_0158L, fault.walk));
    assertThat(explanation.headline()).isEqualTo(fault.kind.at(fault.level));
    assertThat(explanation.walk()).hasSameSizeAs(fault.walk.lookups());
    assertThat(explanation.asText()).contains("The walk\n", "The rule\n", "What if\n");
  }

  private static Evidence row(Explanation explanation, String field) {
    return explanation.evidence().stream()
        .filter(e -> e.field().equals(field))
        .findFirst()
        .orElseThrow();
  }

  private static Evidence register(Explanation explanation, String register) {
    return explanation.evidence().stream()
        .filter(e -> e.register().equals(register))
        .findFirst()
        .orElseThrow();
  }
}
