package dev.stagewalk.session.compare;

import dev.stagewalk.check.Place;
import dev.stagewalk.mem.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which pages of memory hold translation tables, at one of two moments or at both. */
final class TablePages {
  private final Map<Long, Table> pages = new HashMap<>();

  /**
   * What a page is to walks.
   *
   * @param level level of lookup, −1 to 3
   */
  record Table(Place.Owner owner, int level) {
    /** "level 3 table of stage 2, VMID 1". */
    String words() {
      return "level " + level + " table of " + owner.words();
    }
  }

  void add(long pa, Place.Owner owner, int level) {
    pages.putIfAbsent(pa & -Frame.SIZE, new Table(owner, level));
  }

  Optional<Table> at(long pa) {
    return Optional.ofNullable(pages.get(pa & -Frame.SIZE));
  }
}
