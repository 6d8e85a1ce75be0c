package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a guest reaches through its tables: aliases, devices, tables, its host, other guests. */
final class MappedMemoryTest extends WrittenTables {
  @Test
  void onePageAsTwoKindsOfMemoryIsAnAlias() {
    plain();
    put(L3, 7, 0x4000_0000L | PAGE & ~(0xf << 2) | 5 << 2);
    assertThat(only(FindingKind.ATTRIBUTE_ALIAS).evidence())
        .contains("Normal Non-cacheable", "Normal Write-Back", "0x4000_0000");
    put(L3, 7, 0x4000_0000L | PAGE);
    nothing();
  }

  @Test
  void anAliasInsideOfABlockIsFoundToo() {
    plain();
    put(L2, 1, 0x4000_0000L | BLOCK);
    put(L3, 0, 0x4000_3000L | PAGE & ~0x300);
    assertThat(only(FindingKind.ATTRIBUTE_ALIAS).evidence()).contains("0x4000_3000");
  }

  @Test
  void aGuestDoesNotReachItsTables() {
    plain();
    put(L3, 1, L3 | PAGE);
    Finding finding = only(FindingKind.GUEST_MAPS_TABLES);
    assertThat(finding.place()).isEqualTo(new Place.Input(Place.Owner.ofStage2(0), 0x1000, 0x1000));
    put(L3, 1, OTHER | PAGE);
    nothing();
  }

  @Test
  void aBlockOverAllTablesReachesEachOfThem() {
    plain();
    put(L2, 1, BLOCK);
    Findings findings = check();
    assertThat(kinds(findings)).containsExactly(FindingKind.GUEST_MAPS_TABLES);
    assertThat(findings.groups().getFirst().count()).isEqualTo(3);
  }

  @Test
  void aGuestDoesNotReachItsHost() {
    plain();
    surroundings = machine(AccessFaults.HANDLED, new Host(0x4800_0000L, 0x1000, 0, ""));
    put(L3, 1, 0x4800_0000L | PAGE);
    assertThat(only(FindingKind.GUEST_MAPS_HOST).evidence()).contains("the host's own");
    put(L3, 1, 0x4800_1000L | PAGE);
    nothing();
  }

  @Test
  void aGranuleLargerThanThePageExportsItsNeighbours() {
    // 64K granule, 40-bit IPA, from level 2.
    vtcr = 0x8002_7558L;
    put(ROOT, 0, L2 | TABLE);
    put(L2, 0, 0x4800_0000L | PAGE);
    surroundings = machine(AccessFaults.HANDLED, new Host(0x4800_1000L, 0x1000, 0x1000, ""));
    assertThat(only(FindingKind.EXPORTED_MORE).evidence()).contains("4 KiB", "64 KiB");
    surroundings = machine(AccessFaults.HANDLED, new Host(0x4801_0000L, 0x1000, 0x1_0000, ""));
    nothing();
  }

  @Test
  void aDeviceMappedAsMemoryIsNamed() {
    plain();
    surroundings = machine(AccessFaults.HANDLED, new Host(0, 0, 0, "PL011"));
    put(L3, 1, 0x900_0000L | PAGE);
    assertThat(only(FindingKind.DEVICE_AS_NORMAL).evidence()).contains("PL011");
    put(L3, 1, 0x900_0000L | PAGE & ~(0xf << 2));
    nothing();
  }

  @Test
  void onePageOfTwoVmidsIsWorthKnowing() {
    plain();
    long second = 0x7_0000;
    put(second, 0, 0x8_0000 | TABLE);
    put(0x8_0000L, 0, 0x4000_0000L | BLOCK);
    List<TableTree> trees = List.of(stage2(1L << 48 | ROOT), stage2(2L << 48 | second));
    Findings findings = check(trees);
    assertThat(kinds(findings)).containsExactly(FindingKind.SHARED_BETWEEN_VMIDS);
    assertThat(findings.groups().getFirst().first().getFirst().evidence())
        .contains("VMID 1", "VMID 2");
    put(0x8_0000L, 0, 0x6000_0000L | BLOCK);
    assertThat(check(trees).groups()).isEmpty();
  }

  @Test
  void theSameTablesUnderTwoVmidsAreShared() {
    plain();
    List<TableTree> trees = List.of(stage2(1L << 48 | ROOT), stage2(2L << 48 | ROOT));
    assertThat(kinds(check(trees))).containsExactly(FindingKind.TABLE_SHARED);
  }

  /** A host of which one page is its own. */
  private record Host(long pa, long bytes, long run, String deviceName) implements HostMemory {
    @Override
    public Optional<Foreign> firstForeign(long from, long size) {
      return bytes > 0 && pa - from < size && from - pa < bytes && pa >= from
          ? Optional.of(new Foreign(pa, bytes, "the host's own"))
          : Optional.empty();
    }

    @Override
    public long owned(long at) {
      return run;
    }

    @Override
    public Optional<String> device(long from, long size) {
      return deviceName.isEmpty() || from != 0x900_0000L
          ? Optional.empty()
          : Optional.of(deviceName);
    }
  }
}
