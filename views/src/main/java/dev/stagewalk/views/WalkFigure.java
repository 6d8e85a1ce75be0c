package dev.stagewalk.views;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the table walk pane draws.
 *
 * @param source the walk shown
 * @param fields the input address, high bits first
 * @param columns one a level, from the start level on
 * @param card what the walk came to
 * @param cardLevel level the card belongs to
 */
record WalkFigure(
    WalkSource source,
    List<AddressField> fields,
    List<WalkColumn> columns,
    WalkCard card,
    int cardLevel) {

  WalkFigure {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
  }

  /**
   * A piece of the input address.
   *
   * @param role what it is for
   * @param level level of lookup whose index it is; only for {@link Role#INDEX}
   * @param known whether the walk has used it, or is about to
   */
  record AddressField(Role role, int level, int high, int low, String value, boolean known) {
    /** What a piece of an input address is for. */
    enum Role {
      /** Bits above the input size, which must be 0. */
      BEYOND,
      INDEX,
      OFFSET
    }

    /** "L0", "offset", "beyond". */
    String name() {
      return switch (role) {
        case BEYOND -> "too high";
        case INDEX -> Levels.name(level);
        case OFFSET -> "offset";
      };
    }

    /** "[47:39]". */
    String bits() {
      return high == low ? "[" + high + "]" : "[" + high + ":" + low + "]";
    }
  }

  /** Draws a walk against the memory of a snapshot. */
  static WalkFigure of(Snapshot snapshot, WalkSource source) {
    Stage2Parameters parameters = Stage2.parameters(snapshot);
    Translation walk = source.translation();
    Stage2Format format = format(parameters, walk);
    List<WalkColumn> columns = columns(snapshot, source, format, parameters);
    return new WalkFigure(
        source,
        fields(walk, columns, format.granule(), inputBits(parameters, walk)),
        columns,
        WalkCards.of(snapshot, source),
        cardLevel(source, columns));
  }

  /** The lookups say which granule they were made with; the registers may have changed since. */
  private static Stage2Format format(Stage2Parameters parameters, Translation walk) {
    if (!walk.lookups().isEmpty()) {
      Lookup first = walk.lookups().getFirst();
      for (Granule granule : Granule.values()) {
        boolean same = granule.levelShift(first.level()) == first.indexLow();
        if (same && granule != parameters.granule()) {
          return new Stage2Format(granule, false, false);
        }
      }
    }
    return parameters.format();
  }

  private static int inputBits(Stage2Parameters parameters, Translation walk) {
    return walk.lookups().isEmpty()
        ? parameters.inputBits()
        : walk.lookups().getFirst().indexHigh() + 1;
  }

  private static List<WalkColumn> columns(
      Snapshot snapshot, WalkSource source, Stage2Format format, Stage2Parameters parameters) {
    List<Lookup> lookups = source.translation().lookups();
    int done = Math.min(source.reads(), lookups.size());
    boolean ended = source.isComplete();
    List<WalkColumn> columns = new ArrayList<>();
    int start = lookups.isEmpty() ? parameters.startLevel() : lookups.getFirst().level();
    for (int level = start; level <= 3; level++) {
      int i = level - start;
      if (i < lookups.size() && i <= done) {
        Lookup lookup = lookups.get(i);
        WalkColumn.State state =
            i == done
                ? WalkColumn.State.NEXT
                : i == done - 1 ? WalkColumn.State.CURRENT : WalkColumn.State.READ;
        columns.add(
            WalkColumn.of(
                level,
                state,
                lookup.table(),
                1 << (lookup.indexHigh() - lookup.indexLow() + 1),
                lookup.index(),
                i < done ? lookup : null,
                format,
                snapshot.memory()));
      } else if (ended && source.translation().outcome() instanceof Translation.Output) {
        break;
      } else {
        columns.add(
            WalkColumn.unknown(
                level, ended ? WalkColumn.State.NOT_REACHED : WalkColumn.State.AHEAD, format));
      }
    }
    return columns;
  }

  private static List<AddressField> fields(
      Translation walk, List<WalkColumn> columns, Granule granule, int inputBits) {
    List<AddressField> fields = new ArrayList<>();
    long input = walk.input();
    if (inputBits < 64 && input >>> inputBits != 0) {
      fields.add(
          new AddressField(
              AddressField.Role.BEYOND, 0, 63, inputBits, Hex.plain(input >>> inputBits), true));
    }
    int high = inputBits - 1;
    for (WalkColumn column : columns) {
      int low = granule.levelShift(column.level());
      if (low > high) {
        continue;
      }
      long index = input >>> low & (1L << (high - low + 1)) - 1;
      fields.add(
          new AddressField(
              AddressField.Role.INDEX,
              column.level(),
              high,
              low,
              Long.toString(index),
              column.isKnown()));
      high = low - 1;
    }
    long offset = input & (1L << (high + 1)) - 1;
    int digits = (high + 4) / 4;
    fields.add(
        new AddressField(
            AddressField.Role.OFFSET,
            0,
            high,
            0,
            String.format(Locale.ROOT, "0x%0" + digits + "x", offset),
            true));
    return fields;
  }

  private static int cardLevel(WalkSource source, List<WalkColumn> columns) {
    int level = columns.isEmpty() ? 0 : columns.getFirst().level();
    for (WalkColumn column : columns) {
      if (column.lookup() != null) {
        level = column.level();
      }
    }
    return level;
  }

  /** Whether the walk was refused at this entry. */
  boolean isFailing(WalkColumn column) {
    Lookup lookup = column.lookup();
    return lookup != null
        && (lookup.verdict() == Verdict.INVALID
            || lookup.verdict() == Verdict.REFUSED
            || lookup.verdict() == Verdict.EXTERNAL_ABORT);
  }
}
