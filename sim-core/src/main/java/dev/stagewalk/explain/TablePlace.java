package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Where in the stage-2 tables a descriptor stands.
 *
 * @param table the table that holds it
 * @param index its entry
 * @param parameters the controls the tables are read with
 */
record TablePlace(TableScan.Table table, int index, Stage2Parameters parameters) {
  /** Tables looked at before the search gives up. */
  private static final int LIMIT = 1024;

  /** The place of a physical address; empty if no table that can be reached holds it. */
  static Optional<TablePlace> of(Scene scene, long pa) {
    Stage2Parameters parameters = scene.stage2();
    if (!parameters.walkable()) {
      return Optional.empty();
    }
    TableScan scan = new TableScan(parameters, scene.reader());
    ArrayDeque<TableScan.Table> open = new ArrayDeque<>();
    open.add(scan.root());
    for (int seen = 0; seen < LIMIT && !open.isEmpty(); seen++) {
      TableScan.Table table = open.remove();
      long offset = pa - table.base();
      if (offset >= 0 && offset < 8L * table.entries() && offset % 8 == 0) {
        return Optional.of(new TablePlace(table, (int) (offset / 8), parameters));
      }
      for (int i = 0; table.level() < 3 && i < table.entries(); i++) {
        scan.child(table, i).ifPresent(open::add);
      }
    }
    return Optional.empty();
  }

  /** "L3[3], IPA 0x4020_3000 (4 KiB)". */
  String words() {
    int shift = parameters.granule().levelShift(table.level());
    return "L"
        + table.level()
        + "["
        + index
        + "], IPA "
        + Hex.address(table.ipa() + ((long) index << shift))
        + " ("
        + Size.words(1L << shift)
        + ")";
  }

  /** What a descriptor means at this place. */
  String meaning(long descriptor) {
    Verdict kind = parameters.format().kind(descriptor, table.level());
    return switch (kind) {
      case TABLE -> "table at " + Hex.address(parameters.format().tableAddress(descriptor));
      case BLOCK ->
          "block at " + Hex.address(parameters.format().leafAddress(descriptor, table.level()));
      case PAGE ->
          "page at " + Hex.address(parameters.format().leafAddress(descriptor, table.level()));
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> "invalid";
    };
  }
}
