package dev.stagewalk.views;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage1Attributes;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TableShape;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;

/**
 * All tables of one stage in one snapshot, scanned once for every pane that needs them.
 *
 * @param version of the snapshot
 * @param choice whose tables
 * @param enabled whether the stage is on and its tables can be walked
 * @param whyNot why it is not; empty if it is
 * @param shape where the tables begin and how they are laid out
 * @param tables reads any table
 * @param found the leaves as ranges
 * @param regions what the scenario says IPAs are for
 * @param leaves says what a leaf allows and which memory it makes
 * @param physical physical address of a table's bytes, from its address as the tables have it
 * @param described the first tables in words
 */
record Scan(
    long version,
    TableChoice choice,
    boolean enabled,
    String whyNot,
    TableShape shape,
    TableScan tables,
    TableScan.Ranges found,
    List<Scenario.Region> regions,
    Leaves leaves,
    LongUnaryOperator physical,
    List<TablesFigure.Table> described) {

  /** Puts a leaf descriptor into words. */
  interface Leaves {
    /** "rw-", "EL1 rw-, EL0 ---". */
    String permissions(long leaf);

    /** "Normal Write-Back", with what else matters. */
    String memory(long leaf);

    /** All of it. */
    String all(long leaf);
  }

  static Scan of(Snapshot snapshot) {
    return of(snapshot, TableChoice.STAGE_2);
  }

  static Scan of(Snapshot snapshot, TableChoice choice) {
    Stage2Parameters second = Stage2.parameters(snapshot);
    DescriptorReader memory = Stage2.reader(snapshot.memory());
    return switch (choice) {
      case STAGE_2 -> {
        boolean on = second.enabled() && second.walkable();
        String why =
            second.enabled()
                ? first(second.problems())
                : snapshot
                    .dump()
                    .flatMap(OpenedDump::unknown)
                    .map(words -> words + " Type what is missing in under Registers.")
                    .orElse("Stage 2 is off: HCR_EL2.VM is 0.");
        yield scan(
            snapshot,
            choice,
            on,
            on ? "" : why,
            TableShape.of(second),
            memory,
            new Stage2Leaves(second),
            LongUnaryOperator.identity());
      }
      case TTBR0, TTBR1 -> {
        Stage1Parameters first = Stage1.parameters(snapshot, Regime.EL1_0);
        Stage1Range upper = first.upper();
        Stage1Range range = choice == TableChoice.TTBR1 && upper != null ? upper : first.lower();
        TableShape shape = TableShape.of(range);
        boolean on = first.enabled() && shape.walkable();
        String why =
            first.enabled()
                ? range.walksDisabled()
                    ? "TCR_EL1.EPD" + (range.upper() ? 1 : 0) + " is 1: no walk uses this TTBR."
                    : first(range.problems())
                : "Stage 1 of EL1&0 is off: SCTLR_EL1.M is 0, or HCR_EL2.DC or TGE overrules it.";
        ThroughStage2 through = new ThroughStage2(second, memory);
        yield scan(
            snapshot,
            choice,
            on,
            on ? "" : why,
            shape,
            through,
            new Stage1Leaves(first, range),
            through::physical);
      }
    };
  }

  private static String first(List<Problem> problems) {
    return problems.stream().map(Problem::sentence).findFirst().orElse("");
  }

  private static Scan scan(
      Snapshot snapshot,
      TableChoice choice,
      boolean enabled,
      String whyNot,
      TableShape shape,
      DescriptorReader reader,
      Leaves leaves,
      LongUnaryOperator physical) {
    TableScan tables = new TableScan(shape, reader);
    TableScan.Ranges found =
        enabled ? tables.ranges() : new TableScan.Ranges(List.of(), 0, 0, 0, true);
    List<Scenario.Region> regions =
        choice == TableChoice.STAGE_2 ? snapshot.scenario().regions() : List.of();
    Scan bare =
        new Scan(
            snapshot.version(),
            choice,
            enabled,
            whyNot,
            shape,
            tables,
            found,
            regions,
            leaves,
            physical,
            List.of());
    return new Scan(
        bare.version,
        choice,
        enabled,
        whyNot,
        shape,
        tables,
        found,
        regions,
        leaves,
        physical,
        TablesFigure.describe(bare));
  }

  private record Stage2Leaves(Stage2Parameters parameters) implements Leaves {
    @Override
    public String permissions(long leaf) {
      return Stage2Attributes.of(leaf, parameters).permissionText();
    }

    @Override
    public String memory(long leaf) {
      Stage2Attributes a = Stage2Attributes.of(leaf, parameters);
      return a.memoryType().words() + (a.accessFlag() ? "" : ", AF clear");
    }

    @Override
    public String all(long leaf) {
      Stage2Attributes a = Stage2Attributes.of(leaf, parameters);
      return a.permissionText()
          + " · "
          + a.memoryType().words()
          + " · "
          + a.shareability().words()
          + (a.accessFlag() ? "" : " · AF clear")
          + (a.contiguous() ? " · contiguous" : "");
    }
  }

  private record Stage1Leaves(Stage1Parameters parameters, Stage1Range range) implements Leaves {
    @Override
    public String permissions(long leaf) {
      return Stage1Attributes.of(leaf, parameters, range).permissions().text();
    }

    @Override
    public String memory(long leaf) {
      Stage1Attributes a = Stage1Attributes.of(leaf, parameters, range);
      return a.memory().type().words() + (a.accessFlag() ? "" : ", AF clear");
    }

    @Override
    public String all(long leaf) {
      Stage1Attributes a = Stage1Attributes.of(leaf, parameters, range);
      return a.permissions().text()
          + " · "
          + a.memory().words()
          + (a.accessFlag() ? "" : " · AF clear")
          + (a.global() ? "" : " · nG")
          + (a.contiguous() ? " · contiguous" : "");
    }
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
    long tableBytes = shape.rootBytes() + (found.tables() - 1L) * shape.granule().bytes();
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
    return leaves.all(leaf);
  }

  /** A place in a table, by its address in physical memory. */
  Selection.Entry entry(TableScan.Table table, int index) {
    long at = physical.applyAsLong(table.descriptorAddress(index));
    return new Selection.Entry(at - 8L * index, index, table.level());
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
