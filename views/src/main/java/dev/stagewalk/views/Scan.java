package dev.stagewalk.views;

import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Locale;

/**
 * All stage-2 tables of one snapshot, scanned once for every pane that needs them.
 *
 * @param version of the snapshot
 * @param enabled whether stage 2 is on and its tables can be walked
 * @param parameters what the registers say
 * @param tables reads any table
 * @param found the leaves as ranges
 * @param regions what the scenario says IPAs are for
 * @param described the first tables in words
 */
record Scan(
    long version,
    boolean enabled,
    Stage2Parameters parameters,
    TableScan tables,
    TableScan.Ranges found,
    List<Scenario.Region> regions,
    List<TablesFigure.Table> described) {

  static Scan of(Snapshot snapshot) {
    Stage2Parameters parameters = Stage2.parameters(snapshot);
    boolean enabled = parameters.enabled() && parameters.walkable();
    TableScan tables = new TableScan(parameters, Stage2.reader(snapshot.memory()));
    TableScan.Ranges found =
        enabled ? tables.ranges() : new TableScan.Ranges(List.of(), 0, 0, 0, true);
    Scan bare =
        new Scan(
            snapshot.version(),
            enabled,
            parameters,
            tables,
            found,
            snapshot.scenario().regions(),
            List.of());
    return new Scan(
        bare.version,
        enabled,
        parameters,
        tables,
        found,
        bare.regions,
        TablesFigure.describe(bare));
  }

  /** Bytes of IPA space that are mapped. */
  long mappedBytes() {
    return found.ranges().stream().mapToLong(TableScan.Range::bytes).sum();
  }

  /** "mapped 4.06 MiB · 5 tables (20 KiB) · 19 leaves". */
  String summary() {
    if (!enabled) {
      return "";
    }
    long tableBytes = parameters.rootBytes() + (found.tables() - 1L) * parameters.granule().bytes();
    return "mapped "
        + rounded(mappedBytes())
        + " · "
        + found.tables()
        + (found.tables() == 1 ? " table (" : " tables (")
        + rounded(tableBytes)
        + ") · "
        + found.leaves()
        + (found.leaves() == 1 ? " leaf" : " leaves")
        + (found.complete() ? "" : " · more than can be shown");
  }

  /** Permissions and memory type of a leaf: "rw- · Normal Write-Back". */
  String attributes(long leaf) {
    Stage2Attributes a = Stage2Attributes.of(leaf, parameters);
    return a.permissionText()
        + " · "
        + a.memoryType().words()
        + " · "
        + a.shareability().words()
        + (a.accessFlag() ? "" : " · AF clear")
        + (a.contiguous() ? " · contiguous" : "");
  }

  /** What the scenario uses an IPA for; empty if it says nothing. */
  String region(long ipa) {
    for (Scenario.Region region : regions) {
      if (Long.compareUnsigned(ipa - region.ipa(), region.size()) < 0) {
        return region.name();
      }
    }
    return "";
  }

  /** "4.06 MiB": three digits, in the largest unit below the value. */
  static String rounded(long bytes) {
    if (Long.bitCount(bytes) <= 1 || bytes < 1024) {
      return Size.words(bytes);
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double value = (double) bytes / (1L << (10 * unit));
    String word = Size.words(1L << (10 * unit)).substring(2);
    String digits =
        value == Math.rint(value)
            ? Long.toString((long) value)
            : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    return digits + " " + word;
  }
}
