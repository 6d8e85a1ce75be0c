package dev.stagewalk.views;

import java.util.List;

/**
 * The tables of stage 2 beside those of the walk, and what all of them amount to.
 *
 * @param others tables that the walk shown does not read
 * @param omitted how many more there are
 * @param summary "mapped 4.06 MiB · 5 tables (20 KiB) · 19 leaves"
 */
record TablesFigure(List<Table> others, int omitted, String summary) {
  static final TablesFigure EMPTY = new TablesFigure(List.of(), 0, "");

  TablesFigure {
    others = List.copyOf(others);
  }

  /**
   * A table.
   *
   * @param level level of lookup it is read at
   * @param pa its physical address
   * @param ipa first IPA it translates
   * @param words what it holds: "16 pages"
   */
  record Table(int level, long pa, long ipa, String words) {}
}
