package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkBand.AddressField;
import java.util.ArrayList;
import java.util.List;

/**
 * What the table walk pane draws: of a translation of a VA the walk of stage 1 and, under it, one
 * of the walks of stage 2 that it took, the others folded into chips.
 *
 * @param source the walk shown
 * @param bands the walks that are shown with their tables, stage 1 first
 * @param chips the walks of stage 2 within a translation of a VA; empty for stage 2 alone
 * @param counter "read 13 of 24"; of lookups where the TLB held some
 * @param card what the walk came to
 * @param cardBand place in {@code bands} of what the card belongs to
 * @param cardLevel level there
 * @param names what names addresses of the program
 */
record WalkFigure(
    WalkSource source,
    List<WalkBand> bands,
    List<WalkChip> chips,
    String counter,
    WalkCard card,
    int cardBand,
    int cardLevel,
    SymbolTable names) {

  WalkFigure {
    bands = List.copyOf(bands);
    chips = List.copyOf(chips);
  }

  /** Draws a walk against the memory of a snapshot, with the walk of stage 2 that is going on. */
  static WalkFigure of(Snapshot snapshot, WalkSource source) {
    return of(snapshot, source, -1);
  }

  /**
   * Draws a walk against the memory of a snapshot.
   *
   * @param chosen the walk of stage 2 to open, by its place in {@link WalkParts#walks()}; −1 for
   *     the one that is going on or was the last, or none where stage 1 refused
   */
  static WalkFigure of(Snapshot snapshot, WalkSource source, int chosen) {
    Translation translation = source.translation();
    WalkParts parts = WalkParts.of(translation);
    WalkBands make = new WalkBands(snapshot, translation, source.reads());
    boolean both = translation.stage() == 1 && !parts.stage1().isEmpty();
    int current = parts.current(source.reads());
    int usual = both && isStage1Fault(source) ? -1 : current;
    int open = chosen >= 0 && chosen < parts.walks().size() ? chosen : usual;

    List<WalkBand> bands = new ArrayList<>();
    if (both || (translation.stage() == 1 && parts.walks().isEmpty())) {
      bands.add(make.stage1(parts));
    }
    if (open >= 0) {
      WalkParts.Walk walk = parts.walks().get(open);
      bands.add(make.stage2(walk, both ? "Stage 2 of the " + name(parts, walk) : ""));
    } else if (bands.isEmpty()) {
      bands.add(make.stage2(new WalkParts.Walk(0, translation.input(), List.of(), 0), ""));
    }
    List<WalkChip> chips = new ArrayList<>();
    if (both) {
      for (int i = 0; i < parts.walks().size(); i++) {
        chips.add(chip(parts, i, source, i == open));
      }
    }
    int cardBand = cardBand(source, parts, bands.size(), open == current);
    return new WalkFigure(
        source,
        bands,
        chips,
        counter(source),
        WalkCards.of(snapshot, source).named(snapshot.program().names()),
        cardBand,
        bands.get(cardBand).lastLevel(),
        snapshot.program().names());
  }

  /** Under the stage that spoke last. */
  private static int cardBand(WalkSource source, WalkParts parts, int bands, boolean followed) {
    if (bands == 1) {
      return 0;
    }
    return isStage1Fault(source) || !followed || parts.walks().isEmpty() ? 0 : 1;
  }

  private static boolean isStage1Fault(WalkSource source) {
    return source.isComplete()
        && source.translation().outcome() instanceof Translation.Fault fault
        && fault.stage() == 1;
  }

  /** "L1 table", "output". */
  private static String name(WalkParts parts, WalkParts.Walk walk) {
    return walk.of() < parts.stage1().size()
        ? Levels.name(parts.stage1().get(walk.of()).level()) + " table"
        : "output";
  }

  private static WalkChip chip(WalkParts parts, int place, WalkSource source, boolean open) {
    WalkParts.Walk walk = parts.walks().get(place);
    int done = walk.done(source.reads());
    int all = walk.lookups().size();
    boolean ended = done == all && walk.before() + all <= source.reads();
    String ipa = Hex.address(walk.ipa());
    WalkChip.State state;
    String words;
    if (walk.before() >= source.reads() && !source.isComplete()) {
      state = walk.before() == source.reads() ? WalkChip.State.GOING_ON : WalkChip.State.AHEAD;
      words = state == WalkChip.State.AHEAD ? "not yet" : ipa;
    } else if (!ended) {
      state = WalkChip.State.GOING_ON;
      words = ipa;
    } else if (walk.found() && !isRefused(parts, walk, source)) {
      state = WalkChip.State.DONE;
      words = ipa + " → " + Hex.address(output(walk));
    } else {
      state = WalkChip.State.REFUSED;
      words = ipa + " " + refused(source);
    }
    String unit = walk.lookups().stream().anyMatch(Lookup::held) ? " lookup" : " read";
    String reads =
        switch (state) {
          case AHEAD -> "";
          case GOING_ON -> done + " of " + all + unit + "s";
          case DONE, REFUSED -> all + unit + (all == 1 ? "" : "s");
        };
    int level =
        walk.of() < parts.stage1().size() ? parts.stage1().get(walk.of()).level() : WalkChip.OUTPUT;
    return new WalkChip(place, name(parts, walk), level, words, reads, state, open);
  }

  /** Only the last walk can have been refused. */
  private static boolean isRefused(WalkParts parts, WalkParts.Walk walk, WalkSource source) {
    return walk == parts.walks().getLast()
        && source.translation().outcome() instanceof Translation.Fault fault
        && fault.stage() == 2;
  }

  /** What a walk of stage 2 came to instead of an address: only a permission is refused. */
  private static String refused(WalkSource source) {
    if (!(source.translation().outcome() instanceof Translation.Fault fault)) {
      return "refused";
    }
    return switch (fault.kind()) {
      case TRANSLATION -> "not mapped";
      case PERMISSION -> "refused";
      default -> fault.kind().words();
    };
  }

  private static long output(WalkParts.Walk walk) {
    Lookup leaf = walk.lookups().getLast();
    return leaf.output() | (walk.ipa() & ((1L << leaf.indexLow()) - 1));
  }

  private static String counter(WalkSource source) {
    int all = source.translation().steps();
    String unit = source.translation().reads() == all ? "read " : "lookup ";
    return all == 0 ? "no read" : unit + source.reads() + " of " + all;
  }

  /** The input address of the lowest band: the only one of a walk of one stage. */
  List<AddressField> fields() {
    return bands.getLast().fields();
  }

  /** The columns of the lowest band: the only one of a walk of one stage. */
  List<WalkColumn> columns() {
    return bands.getLast().columns();
  }

  /** Whether the walk was refused at this entry. */
  boolean isFailing(WalkColumn column) {
    return WalkBand.isFailing(column);
  }
}
