package dev.stagewalk.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.explain.Explanation.Evidence;
import dev.stagewalk.explain.Explanation.Remedy;
import dev.stagewalk.explain.FaultCases.Case;
import dev.stagewalk.mmu.Geometry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Faults of a guest with both stages on: every kind at every level of either stage, also on the
 * stage-1 walk, with every granule, tables made by hand. Each fact in the explanation is held
 * against the walk, and each counterfactual against a walk through tables that were really changed.
 */
final class EveryFaultTest {
  @Test
  void everyFaultOfStage1IsExplained() {
    List<Case> cases = new ArrayList<>();
    for (boolean under : new boolean[] {true, false}) {
      for (Granule granule : Granule.values()) {
        for (int vaBits : new int[] {48, 36, 52}) {
          FaultCases.stage1Cases(cases, granule, vaBits, under);
        }
      }
    }
    check(cases);
    assertCovers(cases, 1, false, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ADDRESS_SIZE, -1, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.EXTERNAL_ON_WALK, -1, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ALIGNMENT, 0, 1, 2, 3);
  }

  @Test
  void everyFaultOfTheRegimesOfEl2IsExplained() {
    for (Regime regime : List.of(Regime.EL2, Regime.EL2_0)) {
      List<Case> cases = new ArrayList<>();
      for (Granule granule : Granule.values()) {
        for (int vaBits : new int[] {48, 36, 52}) {
          FaultCases.stage1Cases(cases, regime, granule, vaBits, false);
        }
      }
      check(cases);
      assertCovers(cases, 1, false, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
      assertCovers(cases, 1, false, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
      assertCovers(cases, 1, false, FaultKind.PERMISSION, 0, 1, 2, 3);
      assertCovers(cases, 1, false, FaultKind.ADDRESS_SIZE, -1, 0, 1, 2, 3);
      assertCovers(cases, 1, false, FaultKind.EXTERNAL_ON_WALK, -1, 0, 1, 2, 3);
      assertCovers(cases, 1, false, FaultKind.ALIGNMENT, 0, 1, 2, 3);
    }
  }

  @Test
  void everyFaultOfStage2OnTheStage1WalkIsExplained() {
    List<Case> cases = new ArrayList<>();
    FaultCases.geometries().forEach(geometry -> FaultCases.stage2Cases(cases, geometry, true));
    check(cases);
    assertCovers(cases, 2, true, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.ADDRESS_SIZE, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.EXTERNAL_ON_WALK, 0, 1, 2, 3);
  }

  @Test
  void everyFaultOfStage2OnTheOutputIsExplained() {
    List<Case> cases = new ArrayList<>();
    FaultCases.geometries().forEach(geometry -> FaultCases.stage2Cases(cases, geometry, false));
    check(cases);
    assertCovers(cases, 2, false, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ADDRESS_SIZE, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.EXTERNAL_ON_WALK, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ALIGNMENT, 0, 1, 2, 3);
  }

  @Test
  void faultsThatControlsCauseAreExplained() {
    List<Case> cases = new ArrayList<>();
    for (Regime regime : Regime.values()) {
      for (Granule granule : Granule.values()) {
        controls(cases, regime, granule);
      }
    }
    check(cases);
  }

  private static void controls(List<Case> all, Regime regime, Granule granule) {
    Controls cases = new Controls(all, regime);
    long va = 0x1234_5000L;
    control(cases, granule, "T0SZ too large", g -> g.set("TCR_EL1", g.get("TCR_EL1") | 63), va);
    control(cases, granule, "VA outside", g -> {}, 1L << 50);
    if (regime != Regime.EL2) {
      control(cases, granule, "EPD0", g -> g.set("TCR_EL1", g.get("TCR_EL1") | 1 << 7), va);
      control(cases, granule, "EPD1", g -> {}, -0x1000L);
      control(
          cases,
          granule,
          "E0PD0",
          g -> g.set("TCR_EL1", g.get("TCR_EL1") | 1L << 55),
          va,
          FaultCases.EL0_READ,
          FaultKind.TRANSLATION);
    }
    control(
        cases,
        granule,
        "root beyond IPS",
        g -> {
          g.outputSize(2);
          g.rootAt(FaultCases.BIT_41);
        },
        va,
        Access.read(8),
        FaultKind.ADDRESS_SIZE);
    control(
        cases,
        granule,
        "stage 1 off, VA too large",
        g -> g.set("SCTLR_EL1", 0),
        1L << 50,
        Access.read(8),
        FaultKind.ADDRESS_SIZE);
    control(
        cases,
        granule,
        "stage 1 off, unaligned",
        g -> g.set("SCTLR_EL1", 0),
        FaultCases.TARGET + 1,
        FaultCases.UNALIGNED,
        FaultKind.ALIGNMENT);
  }

  @Test
  void stage2RefusingBeforeItsFirstLookupIsExplained() {
    List<Case> cases = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      Geometry narrow = Geometry.choose(granule, 40, FaultCases.PA_48);
      GuestTables guest = new GuestTables(narrow, GuestTables.VM, Granule.K4, 48, FaultCases.PA_48);
      guest.put(0x1000, 3, 1L << 45 | FaultCases.S1);
      Translation walk = guest.walk(0x1000, Access.write(8));
      FaultKind kind = FaultKind.TRANSLATION;
      cases.add(new Case("output beyond the IPA size", guest, walk, kind, 0, 2, false, -1));
      GuestTables far = new GuestTables(narrow, GuestTables.VM, Granule.K4, 48, FaultCases.PA_48);
      far.rootAt(1L << 45);
      walk = far.walk(0x1000, Access.write(8));
      cases.add(new Case("table beyond the IPA size", far, walk, kind, 0, 2, true, -1));
    }
    check(cases);
  }

  @Test
  void abortsThatNoWalkEndsInAreExplained() {
    Stage stage =
        new Stage(Geometry.choose(Granule.K4, 40, FaultCases.PA_48).vtcr(), FaultCases.PA_48);
    for (FaultKind kind :
        List.of(
            FaultKind.EXTERNAL,
            FaultKind.TLB_CONFLICT,
            FaultKind.UNSUPPORTED_EXCLUSIVE,
            FaultKind.ALIGNMENT)) {
      for (int from = 0; from <= 2; from++) {
        int toEl = Math.max(1, from);
        long ec = from == 0 ? 0x24 : 0x25;
        ExceptionTaken taken =
            new ExceptionTaken(
                from,
                toEl,
                from == 0 ? 8 : 4,
                ec << 26 | 1 << 25 | kind.statusCode(0),
                0,
                0,
                false,
                0x4008_0120L,
                0x3c0 | from << 2,
                null);
        abortWithoutWalk(stage, taken, kind);
      }
      long ec = 0x24;
      abortWithoutWalk(stage, Stage.other(2, 8, ec << 26 | 1 << 25 | kind.statusCode(0)), kind);
    }
  }

  private static void abortWithoutWalk(Stage stage, ExceptionTaken taken, FaultKind kind) {
    int toEl = taken.toEl();
    Explanation explanation = stage.explain(taken);
    assertThat(explanation.headline()).isEqualTo(kind.words());
    assertThat(explanation.sentences()).as("%s", kind).hasSizeGreaterThan(1);
    assertThat(row(explanation, "", "DFSC").map(Evidence::meaning)).contains(kind.words());
    assertThat(explanation.rule().orElseThrow().source()).isNotEmpty();
    assertThat(explanation.counterfactual()).isEmpty();
    assertThat(explanation.mender()).isEqualTo(toEl == 1 ? "guest's OS" : "hypervisor");
    assertThat(explanation.remedies()).hasSizeGreaterThan(1);
    assertThat(explanation.remedies().stream().flatMap(r -> r.operations().stream()))
        .as("%s to EL%d", kind, toEl)
        .matches(operations ->
            kind != FaultKind.TLB_CONFLICT
                || operations.stream()
                    .anyMatch(
                        o -> o.startsWith(taken.fromEl() == 2 ? "TLBI ALLE2" : "TLBI VMALL")));
  }

  @Test
  void aTlbConflictThatNamesItsTranslationIsNoRefusalOfAnAddress() {
    Stage stage =
        new Stage(Geometry.choose(Granule.K4, 40, FaultCases.PA_48).vtcr(), FaultCases.PA_48);
    FaultKind kind = FaultKind.TLB_CONFLICT;
    Translation.Fault fault = new Translation.Fault(kind, 0, 2, false, 0x4020_0000L, "conflict");
    Translation hit = new Translation(2, 1, 0x4020_0000L, Access.read(8), List.of(), fault);
    Explanation explanation = stage.explain(stage.abort(hit));
    assertThat(explanation.sentences()).contains("More than one TLB entry matched the address.");
    assertThat(explanation.remedies().getFirst().operations())
        .containsSubsequence("TLBI VMALLS12E1IS", "DSB ISH", "ISB");
  }

  private interface Setup {
    void to(GuestTables guest);
  }

  private record Controls(List<Case> cases, Regime regime) {}

  private static void control(Controls cases, Granule granule, String what, Setup setup, long va) {
    control(cases, granule, what, setup, va, Access.read(8), FaultKind.TRANSLATION);
  }

  private static void control(
      Controls cases,
      Granule granule,
      String what,
      Setup setup,
      long va,
      Access access,
      FaultKind kind) {
    GuestTables guest = FaultCases.guest(cases.regime, granule, 48, true);
    guest.put(0x1234_5000L, 2, 0);
    setup.to(guest);
    Translation walk = guest.walk(va, access);
    String name = cases.regime.text() + ", " + granule.text() + ", " + what;
    cases.cases.add(new Case(name, guest, walk, kind, 0, 1, false, -1));
  }

  // What must hold.

  private static void assertCovers(
      List<Case> cases, int stage, boolean onStage1Walk, FaultKind kind, Integer... levels) {
    Set<Integer> met = new HashSet<>();
    for (Case c : cases) {
      if (c.stage() == stage && c.onStage1Walk() == onStage1Walk && c.kind() == kind) {
        met.add(c.level());
      }
    }
    assertThat(met).as("levels of %s", kind).contains(levels);
  }

  private static void check(List<Case> cases) {
    assertThat(cases).hasSizeGreaterThan(5);
    for (Case c : cases) {
      assertThat(c.walk().outcome()).as(c.name()).isInstanceOf(Translation.Fault.class);
      Translation.Fault fault = (Translation.Fault) c.walk().outcome();
      assertThat(fault.kind()).as(c.name()).isEqualTo(c.kind());
      assertThat(fault.stage()).as(c.name()).isEqualTo(c.stage());
      assertThat(fault.onStage1Walk()).as(c.name()).isEqualTo(c.onStage1Walk());
      if (c.kind().hasLevel()) {
        assertThat(fault.level()).as(c.name()).isEqualTo(c.level());
      }
      ExceptionTaken taken = c.guest().abort(c.walk());
      Explanation explanation = c.guest().stage.explain(taken);
      headlineAndSentences(c, fault, explanation);
      evidence(c, fault, taken, explanation);
      path(c, explanation);
      assertThat(explanation.rule()).as(c.name()).isPresent();
      assertThat(explanation.rule().get().source()).as(c.name()).isNotEmpty();
      remedies(c, fault, explanation);
      Explanation before = c.guest().stage.explain(new SimEvent.Translated(0x4008_0158L, c.walk()));
      assertThat(before.headline()).as(c.name()).isEqualTo(explanation.headline());
      assertThat(before.counterfactual()).as(c.name()).isEqualTo(explanation.counterfactual());
      counterfactual(c, explanation);
    }
  }

  private static void headlineAndSentences(
      Case c, Translation.Fault fault, Explanation explanation) {
    assertThat(explanation.headline()).as(c.name()).isEqualTo(c.kind().at(c.level()));
    assertThat(explanation.route())
        .as(c.name())
        .isEqualTo(
            "EL"
                + (c.walk().access().privileged() ? c.guest().ownLevel() : 0)
                + " → EL"
                + takenTo(c));
    String first = explanation.sentences().getFirst();
    assertThat(first).as(c.name()).contains("VA " + Hex.address(c.walk().input()));
    if (c.onStage1Walk()) {
      assertThat(first)
          .as(c.name())
          .contains("Its stage-1 walk needs a descriptor at IPA " + Hex.address(fault.ipa()));
    } else if (c.stage() == 2) {
      assertThat(first).as(c.name()).contains("Stage 1 gives IPA " + Hex.address(fault.ipa()));
    }
    boolean guests = c.guest().regime == Regime.EL1_0;
    assertThat(first).as(c.name()).matches(s -> guests == s.startsWith("Guest EL"));
    String found = explanation.sentences().get(1);
    if (c.slot() < 0) {
      assertThat(found)
          .as(c.name())
          .containsAnyOf("No descriptor was read", "before its own first");
    } else if (c.kind() == FaultKind.EXTERNAL_ON_WALK) {
      assertThat(found).as(c.name()).contains("no memory answers at " + Hex.address(c.slot()));
    } else {
      long descriptor = c.guest().stage.memory.read(c.slot(), 8);
      assertThat(found)
          .as(c.name())
          .contains(
              "stage-" + c.stage() + " level " + c.level() + " table",
              "holds " + (descriptor == 0 ? "0x0" : Hex.full(descriptor)) + ".");
    }
  }

  private static int takenTo(Case c) {
    return c.stage() == 2 ? 2 : c.guest().ownLevel();
  }

  private static void evidence(
      Case c, Translation.Fault fault, ExceptionTaken taken, Explanation explanation) {
    boolean fetch = c.walk().access().kind() == Access.Kind.FETCH;
    assertThat(row(explanation, "", fetch ? "IFSC" : "DFSC").map(Evidence::meaning))
        .as(c.name())
        .contains(c.kind().at(c.level()));
    assertThat(row(explanation, "", "S1PTW").isPresent()).as(c.name()).isEqualTo(c.onStage1Walk());
    assertThat(row(explanation, "FAR_EL" + takenTo(c), "").map(Evidence::value))
        .as(c.name())
        .contains(Hex.address(c.walk().input()));
    Optional<Evidence> hpfar =
        explanation.evidence().stream().filter(e -> e.register().equals("HPFAR_EL2")).findFirst();
    assertThat(hpfar.isPresent()).as(c.name()).isEqualTo(taken.toEl() == 2);
    if (hpfar.isPresent()) {
      boolean valid =
          c.stage() == 2
                  && EnumSet.of(
                          FaultKind.TRANSLATION, FaultKind.ACCESS_FLAG, FaultKind.ADDRESS_SIZE)
                      .contains(c.kind())
              || (c.stage() == 2 && c.kind() == FaultKind.PERMISSION && c.onStage1Walk());
      assertThat(hpfar.get().meaning())
          .as(c.name())
          .startsWith(valid ? "IPA page " + Hex.address(fault.ipa() & -4096) : "UNKNOWN: ");
    }
  }

  private static Optional<Evidence> row(Explanation explanation, String register, String field) {
    return explanation.evidence().stream()
        .filter(e -> e.field().equals(field) && e.register().contains(register))
        .findFirst();
  }

  private static void path(Case c, Explanation explanation) {
    List<Lookup> made =
        c.walk().lookups().stream()
            .flatMap(lookup -> Stream.concat(lookup.nested().stream(), Stream.of(lookup)))
            .toList();
    assertThat(explanation.walk()).as(c.name()).hasSameSizeAs(made);
    for (int i = 0; i < made.size(); i++) {
      Lookup lookup = made.get(i);
      assertThat(explanation.walk().get(i).strip())
          .as(c.name())
          .startsWith(
              "Stage "
                  + lookup.stage()
                  + " level "
                  + lookup.level()
                  + ": table "
                  + Hex.address(lookup.table())
                  + ", entry "
                  + lookup.index());
      if (lookup.verdict() != Verdict.UNREACHED) {
        assertThat(explanation.walk().get(i)).contains(Hex.address(lookup.descriptorAddress()));
      }
    }
  }

  private static void remedies(Case c, Translation.Fault fault, Explanation explanation) {
    boolean guests = c.guest().regime == Regime.EL1_0;
    String who = c.stage() == 2 || !guests ? "hypervisor" : "guest's OS";
    assertThat(explanation.mender()).as(c.name()).isEqualTo(who);
    assertThat(explanation.sections())
        .as(c.name())
        .anyMatch(s -> s.title().equals("What the " + who + " may do"));
    assertThat(explanation.remedies()).as(c.name()).isNotEmpty();
    passedOn(c, explanation);
    assertThat(explanation.remedies())
        .as(c.name())
        .matches(all -> c.stage() == 2 || all.stream().noneMatch(r -> r.title().contains("guest")));
    if (c.slot() < 0) {
      return;
    }
    Remedy first = explanation.remedies().getFirst();
    List<String> operations = first.operations();
    String maintenance = c.stage() == 2 ? "TLBI IPAS2E1IS" : byVa(c);
    switch (c.kind()) {
      case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> {
        assertThat(operations).as(c.name()).noneMatch(o -> o.startsWith("TLBI"));
        assertThat(first.sentence()).as(c.name()).contains("No TLBI");
        assertThat(operations).as(c.name()).anyMatch(o -> o.startsWith("DSB ISHST"));
      }
      case PERMISSION, EXTERNAL_ON_WALK, ALIGNMENT -> {
        List<String> all =
            explanation.remedies().stream().flatMap(r -> r.operations().stream()).toList();
        if (all.stream().anyMatch(o -> o.startsWith(maintenance))) {
          canonicalOrder(c, fault, explanation);
        } else {
          assertThat(first.title())
              .as(c.name())
              .isIn(
                  "Mean it",
                  "Change what else forbids it",
                  "Use aligned accesses",
                  "Write a TTBR that names memory");
        }
      }
      default -> throw new AssertionError(c.name());
    }
    if (c.kind() == FaultKind.PERMISSION && c.stage() == 2 && !c.onStage1Walk()) {
      Remedy find =
          explanation.remedies().stream()
              .filter(r -> r.title().equals("Find the IPA"))
              .findFirst()
              .orElseThrow();
      assertThat(find.operations())
          .as(c.name())
          .anyMatch(o -> o.startsWith("HCR_EL2.TGE = 0"))
          .containsSubsequence("save PAR_EL1, which is the guest's", "AT S1E1R, FAR_EL2", "ISB");
      assertThat(find.sentence())
          .as(c.name())
          .contains("Here it gives IPA " + Hex.address(fault.ipa()) + ".");
    }
  }

  private static String byVa(Case c) {
    return c.guest().regime == Regime.EL1_0 ? "TLBI VAE1IS" : "TLBI VAE2IS";
  }

  /** What a guest sees of a fault of stage 2 that the hypervisor passes on to it. */
  private static void passedOn(Case c, Explanation explanation) {
    if (c.stage() == 1) {
      return;
    }
    String syndrome =
        explanation.remedies().stream()
            .filter(r -> r.title().equals("Pass it on to the guest"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(c.name()))
            .operations()
            .getFirst();
    long esr = Long.decode(syndrome.split("[=,]")[1].strip().replace("_", ""));
    int level = c.walk().lookups().stream().filter(l -> l.stage() == 1).toList().getLast().level();
    int status = level < 0 ? 0x13 : 0x14 + level;
    assertThat(esr & 0x3f).as(c.name()).isEqualTo(c.onStage1Walk() ? status : 0x10);
    boolean write =
        c.onStage1Walk() || c.walk().access().kind() != Access.Kind.ATOMIC
            ? c.walk().access().kind() == Access.Kind.WRITE
            : ((Translation.Fault) c.walk().outcome()).asWrite();
    assertThat((esr >>> 6 & 1) != 0).as(c.name()).isEqualTo(write);
  }

  private static void canonicalOrder(Case c, Translation.Fault fault, Explanation explanation) {
    Remedy remedy =
        explanation.remedies().stream()
            .filter(r -> r.operations().stream().anyMatch(o -> o.startsWith("TLBI ")))
            .findFirst()
            .orElseThrow(() -> new AssertionError(c.name()));
    List<String> starts =
        remedy.operations().stream().map(o -> o.split("[,(]")[0].strip()).toList();
    if (c.stage() == 2) {
      assertThat(starts)
          .as(c.name())
          .containsSubsequence(
              "DSB ISHST", "TLBI IPAS2E1IS", "DSB ISH", "TLBI VMALLE1IS", "DSB ISH", "ISB");
      if (c.kind() != FaultKind.EXTERNAL_ON_WALK) {
        assertThat(remedy.operations())
            .as(c.name())
            .anyMatch(o -> o.contains("IPAS2E1IS, operand " + Hex.plain(fault.ipa() >>> 12)));
      }
    } else {
      assertThat(starts).as(c.name()).containsSubsequence("DSB ISHST", byVa(c), "DSB ISH", "ISB");
      int asid = c.guest().asid();
      long operand = (long) Math.max(0, asid) << 48 | c.walk().input() << 8 >>> 20;
      String named = asid < 0 ? " (" : " (ASID 5";
      assertThat(remedy.operations())
          .as(c.name())
          .anyMatch(o -> o.contains("operand " + Hex.plain(operand) + named));
    }
  }

  private static void leafOf(int stage, @Nullable StageOutput leaf, Case c, Counterfactual what) {
    if (leaf != null && leaf.walked()) {
      String size = Size.words(1L << leaf.shift());
      assertThat(what.line())
          .as(c.name())
          .contains("stage " + stage + ": " + size + ", level " + leaf.level());
    }
  }

  /** The walker's own answer once memory and registers really are as the condition says. */
  private static void counterfactual(Case c, Explanation explanation) {
    assertThat(explanation.counterfactual()).as(c.name()).isPresent();
    Counterfactual whatIf = explanation.counterfactual().get();
    assertThat(whatIf.result()).as(c.name()).isNotEqualTo(c.walk());
    boolean possible = true;
    for (Change change : whatIf.changes()) {
      possible &= c.guest().stage.memory.contains(change.pa(), 8);
    }
    assertThat(possible).as(c.name()).isEqualTo(c.kind() != FaultKind.EXTERNAL_ON_WALK);
    if (possible) {
      for (Change change : whatIf.changes()) {
        c.guest().stage.memory.write(change.pa(), 8, change.value());
      }
      Translation really =
          c.guest().walk(whatIf.result().input(), whatIf.result().access(), whatIf.registers());
      assertThat(whatIf.result()).as(c.name()).isEqualTo(really);
    }
    if (whatIf.result().outcome() instanceof Translation.Output output) {
      assertThat(whatIf.line()).as(c.name()).contains("output " + Hex.address(output.address()));
      Stages stages = Objects.requireNonNull(whatIf.result().stages());
      leafOf(1, stages.stage1(), c, whatIf);
      leafOf(2, stages.stage2(), c, whatIf);
    } else {
      assertThat(whatIf.line()).as(c.name()).contains("still a fault");
      // A leaf made up for an address need not be where the other stage has memory; a flag or a
      // permission that was all that lacked leads to memory.
      assertThat(c.kind())
          .as("%s: %s", c.name(), whatIf.line())
          .isIn(FaultKind.TRANSLATION, FaultKind.ADDRESS_SIZE, FaultKind.EXTERNAL_ON_WALK);
    }
  }
}
