package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mmu.BbmSupport;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables that a test writes, 64 KiB of memory around each, and what is found in them. */
abstract class WrittenTables {
  static final long ROOT = 0x1_0000;
  static final long L2 = 0x2_0000;
  static final long L3 = 0x3_0000;
  static final long OTHER = 0x5_0000;

  /** 4K granule, 39-bit IPA, from level 1: one root table; PS 40 bits. */
  static final long VTCR = 0x8002_3559L;

  /** Normal Write-Back, Inner Shareable, AF, read-only and execute-never. */
  static final long DATA = 1L << 54 | 0x400 | 3 << 8 | 1 << 6 | 0xf << 2;

  static final long PAGE = DATA | 3;
  static final long BLOCK = DATA | 1;
  static final long TABLE = 3;
  static final long WRITE = 1 << 7;
  static final long XN = 1L << 54;
  static final long AF = 1 << 10;
  static final long CONTIGUOUS = 1L << 52;

  final Map<Long, Long> memory = new HashMap<>();
  final Set<Long> pages = new HashSet<>();
  Features features = Features.MAX.withPaBits(48);
  BbmSupport bbm = BbmSupport.LEVEL_0;
  long vtcr = VTCR;
  long vttbr = ROOT;
  Surroundings surroundings = machine(AccessFaults.NOT_HANDLED, HostMemory.UNKNOWN);

  /** 64 KiB of memory around what was stored; nothing else. */
  final DescriptorReader reader =
      pa -> {
        if (!pages.contains(pa >>> 16)) {
          throw ExternalAbort.ABORT;
        }
        return memory.getOrDefault(pa, 0L);
      };

  static Surroundings machine(AccessFaults faults, HostMemory host) {
    return new Surroundings(false, faults, host);
  }

  /** Three levels down to one page of data: nothing to find. */
  WrittenTables plain() {
    put(ROOT, 0, L2 | TABLE);
    put(L2, 0, L3 | TABLE);
    put(L3, 0, 0x4000_0000L | PAGE);
    return this;
  }

  void put(long table, int index, long descriptor) {
    memory.put(table + 8L * index, descriptor);
    pages.add(table >>> 16);
  }

  TableTree stage2(long root) {
    return TableTree.of(Stage2Parameters.decode(vtcr, root, 1, features), bbm, reader);
  }

  Findings check() {
    return check(List.of(stage2(vttbr)));
  }

  Findings check(List<TableTree> trees) {
    Findings findings = new Findings();
    TableCheck.of(trees, surroundings, findings);
    return findings;
  }

  static Set<FindingKind> kinds(Findings findings) {
    return Set.copyOf(findings.groups().stream().map(Findings.Group::kind).toList());
  }

  /** The one finding there is. */
  Finding only(FindingKind kind) {
    Findings findings = check();
    assertThat(kinds(findings)).containsExactly(kind);
    Findings.Group group = findings.groups().getFirst();
    assertThat(group.first()).hasSize(1);
    Finding finding = group.first().getFirst();
    assertThat(finding.evidence()).isNotBlank().endsWith(".");
    assertThat(finding.mend()).isNotBlank().endsWith(".");
    return finding;
  }

  void nothing() {
    assertThat(check().groups()).isEmpty();
  }
}
