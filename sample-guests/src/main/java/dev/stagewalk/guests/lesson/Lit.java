package dev.stagewalk.guests.lesson;

import dev.stagewalk.event.Event;
import dev.stagewalk.mmu.TlbEntry;

/** What a card wants lit, found at a moment. */
public sealed interface Lit {
  /** A pane by the name in its tab. */
  record Pane(String name) implements Lit {}

  /** A register, or a field of it if that is not empty. */
  record Field(String register, String field) implements Lit {}

  /**
   * An entry of a stage-2 table.
   *
   * @param table physical address of the table; of the first, if several are concatenated
   * @param ipa an address it translates
   */
  record Entry(long table, int index, int level, long ipa) implements Lit {}

  /** An IPA. */
  record Ipa(long address) implements Lit {}

  /** An instruction by its address. */
  record Instruction(long address) implements Lit {}

  /** An entry of the TLB. */
  record Tlb(TlbEntry entry) implements Lit {}

  /** An event. */
  record Happened(Event event) implements Lit {}
}
