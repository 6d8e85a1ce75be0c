package dev.stagewalk.mmu;

import java.util.List;

/**
 * All that decides how a TLB goes on, as values that can be kept elsewhere.
 *
 * @param random decides which entries make room
 * @param filled entries it has been given
 * @param entries in the order of their places
 * @param tables the pages that walks have read, in order of their numbers
 * @param stores not certain for all walks, those to one word together, oldest first
 * @param tlbis not complete, oldest first
 */
public record TlbContent(
    Tlb.Mode mode,
    long random,
    long filled,
    List<TlbEntry> entries,
    List<TablePage> tables,
    List<PendingWork.Store> stores,
    List<PendingWork.Tlbi> tlbis) {

  public TlbContent {
    entries = List.copyOf(entries);
    tables = List.copyOf(tables);
    stores = List.copyOf(stores);
    tlbis = List.copyOf(tlbis);
  }

  /**
   * A page that walks have read descriptors from.
   *
   * @param number its physical address divided by 4096
   * @param stores to it since a walk last read it
   */
  public record TablePage(long number, int stores) {}
}
