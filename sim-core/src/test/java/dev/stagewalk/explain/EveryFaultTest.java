package dev.stagewalk.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.explain.Explanation.Evidence;
import dev.stagewalk.explain.Explanation.Remedy;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Faults of a guest with both stages on: every kind at every level of either stage, also on the
 * stage-1 walk, with every granule, tables made by hand. Each fact in the explanation is held
 * against the walk, and each counterfactual against a walk through tables that were really changed.
 */
final class EveryFaultTest {
  private static final Features PA_48 = Features.MAX.withPaBits(48);
  private static final long BIT_41 = 1L << 41;
  private static final long NO_MEMORY = 0x10_0000_0000L;
  private static final long TARGET = 0x4a00_0000L;
  private static final long S1 = 0x703; // Inner Shareable, AF, page or table
  private static final long S1_UXN = 1L << 54;
  private static final long S1_PXN = 1L << 53;
  private static final Access ATOMIC = new Access(Access.Kind.ATOMIC, 8, true);
  private static final Access EL0_READ = new Access(Access.Kind.READ, 8, false);
  private static final Access EL0_FETCH = new Access(Access.Kind.FETCH, 4, false);
  private static final Access UNALIGNED = new Access(Access.Kind.READ, 8, true, false, false);
  private static final Access WITH_PAN = new Access(Access.Kind.READ, 8, true, true, true);

  /**
   * A fault to be explained.
   *
   * @param slot where the entry stands that refuses; −1 if none was read
   */
  private record Case(
      String name,
      GuestTables guest,
      Translation walk,
      FaultKind kind,
      int level,
      int stage,
      boolean onStage1Walk,
      long slot) {}

  @Test
  void everyFaultOfStage1IsExplained() {
    List<Case> cases = new ArrayList<>();
    for (boolean under : new boolean[] {true, false}) {
      for (Granule granule : Granule.values()) {
        for (int vaBits : new int[] {48, 36, 52}) {
          stage1Cases(cases, granule, vaBits, under);
        }
      }
    }
    check(cases);
    assertCovers(cases, 1, false, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ADDRESS_SIZE, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.EXTERNAL_ON_WALK, -1, 0, 1, 2, 3);
    assertCovers(cases, 1, false, FaultKind.ALIGNMENT, 0, 1, 2, 3);
  }

  @Test
  void everyFaultOfStage2OnTheStage1WalkIsExplained() {
    List<Case> cases = new ArrayList<>();
    geometries().forEach(geometry -> stage2Cases(cases, geometry, true));
    check(cases);
    assertCovers(cases, 2, true, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.ADDRESS_SIZE, 0, 1, 2, 3);
    assertCovers(cases, 2, true, FaultKind.EXTERNAL_ON_WALK, 0, 1, 2, 3);
  }

  @Test
  void everyFaultOfStage2OnTheOutputIsExplained() {
    List<Case> cases = new ArrayList<>();
    geometries().forEach(geometry -> stage2Cases(cases, geometry, false));
    check(cases);
    assertCovers(cases, 2, false, FaultKind.TRANSLATION, -1, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ACCESS_FLAG, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.PERMISSION, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ADDRESS_SIZE, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.EXTERNAL_ON_WALK, 0, 1, 2, 3);
    assertCovers(cases, 2, false, FaultKind.ALIGNMENT, 0, 1, 2, 3);
  }

  @Test
  void faultsThatControlsCauseAreExplained() {
    List<Case> cases = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      long va = 0x1234_5000L;
      control(cases, granule, "T0SZ too large", g -> g.set("TCR_EL1", g.get("TCR_EL1") | 63), va);
      control(cases, granule, "VA outside", g -> {}, 1L << 50);
      control(cases, granule, "EPD0", g -> g.set("TCR_EL1", g.get("TCR_EL1") | 1 << 7), va);
      control(cases, granule, "EPD1", g -> {}, -0x1000L);
      control(
          cases,
          granule,
          "E0PD0",
          g -> g.set("TCR_EL1", g.get("TCR_EL1") | 1L << 55),
          va,
          EL0_READ,
          FaultKind.TRANSLATION);
      control(
          cases,
          granule,
          "root beyond IPS",
          g -> {
            g.set("TCR_EL1", g.get("TCR_EL1") & ~(7L << 32) | 2L << 32);
            g.rootAt(BIT_41);
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
          TARGET + 1,
          UNALIGNED,
          FaultKind.ALIGNMENT);
    }
    check(cases);
  }

  @Test
  void stage2RefusingBeforeItsFirstLookupIsExplained() {
    List<Case> cases = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      Geometry narrow = Geometry.choose(granule, 40, PA_48);
      GuestTables guest = new GuestTables(narrow, GuestTables.VM, Granule.K4, 48, PA_48);
      guest.put(0x1000, 3, 1L << 45 | S1);
      Translation walk = guest.walk(0x1000, Access.write(8));
      FaultKind kind = FaultKind.TRANSLATION;
      cases.add(new Case("output beyond the IPA size", guest, walk, kind, 0, 2, false, -1));
      GuestTables far = new GuestTables(narrow, GuestTables.VM, Granule.K4, 48, PA_48);
      far.rootAt(1L << 45);
      walk = far.walk(0x1000, Access.write(8));
      cases.add(new Case("table beyond the IPA size", far, walk, kind, 0, 2, true, -1));
    }
    check(cases);
  }

  @Test
  void abortsThatNoWalkEndsInAreExplained() {
    Stage stage = new Stage(Geometry.choose(Granule.K4, 40, PA_48).vtcr(), PA_48);
    for (FaultKind kind :
        List.of(
            FaultKind.EXTERNAL,
            FaultKind.TLB_CONFLICT,
            FaultKind.UNSUPPORTED_EXCLUSIVE,
            FaultKind.ALIGNMENT)) {
      for (int toEl = 1; toEl <= 2; toEl++) {
        long ec = toEl == 1 ? 0x25 : 0x24;
        ExceptionTaken taken =
            Stage.other(toEl, toEl == 1 ? 4 : 8, ec << 26 | 1 << 25 | kind.statusCode(0));
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
                    || operations.stream().anyMatch(o -> o.startsWith("TLBI VMALL")));
      }
    }
  }

  @Test
  void aTlbConflictThatNamesItsTranslationIsNoRefusalOfAnAddress() {
    Stage stage = new Stage(Geometry.choose(Granule.K4, 40, PA_48).vtcr(), PA_48);
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

  private static void control(
      List<Case> cases, Granule granule, String what, Setup setup, long va) {
    control(cases, granule, what, setup, va, Access.read(8), FaultKind.TRANSLATION);
  }

  private static void control(
      List<Case> cases,
      Granule granule,
      String what,
      Setup setup,
      long va,
      Access access,
      FaultKind kind) {
    GuestTables guest = guest(granule, 48, true);
    guest.put(0x1234_5000L, 2, 0);
    setup.to(guest);
    Translation walk = guest.walk(va, access);
    cases.add(new Case(granule.text() + ", " + what, guest, walk, kind, 0, 1, false, -1));
  }

  private static GuestTables guest(Granule granule, int vaBits, boolean under) {
    Features features = vaBits > 48 ? Features.MAX : PA_48;
    Geometry second = Geometry.choose(Granule.K4, 40, features);
    return new GuestTables(second, under ? GuestTables.VM : 0, granule, vaBits, features);
  }

  private static void stage1Cases(List<Case> cases, Granule granule, int vaBits, boolean under) {
    GuestTables probe = guest(granule, vaBits, under);
    for (int level = probe.first().lower().startLevel(); level <= 3; level++) {
      boolean leaf = level == 3 || probe.first().lower().format().blockAllowed(level);
      Stage1 at = new Stage1(cases, granule, vaBits, under, level);
      long type = level == 3 ? 3 : 1;
      long size = 1L << granule.levelShift(level);
      boolean ds = vaBits > 48 && granule != Granule.K64;
      long sh = ds ? 0 : 0x300;
      long target = TARGET & -size | type;
      FaultKind translation = FaultKind.TRANSLATION;
      at.add("invalid", 0, Access.write(8), translation);
      at.add("invalid, EL0", 0, EL0_READ, translation);
      at.add("invalid", 0, Access.fetch(), translation);
      if (!leaf || level == 3) {
        at.add("reserved", TARGET | 0x401 | sh, Access.read(4), translation);
      }
      if (leaf) {
        long good = target | 0x400 | sh;
        at.add("bit 0 clear", good & ~1L, Access.read(8), translation);
        at.add("AF clear", target | sh, Access.write(8), FaultKind.ACCESS_FLAG);
        FaultKind permission = FaultKind.PERMISSION;
        at.add("EL1 only", good, EL0_READ, permission);
        at.add("read-only", good | 0x80, Access.write(8), permission);
        at.add("read-only", good | 0x80, ATOMIC, permission);
        at.add("PXN", good | S1_PXN, Access.fetch(), permission);
        at.add("UXN", good | 0xc0 | S1_UXN, EL0_FETCH, permission);
        at.add("EL0 may write", good | 0x40, Access.fetch(), permission);
        at.add("PAN", good | 0x40, WITH_PAN, permission);
        at.add("Device", good | 4, UNALIGNED, FaultKind.ALIGNMENT);
        if (level > probe.first().lower().startLevel()) {
          at.limited("APTable", good, Access.write(8), 1L << 62);
          at.limited("PXNTable", good, Access.fetch(), 1L << 59);
          at.limited("APTable and AP", good, EL0_READ, 1L << 61);
        }
        at.wxn(good);
      }
      if (vaBits <= 48) {
        at.beyond(leaf ? BIT_41 | 0x400 | sh | type : BIT_41 | 3);
      }
      if (level < 3) {
        at.noMemory();
      }
      if (level == probe.first().lower().startLevel()) {
        at.noRoot();
      }
    }
  }

  /** Makes cases at one level of stage 1. */
  private record Stage1(List<Case> cases, Granule granule, int vaBits, boolean under, int level) {
    private long va() {
      return 0x4020_3018L | 1L << (vaBits - 1);
    }

    private String name(String what, Access access) {
      return "stage 1 %s, %d-bit VA, level %d, %s, %s%s"
          .formatted(
              granule.text(), vaBits, level, what, access.kind(), under ? ", under stage 2" : "");
    }

    void add(String what, long descriptor, Access access, FaultKind kind) {
      GuestTables guest = guest(granule, vaBits, under);
      long slot = guest.put(va(), level, descriptor);
      add(what, guest, access, kind, level, slot);
    }

    private void add(
        String what, GuestTables guest, Access access, FaultKind kind, int at, long slot) {
      long address = access.aligned() ? va() : va() + 1;
      Translation walk = guest.walk(address, access);
      cases.add(new Case(name(what, access), guest, walk, kind, at, 1, false, slot));
    }

    void limited(String what, long descriptor, Access access, long limit) {
      GuestTables guest = guest(granule, vaBits, under);
      long slot = guest.put(va(), level, descriptor);
      // The table above once more, now with a limit on all below it.
      long above = guest.put(va(), level - 1, 0);
      guest.stage.memory.write(above, 8, slot & -granule.bytes() | 3 | limit);
      add(what, guest, access, FaultKind.PERMISSION, level, slot);
    }

    void wxn(long descriptor) {
      GuestTables guest = guest(granule, vaBits, under);
      guest.set("SCTLR_EL1", guest.get("SCTLR_EL1") | 1 << 19);
      long slot = guest.put(va(), level, descriptor);
      add("WXN", guest, Access.fetch(), FaultKind.PERMISSION, level, slot);
    }

    void beyond(long descriptor) {
      GuestTables guest = guest(granule, vaBits, under);
      guest.set("TCR_EL1", guest.get("TCR_EL1") & ~(7L << 32) | 2L << 32);
      long slot = guest.put(va(), level, descriptor);
      add("beyond IPS", guest, Access.read(8), FaultKind.ADDRESS_SIZE, level, slot);
    }

    void noMemory() {
      GuestTables guest = guest(granule, vaBits, under);
      guest.put(va(), level, nowhere(guest) | 3);
      int index = (int) (va() >>> granule.levelShift(level + 1)) & (granule.entries() - 1);
      long slot = NO_MEMORY + 8L * index;
      add("no memory", guest, Access.read(8), FaultKind.EXTERNAL_ON_WALK, level + 1, slot);
    }

    void noRoot() {
      GuestTables guest = guest(granule, vaBits, under);
      guest.rootAt(nowhere(guest));
      int entries = guest.first().lower().rootEntries();
      int index = (int) (va() >>> granule.levelShift(level)) & (entries - 1);
      long slot = NO_MEMORY + 8L * index;
      add("no root", guest, Access.read(8), FaultKind.EXTERNAL_ON_WALK, level, slot);
    }

    /** An address that leads to where nothing is. */
    private long nowhere(GuestTables guest) {
      if (!under) {
        return NO_MEMORY;
      }
      guest.stage.put(1L << 37, 1, NO_MEMORY & -(1L << 30) | 0x7fd);
      return 1L << 37;
    }
  }

  private static List<Geometry> geometries() {
    List<Geometry> geometries = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      geometries.add(Geometry.legal(granule, 48, PA_48).getLast());
      geometries.add(Geometry.choose(granule, 40, PA_48));
      geometries.add(Geometry.legal(granule, 52, Features.MAX).getLast());
    }
    return geometries;
  }

  private static void stage2Cases(List<Case> cases, Geometry geometry, boolean onStage1Walk) {
    GuestTables probe = guest(geometry, GuestTables.VM);
    for (int level = geometry.startLevel(); level <= 3; level++) {
      boolean leaf = level == 3 || probe.stage.parameters.format().blockAllowed(level);
      Stage2 at = new Stage2(cases, geometry, level, onStage1Walk);
      long type = level == 3 ? 3 : 1;
      long size = 1L << geometry.granule().levelShift(level);
      long place = onStage1Walk ? GuestTables.TABLES : TARGET;
      long sh = probe.stage.parameters.ds() ? 0 : 0x300;
      long target = place & -size | type | sh;
      FaultKind translation = FaultKind.TRANSLATION;
      at.add("invalid", 0, Access.write(8), translation);
      at.add("invalid", 0, Access.fetch(), translation);
      if (!leaf || level == 3) {
        at.add("reserved", place & -size | 0x4fd | sh, Access.read(4), translation);
      }
      if (leaf) {
        at.add("bit 0 clear", (target | 0x4fc) & ~1L, Access.read(8), translation);
        at.add("AF clear", target | 0xfc, Access.read(1), FaultKind.ACCESS_FLAG);
        FaultKind permission = FaultKind.PERMISSION;
        at.add("S2AP 0", target | 0x43c, Access.read(8), permission);
        if (onStage1Walk) {
          at.deviceWalk(target | 0x4c0);
          at.noUpdate(target | 0x47c);
        } else {
          at.add("read-only", target | 0x47c, Access.write(8), permission);
          at.add("read-only", target | 0x47c, ATOMIC, permission);
          at.add("XN", target | 0x4fc | 1L << 54, Access.fetch(), permission);
          at.add("XN for EL0", target | 0x4fc | 3L << 53, EL0_FETCH, permission);
          at.add("Device", target | 0x4c0, UNALIGNED, FaultKind.ALIGNMENT);
        }
      }
      if (geometry.ipaBits() <= 48) {
        at.beyond(leaf ? BIT_41 | 0x4fc | sh | type : BIT_41 | 3);
      }
      if (level < 3) {
        at.noMemory();
      }
    }
  }

  private static GuestTables guest(Geometry geometry, long hcr) {
    Features features = geometry.ipaBits() > 48 ? Features.MAX : PA_48;
    int vaBits = geometry.ipaBits() > 48 ? 52 : 48;
    return new GuestTables(geometry, hcr, Granule.K4, vaBits, features);
  }

  /** Makes cases at one level of stage 2. */
  private record Stage2(List<Case> cases, Geometry geometry, int level, boolean onStage1Walk) {
    private static final long VA = 0x20_0000_3018L;

    /** The IPA that only these cases use; its offset in any block is that of the memory meant. */
    private long ipa() {
      return 1L << (geometry.ipaBits() - 1) | (onStage1Walk ? GuestTables.TABLES : TARGET);
    }

    private String name(String what, Access access) {
      return "stage 2 %s, %d-bit IPA, level %d, %s, %s"
          .formatted(geometry.granule().text(), geometry.ipaBits(), level, what, access.kind());
    }

    private GuestTables prepared(long hcr, boolean accessed) {
      GuestTables guest = guest(geometry, hcr);
      long leaf = onStage1Walk ? TARGET : ipa();
      guest.put(VA, 3, guest.entry(leaf, 0x343 | (accessed ? 0x400 : 0)));
      if (onStage1Walk) {
        guest.rootAt(ipa());
      }
      return guest;
    }

    void add(String what, long descriptor, Access access, FaultKind kind) {
      GuestTables guest = prepared(GuestTables.VM, true);
      if (access.kind() == Access.Kind.FETCH) {
        guest.put(VA, 3, guest.entry(onStage1Walk ? TARGET : ipa(), 0x7c3));
      }
      long slot = guest.stage.put(ipa(), level, descriptor);
      add(what, guest, access, kind, level, slot);
    }

    private void add(
        String what, GuestTables guest, Access access, FaultKind kind, int at, long slot) {
      Translation walk = guest.walk(access.aligned() ? VA : VA + 1, access);
      cases.add(new Case(name(what, access), guest, walk, kind, at, 2, onStage1Walk, slot));
    }

    void deviceWalk(long descriptor) {
      GuestTables guest = prepared(GuestTables.VM | GuestTables.PTW, true);
      long slot = guest.stage.put(ipa(), level, descriptor);
      add("Device and PTW", guest, Access.read(8), FaultKind.PERMISSION, level, slot);
    }

    /** The hardware shall set the Access flag in a table page that stage 2 makes read-only. */
    void noUpdate(long descriptor) {
      GuestTables guest = prepared(GuestTables.VM, false);
      guest.set("TCR_EL1", guest.get("TCR_EL1") | 1L << 39);
      // Only the page with the leaf is reached by the other IPA.
      long leafSlot = guest.put(VA, 3, guest.entry(TARGET, 0x343));
      guest.rootAt(GuestTables.TABLES);
      long page = leafSlot & -4096;
      long size = 1L << geometry.granule().levelShift(level);
      long other = 1L << (geometry.ipaBits() - 1) | page;
      guest.put(VA, 2, guest.entry(other, 3));
      long slot = guest.stage.put(other, level, page & -size | descriptor & (size - 1) & 0xfff);
      add("hardware update", guest, Access.read(8), FaultKind.PERMISSION, level, slot);
    }

    void beyond(long descriptor) {
      Geometry g = geometry;
      Geometry narrow =
          new Geometry(
              g.granule(),
              g.ipaBits(),
              40,
              g.startLevel(),
              g.rootTables(),
              g.rootBytes(),
              g.rootAlignment(),
              g.vtcr() & ~(7L << 16) | 2L << 16);
      Stage2 other = new Stage2(cases, narrow, level, onStage1Walk);
      other.add("beyond PS", descriptor, Access.read(8), FaultKind.ADDRESS_SIZE);
    }

    void noMemory() {
      GuestTables guest = prepared(GuestTables.VM, true);
      guest.stage.put(ipa(), level, NO_MEMORY | 3);
      int index =
          (int) (ipa() >>> geometry.granule().levelShift(level + 1))
              & (geometry.granule().entries() - 1);
      long slot = NO_MEMORY + 8L * index;
      add("no memory", guest, Access.read(8), FaultKind.EXTERNAL_ON_WALK, level + 1, slot);
    }
  }

  // What must hold.

  private static void assertCovers(
      List<Case> cases, int stage, boolean onStage1Walk, FaultKind kind, Integer... levels) {
    Set<Integer> met = new HashSet<>();
    for (Case c : cases) {
      if (c.stage == stage && c.onStage1Walk == onStage1Walk && c.kind == kind) {
        met.add(c.level);
      }
    }
    assertThat(met).as("levels of %s", kind).contains(levels);
  }

  private static void check(List<Case> cases) {
    assertThat(cases).hasSizeGreaterThan(5);
    for (Case c : cases) {
      assertThat(c.walk.outcome()).as(c.name).isInstanceOf(Translation.Fault.class);
      Translation.Fault fault = (Translation.Fault) c.walk.outcome();
      assertThat(fault.kind()).as(c.name).isEqualTo(c.kind);
      assertThat(fault.stage()).as(c.name).isEqualTo(c.stage);
      assertThat(fault.onStage1Walk()).as(c.name).isEqualTo(c.onStage1Walk);
      if (c.kind.hasLevel()) {
        assertThat(fault.level()).as(c.name).isEqualTo(c.level);
      }
      ExceptionTaken taken = c.guest.abort(c.walk);
      Explanation explanation = c.guest.stage.explain(taken);
      headlineAndSentences(c, fault, explanation);
      evidence(c, fault, taken, explanation);
      path(c, explanation);
      assertThat(explanation.rule()).as(c.name).isPresent();
      assertThat(explanation.rule().get().source()).as(c.name).isNotEmpty();
      remedies(c, fault, explanation);
      Explanation before = c.guest.stage.explain(new SimEvent.Translated(0x4008_0158L, c.walk));
      assertThat(before.headline()).as(c.name).isEqualTo(explanation.headline());
      assertThat(before.counterfactual()).as(c.name).isEqualTo(explanation.counterfactual());
      counterfactual(c, explanation);
    }
  }

  private static void headlineAndSentences(
      Case c, Translation.Fault fault, Explanation explanation) {
    assertThat(explanation.headline()).as(c.name).isEqualTo(c.kind.at(c.level));
    assertThat(explanation.route())
        .as(c.name)
        .isEqualTo((c.walk.access().privileged() ? "EL1" : "EL0") + " → EL" + c.stage);
    String first = explanation.sentences().getFirst();
    assertThat(first).as(c.name).contains("VA " + Hex.address(c.walk.input()));
    if (c.onStage1Walk) {
      assertThat(first)
          .as(c.name)
          .contains("Its stage-1 walk needs a descriptor at IPA " + Hex.address(fault.ipa()));
    } else if (c.stage == 2) {
      assertThat(first).as(c.name).contains("Stage 1 gives IPA " + Hex.address(fault.ipa()));
    }
    String found = explanation.sentences().get(1);
    if (c.slot < 0) {
      assertThat(found).as(c.name).containsAnyOf("No descriptor was read", "before its own first");
    } else if (c.kind == FaultKind.EXTERNAL_ON_WALK) {
      assertThat(found).as(c.name).contains("no memory answers at " + Hex.address(c.slot));
    } else {
      long descriptor = c.guest.stage.memory.read(c.slot, 8);
      assertThat(found)
          .as(c.name)
          .contains(
              "stage-" + c.stage + " level " + c.level + " table",
              "holds " + (descriptor == 0 ? "0x0" : Hex.full(descriptor)) + ".");
    }
  }

  private static void evidence(
      Case c, Translation.Fault fault, ExceptionTaken taken, Explanation explanation) {
    boolean fetch = c.walk.access().kind() == Access.Kind.FETCH;
    assertThat(row(explanation, "", fetch ? "IFSC" : "DFSC").map(Evidence::meaning))
        .as(c.name)
        .contains(c.kind.at(c.level));
    assertThat(row(explanation, "", "S1PTW").isPresent()).as(c.name).isEqualTo(c.onStage1Walk);
    assertThat(row(explanation, "FAR_EL" + c.stage, "").map(Evidence::value))
        .as(c.name)
        .contains(Hex.address(c.walk.input()));
    Optional<Evidence> hpfar =
        explanation.evidence().stream().filter(e -> e.register().equals("HPFAR_EL2")).findFirst();
    assertThat(hpfar.isPresent()).as(c.name).isEqualTo(taken.toEl() == 2);
    if (hpfar.isPresent()) {
      boolean valid =
          EnumSet.of(FaultKind.TRANSLATION, FaultKind.ACCESS_FLAG, FaultKind.ADDRESS_SIZE)
                  .contains(c.kind)
              || (c.kind == FaultKind.PERMISSION && c.onStage1Walk);
      assertThat(hpfar.get().meaning())
          .as(c.name)
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
        c.walk.lookups().stream()
            .flatMap(lookup -> Stream.concat(lookup.nested().stream(), Stream.of(lookup)))
            .toList();
    assertThat(explanation.walk()).as(c.name).hasSameSizeAs(made);
    for (int i = 0; i < made.size(); i++) {
      Lookup lookup = made.get(i);
      assertThat(explanation.walk().get(i).strip())
          .as(c.name)
          .startsWith(
              (lookup.stage() == 1 ? "Stage 1 level " : "Level ")
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
    String who = c.stage == 2 ? "hypervisor" : "guest's OS";
    assertThat(explanation.mender()).as(c.name).isEqualTo(who);
    assertThat(explanation.sections())
        .as(c.name)
        .anyMatch(s -> s.title().equals("What the " + who + " may do"));
    assertThat(explanation.remedies()).as(c.name).isNotEmpty();
    if (c.slot < 0) {
      return;
    }
    Remedy first = explanation.remedies().getFirst();
    List<String> operations = first.operations();
    String maintenance = c.stage == 2 ? "TLBI IPAS2E1IS" : "TLBI VAE1IS";
    switch (c.kind) {
      case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> {
        assertThat(operations).as(c.name).noneMatch(o -> o.startsWith("TLBI"));
        assertThat(first.sentence()).as(c.name).contains("No TLBI");
        assertThat(operations).as(c.name).anyMatch(o -> o.startsWith("DSB ISHST"));
      }
      case PERMISSION, EXTERNAL_ON_WALK, ALIGNMENT -> {
        List<String> all =
            explanation.remedies().stream().flatMap(r -> r.operations().stream()).toList();
        if (all.stream().anyMatch(o -> o.startsWith(maintenance))) {
          canonicalOrder(c, fault, explanation);
        } else {
          assertThat(first.title())
              .as(c.name)
              .isIn(
                  "Mean it",
                  "Change what else forbids it",
                  "Use aligned accesses",
                  "Write a TTBR that names memory");
        }
      }
      default -> throw new AssertionError(c.name);
    }
    if (c.kind == FaultKind.PERMISSION && c.stage == 2 && !c.onStage1Walk) {
      Remedy find =
          explanation.remedies().stream()
              .filter(r -> r.title().equals("Find the IPA"))
              .findFirst()
              .orElseThrow();
      assertThat(find.operations())
          .as(c.name)
          .anyMatch(o -> o.startsWith("HCR_EL2.TGE = 0"))
          .containsSubsequence("save PAR_EL1, which is the guest's", "AT S1E1R, FAR_EL2", "ISB");
      assertThat(find.sentence())
          .as(c.name)
          .contains("Here it gives IPA " + Hex.address(fault.ipa()) + ".");
    }
  }

  private static void canonicalOrder(Case c, Translation.Fault fault, Explanation explanation) {
    Remedy remedy =
        explanation.remedies().stream()
            .filter(r -> r.operations().stream().anyMatch(o -> o.startsWith("TLBI ")))
            .findFirst()
            .orElseThrow(() -> new AssertionError(c.name));
    List<String> starts =
        remedy.operations().stream().map(o -> o.split("[,(]")[0].strip()).toList();
    if (c.stage == 2) {
      assertThat(starts)
          .as(c.name)
          .containsSubsequence(
              "DSB ISHST", "TLBI IPAS2E1IS", "DSB ISH", "TLBI VMALLE1IS", "DSB ISH", "ISB");
      if (c.kind != FaultKind.EXTERNAL_ON_WALK) {
        assertThat(remedy.operations())
            .as(c.name)
            .anyMatch(o -> o.contains("IPAS2E1IS, operand " + Hex.plain(fault.ipa() >>> 12)));
      }
    } else {
      assertThat(starts)
          .as(c.name)
          .containsSubsequence("DSB ISHST", "TLBI VAE1IS", "DSB ISH", "ISB");
      long operand = 5L << 48 | c.walk.input() << 8 >>> 20;
      assertThat(remedy.operations())
          .as(c.name)
          .anyMatch(o -> o.contains("operand " + Hex.plain(operand) + " (ASID 5"));
    }
  }

  /** The walker's own answer once memory and registers really are as the condition says. */
  private static void counterfactual(Case c, Explanation explanation) {
    assertThat(explanation.counterfactual()).as(c.name).isPresent();
    Counterfactual whatIf = explanation.counterfactual().get();
    assertThat(whatIf.result()).as(c.name).isNotEqualTo(c.walk);
    boolean possible = true;
    for (Change change : whatIf.changes()) {
      possible &= c.guest.stage.memory.contains(change.pa(), 8);
    }
    assertThat(possible).as(c.name).isEqualTo(c.kind != FaultKind.EXTERNAL_ON_WALK);
    if (possible) {
      for (Change change : whatIf.changes()) {
        c.guest.stage.memory.write(change.pa(), 8, change.value());
      }
      Translation really =
          c.guest.walk(whatIf.result().input(), whatIf.result().access(), whatIf.registers());
      assertThat(whatIf.result()).as(c.name).isEqualTo(really);
    }
    if (whatIf.result().outcome() instanceof Translation.Output output) {
      assertThat(whatIf.line()).as(c.name).contains("output " + Hex.address(output.address()));
    } else {
      assertThat(whatIf.line()).as(c.name).contains("still a fault");
      // A leaf made up for an address need not be where the other stage has memory; a flag or a
      // permission that was all that lacked leads to memory.
      assertThat(c.kind)
          .as("%s: %s", c.name, whatIf.line())
          .isIn(FaultKind.TRANSLATION, FaultKind.ADDRESS_SIZE, FaultKind.EXTERNAL_ON_WALK);
    }
  }
}
