package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.RegisterWatch;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that can be asked of the run about what is selected: who wrote it, when it was used
 * last, when it faults next, or to be told when it is written.
 *
 * @param title as a menu writes it: "Who wrote this entry?"
 * @param command asks it
 */
public record SearchOffer(Kind kind, String title, Command command) {
  private static final long PAGE = 0x1000;

  /** What is asked. */
  public enum Kind {
    WRITER,
    USE,
    NEXT_FAULT,
    PREVIOUS_FAULT,
    WATCH
  }

  /** What can be asked about a selection; empty if nothing. */
  public static List<SearchOffer> of(Selection selection) {
    List<SearchOffer> offers = new ArrayList<>();
    if (!selection.entries().isEmpty()) {
      Selection.Entry entry = selection.entries().getLast();
      entry(offers, entry.address());
      offers.add(
          search(
              Kind.USE,
              "Last use of this translation",
              selection.ipa().isPresent()
                  ? "last use entry ipa "
                      + Hex.address(selection.ipa().getAsLong())
                      + " level "
                      + entry.level()
                  : "last use entry " + Hex.address(entry.address())));
    } else if (selection.tlbEntry().isPresent()) {
      TlbEntry entry = selection.tlbEntry().get();
      entry(offers, entry.leafAddress());
      offers.add(search(Kind.USE, "Last use of this translation", "last use " + through(entry)));
    } else if (selection.field().filter(SearchOffer::isWatchable).isPresent()) {
      String register = selection.field().get().register();
      offers.add(
          search(Kind.WRITER, "Who changed " + register + "?", "last write register " + register));
      offers.add(
          new SearchOffer(
              Kind.WATCH,
              "Stop when " + register + " changes",
              new Command.AddBreakpoint("watch register " + register)));
    } else if (selection.ipa().isPresent()) {
      String page = Hex.address(selection.ipa().getAsLong() & -PAGE) + "+0x1000";
      offers.add(
          search(Kind.WRITER, "Last write to the page of this IPA", "last write ipa " + page));
      offers.add(
          search(
              Kind.USE,
              "Last use of this translation",
              "last use ipa " + Hex.address(selection.ipa().getAsLong())));
      offers.add(
          new SearchOffer(
              Kind.WATCH,
              "Stop when the page of this IPA is written",
              new Command.AddBreakpoint("watch write ipa " + page)));
    }
    selection.ipa().ifPresent(ipa -> faults(offers, ipa));
    return List.copyOf(offers);
  }

  private static boolean isWatchable(Selection.Field field) {
    try {
      RegisterWatch.canonical(field.register());
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** What of one kind can be asked about a selection. */
  public static Optional<SearchOffer> of(Selection selection, Kind kind) {
    return of(selection).stream().filter(offer -> offer.kind == kind).findFirst();
  }

  /** Asks who wrote a descriptor last. */
  public static Command writerOf(long descriptor) {
    return new Command.Search("last write entry " + Hex.address(descriptor), false);
  }

  private static void entry(List<SearchOffer> offers, long descriptor) {
    offers.add(new SearchOffer(Kind.WRITER, "Who wrote this entry?", writerOf(descriptor)));
    offers.add(
        new SearchOffer(
            Kind.WATCH,
            "Stop when this entry is written",
            new Command.AddBreakpoint("watch write entry " + Hex.address(descriptor))));
  }

  private static void faults(List<SearchOffer> offers, long ipa) {
    String fault = " fault ipa " + Hex.address(ipa);
    offers.add(search(Kind.NEXT_FAULT, "Next fault of this IPA", "next" + fault));
    offers.add(search(Kind.PREVIOUS_FAULT, "Previous fault of this IPA", "previous" + fault));
  }

  private static SearchOffer search(Kind kind, String title, String text) {
    return new SearchOffer(kind, title, new Command.Search(text, false));
  }

  private static String through(TlbEntry entry) {
    String range = Hex.address(entry.input()) + "+" + Hex.plain(entry.size());
    String vmid = entry.vmid() < 0 ? "" : " vmid " + entry.vmid();
    Stage1Tag tag = entry.stage1();
    if (tag == null) {
      return "ipa " + range + vmid + " pe " + entry.pe();
    }
    String asid = tag.global() || tag.asid() < 0 ? "" : " asid " + tag.asid();
    return "va "
        + range
        + " "
        + entry.regime().text().toLowerCase(Locale.ROOT)
        + asid
        + vmid
        + " pe "
        + entry.pe();
  }
}
