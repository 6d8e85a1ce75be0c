package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.check.Finding;
import dev.stagewalk.check.FindingKind;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Place;
import dev.stagewalk.check.Severity;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is found in the tables of samples while they run: what is known of the host counts too. */
final class TablesOfRunsTest {
  private static final long CODE = 0x4000_0000L;
  private static final long HEAP = 0x4020_0000L;
  private static final long DATA = 1L << 54 | 0x400 | 3 << 8 | 1 << 6 | 0xf << 2 | 3;

  @Test
  void memoryThatCanBeExecutedIsFoundInThePostedFlags() {
    assertThat(ids(findings(sample("demand-paging").withDefects("D26"))))
        .containsExactlyInAnyOrder("device-executable", "writable-executable");
  }

  @Test
  void aHostPageInAGranuleOf64KExportsItsNeighbours() {
    Scenario large = sample("demand-paging").with(Granule.K64, 40);
    assertThat(ids(findings(large))).isEmpty();
    Findings findings = findings(large.withDefects("D22"));
    assertThat(ids(findings)).contains("exported-more");
    assertThat(first(findings, FindingKind.EXPORTED_MORE).evidence())
        .contains("The guest was to have 4 KiB", "the entry maps 64 KiB", "First seen at 1:");
  }

  @Test
  void aGuestThatIsGivenItsTablesIsFound() {
    Findings findings = afterStoring(there -> there.at(3), t -> t.base() | DATA);
    assertThat(ids(findings)).contains("guest-maps-tables");
    assertThat(first(findings, FindingKind.GUEST_MAPS_TABLES).place())
        .isInstanceOf(Place.Input.class);
  }

  @Test
  void aGuestThatIsGivenItsHostsStructureIsFound() {
    Findings findings = afterStoring(there -> there.at(3), t -> t.struct() | DATA);
    assertThat(ids(findings)).contains("guest-maps-host");
    assertThat(first(findings, FindingKind.GUEST_MAPS_HOST).evidence()).contains("struct guest");
  }

  @Test
  void aTableThatNothingNamesAnyMoreIsAnOrphan() {
    Findings findings = afterStoring(there -> there.at(2), t -> 0L);
    Finding orphan = first(findings, FindingKind.ORPHAN_TABLE);
    assertThat(orphan.place()).isInstanceOf(Place.Memory.class);
    assertThat(orphan.evidence()).contains("4 KiB");
  }

  @Test
  void anAccessFlagThatTheLibrarySetsWhenItFaultsIsNoFinding() {
    Findings findings =
        afterStoring(there -> there.at(2).of(CODE), t -> t.descriptor() & ~(1L << 10));
    assertThat(ids(findings)).isEmpty();
  }

  /**
   * A descriptor on the way to some memory of the guest.
   *
   * @param struct the host's structure of the guest
   * @param level of the table the descriptor stands in
   * @param ipa of the memory
   */
  private record There(TableScan scan, long struct, int level, long ipa) {
    There at(int other) {
      return new There(scan, struct, other, ipa);
    }

    There of(long other) {
      return new There(scan, struct, level, other);
    }

    private TableScan.Table table() {
      return scan.tablesOf(ipa).stream().filter(t -> t.level() == level).findFirst().orElseThrow();
    }

    long base() {
      return table().base();
    }

    long address() {
      return table().descriptorAddress(scan.indexOf(table(), ipa));
    }

    long descriptor() {
      return scan.descriptor(table(), scan.indexOf(table(), ipa));
    }
  }

  /** Stores a descriptor once the heap is mapped, and lets the guest go on. */
  private static Findings afterStoring(UnaryOperator<There> where, ToLongFunction<There> value) {
    Scenario sample = sample("demand-paging");
    TlbPlan off = TlbPlan.parse("off");
    try (Session session = Session.open(sample.with(sample.board().with(off)))) {
      submit(session, new Command.NextExit());
      submit(session, new Command.NextExit());
      Snapshot now = submit(session, new Command.NextExit());
      Stage2Parameters second =
          Stage2Parameters.decode(
              now.pe().system("VTCR_EL2"),
              now.pe().system("VTTBR_EL2"),
              1,
              Features.of(
                  now.pe().system("ID_AA64MMFR0_EL1"),
                  now.pe().system("ID_AA64MMFR1_EL1"),
                  now.pe().system("ID_AA64MMFR2_EL1")));
      TableScan scan =
          new TableScan(
              second,
              pa -> {
                if (!now.memory().contains(pa, 8)) {
                  throw ExternalAbort.ABORT;
                }
                return now.memory().read(pa, 8);
              });
      There there = where.apply(new There(scan, now.pe().system("TPIDR_EL2"), 3, HEAP));
      submit(
          session,
          new Command.Inject(new Edit.SetMemory(there.address(), value.applyAsLong(there))));
      submit(session, new Command.StopAtExits(false));
      return submit(session, new Command.GoTo(Moment.at(20_000))).checks().ofRun();
    }
  }

  private static Finding first(Findings findings, FindingKind kind) {
    return findings.groups().stream()
        .filter(group -> group.kind() == kind)
        .flatMap(group -> group.first().stream())
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " is not in " + findings.groups()));
  }

  private static Set<String> ids(Findings findings) {
    return findings.groups().stream().map(group -> group.kind().id()).collect(Collectors.toSet());
  }

  @Test
  void whereNothingIsWrongNothingIsFoundAtAll() {
    Findings findings = findings(sample("demand-paging"));
    assertThat(findings.count(Severity.INFO)).isZero();
    assertThat(findings.groups()).isEmpty();
  }

  private static Scenario sample(String name) {
    return Catalogue.standard().find(name).orElseThrow();
  }

  private static Findings findings(Scenario scenario) {
    try (Session session = Session.open(scenario)) {
      submit(session, new Command.StopAtExits(false));
      return submit(session, new Command.GoTo(Moment.at(20_000))).checks().ofRun();
    }
  }

  private static Snapshot submit(Session session, Command command) {
    return session.submit(command).orTimeout(30, TimeUnit.SECONDS).join();
  }
}
