package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import java.util.ArrayList;
import java.util.List;

/** Faults of a guest with both stages on, tables made by hand: every kind at every level. */
final class FaultCases {
  static final Features PA_48 = Features.MAX.withPaBits(48);
  static final long BIT_41 = 1L << 41;
  static final long BIT_48 = 1L << 48;
  private static final long NO_MEMORY = 0x10_0000_0000L;
  static final long TARGET = 0x4a00_0000L;
  static final long S1 = 0x703; // Inner Shareable, AF, page or table
  private static final long S1_UXN = 1L << 54;
  private static final long S1_PXN = 1L << 53;
  private static final Access ATOMIC = new Access(Access.Kind.ATOMIC, 8, true);
  static final Access EL0_READ = new Access(Access.Kind.READ, 8, false);
  private static final Access EL0_FETCH = new Access(Access.Kind.FETCH, 4, false);
  static final Access UNALIGNED = new Access(Access.Kind.READ, 8, true, false, false);
  private static final Access WITH_PAN = new Access(Access.Kind.READ, 8, true, true, true);

  private FaultCases() {}

  /**
   * A fault to be explained.
   *
   * @param slot where the entry stands that refuses; −1 if none was read
   */
  record Case(
      String name,
      GuestTables guest,
      Translation walk,
      FaultKind kind,
      int level,
      int stage,
      boolean onStage1Walk,
      long slot) {}

  static GuestTables guest(Granule granule, int vaBits, boolean under) {
    Features features = vaBits > 48 ? Features.MAX : PA_48;
    Geometry second = Geometry.choose(Granule.K4, 40, features);
    return new GuestTables(second, under ? GuestTables.VM : 0, granule, vaBits, features);
  }

  static GuestTables guest(Regime regime, Granule granule, int vaBits, boolean under) {
    if (regime == Regime.EL1_0) {
      return guest(granule, vaBits, under);
    }
    Features features = vaBits > 48 ? Features.MAX : PA_48;
    return new GuestTables(
        regime, Geometry.choose(Granule.K4, 40, features), granule, vaBits, features);
  }

  static void stage1Cases(List<Case> cases, Granule granule, int vaBits, boolean under) {
    stage1Cases(cases, Regime.EL1_0, granule, vaBits, under);
  }

  /**
   * @param under whether EL1&amp;0 has a stage 2
   */
  static void stage1Cases(
      List<Case> cases, Regime regime, Granule granule, int vaBits, boolean under) {
    GuestTables probe = guest(regime, granule, vaBits, under);
    boolean el0 = regime != Regime.EL2;
    for (int level = probe.first().lower().startLevel(); level <= 3; level++) {
      boolean leaf = level == 3 || probe.first().lower().format().blockAllowed(level);
      Stage1 at = new Stage1(cases, regime, granule, vaBits, under, level);
      long type = level == 3 ? 3 : 1;
      long size = 1L << granule.levelShift(level);
      boolean ds = vaBits > 48 && granule != Granule.K64;
      long sh = ds ? 0 : 0x300;
      long target = TARGET & -size | type;
      FaultKind translation = FaultKind.TRANSLATION;
      at.add("invalid", 0, Access.write(8), translation);
      if (el0) {
        at.add("invalid, EL0", 0, EL0_READ, translation);
      }
      at.add("invalid", 0, Access.fetch(), translation);
      if (!leaf || level == 3) {
        at.add("reserved", TARGET | 0x401 | sh, Access.read(4), translation);
      }
      if (leaf) {
        long good = target | 0x400 | sh;
        at.add("bit 0 clear", good & ~1L, Access.read(8), translation);
        at.add("AF clear", target | sh, Access.write(8), FaultKind.ACCESS_FLAG);
        FaultKind permission = FaultKind.PERMISSION;
        at.add("read-only", good | 0x80, Access.write(8), permission);
        at.add("read-only", good | 0x80, ATOMIC, permission);
        if (el0) {
          at.add("privileged only", good, EL0_READ, permission);
          at.add("PXN", good | S1_PXN, Access.fetch(), permission);
          at.add("UXN", good | 0xc0 | S1_UXN, EL0_FETCH, permission);
          at.add("EL0 may write", good | 0x40, Access.fetch(), permission);
          at.add("PAN", good | 0x40, WITH_PAN, permission);
        } else {
          at.add("XN", good | S1_UXN, Access.fetch(), permission);
        }
        at.add("Device", good | 4, UNALIGNED, FaultKind.ALIGNMENT);
        if (level > probe.first().lower().startLevel()) {
          at.limited("APTable", good, Access.write(8), 1L << 62);
          at.limited("XNTable or PXNTable", good, Access.fetch(), 1L << (el0 ? 59 : 60));
          if (el0) {
            at.limited("APTable and AP", good, EL0_READ, 1L << 61);
          }
        }
        at.wxn(good);
      }
      at.beyond(leaf ? 0x400 | sh | type : 3);
      if (level < 3) {
        at.noMemory();
      }
      if (level == probe.first().lower().startLevel()) {
        at.noRoot();
      }
    }
  }

  /** Makes cases at one level of stage 1. */
  private record Stage1(
      List<Case> cases, Regime regime, Granule granule, int vaBits, boolean under, int level) {
    private long va() {
      return 0x4020_3018L | 1L << (vaBits - 1);
    }

    private String name(String what, Access access) {
      return "%s, stage 1 %s, %d-bit VA, level %d, %s, %s%s"
          .formatted(
              regime.text(),
              granule.text(),
              vaBits,
              level,
              what,
              access.kind(),
              under ? ", under stage 2" : "");
    }

    void add(String what, long descriptor, Access access, FaultKind kind) {
      GuestTables guest = guest(regime, granule, vaBits, under);
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
      GuestTables guest = guest(regime, granule, vaBits, under);
      long slot = guest.put(va(), level, descriptor);
      // The table above once more, now with a limit on all below it.
      long above = guest.put(va(), level - 1, 0);
      guest.stage.memory.write(above, 8, slot & -granule.bytes() | 3 | limit);
      add(what, guest, access, FaultKind.PERMISSION, level, slot);
    }

    void wxn(long descriptor) {
      GuestTables guest = guest(regime, granule, vaBits, under);
      guest.set("SCTLR_EL1", guest.get("SCTLR_EL1") | 1 << 19);
      long slot = guest.put(va(), level, descriptor);
      add("WXN", guest, Access.fetch(), FaultKind.PERMISSION, level, slot);
    }

    /** An address of more bits than the output has: 40, or 48 where descriptors have 52. */
    void beyond(long attributes) {
      GuestTables guest = guest(regime, granule, vaBits, under);
      guest.outputSize(vaBits > 48 ? 5 : 2);
      long address = vaBits > 48 ? BIT_48 : BIT_41;
      long slot = guest.put(va(), level, guest.entry(address, attributes));
      add("beyond IPS", guest, Access.read(8), FaultKind.ADDRESS_SIZE, level, slot);
    }

    void noMemory() {
      GuestTables guest = guest(regime, granule, vaBits, under);
      guest.put(va(), level, nowhere(guest) | 3);
      int index = (int) (va() >>> granule.levelShift(level + 1)) & (granule.entries() - 1);
      long slot = NO_MEMORY + 8L * index;
      add("no memory", guest, Access.read(8), FaultKind.EXTERNAL_ON_WALK, level + 1, slot);
    }

    void noRoot() {
      GuestTables guest = guest(regime, granule, vaBits, under);
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

  static List<Geometry> geometries() {
    List<Geometry> geometries = new ArrayList<>();
    for (Granule granule : Granule.values()) {
      geometries.add(Geometry.legal(granule, 48, PA_48).getLast());
      geometries.add(Geometry.choose(granule, 40, PA_48));
      geometries.add(Geometry.legal(granule, 52, Features.MAX).getLast());
    }
    return geometries;
  }

  static void stage2Cases(List<Case> cases, Geometry geometry, boolean onStage1Walk) {
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
      long beyond = geometry.ipaBits() > 48 ? BIT_48 : BIT_41;
      at.beyond(
          LeafBits.address(probe.stage.parameters.format(), beyond)
              | (leaf ? 0x4fc | sh | type : 3));
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
      boolean wide = g.ipaBits() > 48;
      Geometry narrow =
          new Geometry(
              g.granule(),
              g.ipaBits(),
              wide ? 48 : 40,
              g.startLevel(),
              g.rootTables(),
              g.rootBytes(),
              g.rootAlignment(),
              g.vtcr() & ~(7L << 16) | (wide ? 5L : 2L) << 16);
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
}
