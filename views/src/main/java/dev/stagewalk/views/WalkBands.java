package dev.stagewalk.views;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.WalkBand.AddressField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the bands of a walk, one stage each, from its lookups and the memory of a snapshot. */
final class WalkBands {
  private final Snapshot snapshot;
  private final Translation translation;
  private final int reads;

  /**
   * @param reads descriptor reads of the whole translation made so far
   */
  WalkBands(Snapshot snapshot, Translation translation, int reads) {
    this.snapshot = snapshot;
    this.translation = translation;
    this.reads = reads;
  }

  WalkBand stage1(WalkParts parts) {
    Regime regime = translation.stages() == null ? Regime.EL1_0 : translation.stages().regime();
    Stage1Parameters parameters = Stage1.parameters(snapshot, regime);
    Stage1Range range = parameters.rangeOf(translation.input());
    List<Lookup> lookups = parts.stage1();
    Stage2Format format = format(lookups, range.format());
    int start = lookups.isEmpty() ? range.startLevel() : lookups.getFirst().level();
    int inputBits = inputBits(lookups, range.inputBits());
    List<WalkColumn> columns =
        columns(lookups, parts.stage1Done(reads), start, format, parts.walks().isEmpty());
    List<AddressField> fields = new ArrayList<>();
    long high = translation.input() >> inputBits;
    boolean inRange = high == 0 || high == -1;
    fields.add(
        new AddressField(
            inRange ? AddressField.Role.RANGE : AddressField.Role.BEYOND,
            0,
            63,
            inputBits,
            inRange ? (range.upper() ? "1" : "0") : Hex.plain(translation.input() >>> inputBits),
            true));
    index(fields, translation.input(), columns, format.granule(), inputBits);
    String below = parts.walks().isEmpty() ? ", no stage 2" : ", its tables named by IPA";
    String title = "Stage 1 · " + regime.text() + (lookups.isEmpty() ? "" : below);
    return new WalkBand(1, title, translation.input(), fields, columns);
  }

  WalkBand stage2(WalkParts.Walk walk, String title) {
    Stage2Parameters parameters = Stage2.parameters(snapshot);
    List<Lookup> lookups = walk.lookups();
    Stage2Format format = format(lookups, parameters.format());
    int start = lookups.isEmpty() ? parameters.startLevel() : lookups.getFirst().level();
    int inputBits = inputBits(lookups, parameters.inputBits());
    List<WalkColumn> columns = columns(lookups, walk.done(reads), start, format, true);
    List<AddressField> fields = new ArrayList<>();
    if (inputBits < 64 && walk.ipa() >>> inputBits != 0) {
      fields.add(
          new AddressField(
              AddressField.Role.BEYOND,
              0,
              63,
              inputBits,
              Hex.plain(walk.ipa() >>> inputBits),
              true));
    }
    index(fields, walk.ipa(), columns, format.granule(), inputBits);
    return new WalkBand(2, title, walk.ipa(), fields, columns);
  }

  /** The lookups say which granule they were made with; the registers may have changed since. */
  private static Stage2Format format(List<Lookup> lookups, Stage2Format now) {
    if (!lookups.isEmpty()) {
      Lookup first = lookups.getFirst();
      for (Granule granule : Granule.values()) {
        boolean same = granule.levelShift(first.level()) == first.indexLow();
        if (same && granule != now.granule()) {
          return new Stage2Format(granule, false, false);
        }
      }
    }
    return now;
  }

  private static int inputBits(List<Lookup> lookups, int now) {
    // A walk that began below the root, with what a TLB held, does not tell.
    boolean fromRoot = !lookups.isEmpty() && !lookups.getFirst().held();
    return fromRoot ? lookups.getFirst().indexHigh() + 1 : now;
  }

  /**
   * @param done lookups of this walk made so far
   * @param physical whether the tables' addresses are physical
   */
  private List<WalkColumn> columns(
      List<Lookup> lookups, int done, int start, Stage2Format format, boolean physical) {
    boolean over = reads >= translation.steps();
    List<WalkColumn> columns = new ArrayList<>();
    for (int level = start; level <= 3; level++) {
      int i = level - start;
      boolean unread = over && i < lookups.size() && lookups.get(i).verdict() == Verdict.UNREACHED;
      if (i < lookups.size() && i <= done) {
        Lookup lookup = lookups.get(i);
        boolean read = i < done || unread;
        WalkColumn.State state =
            i == done && !unread
                ? WalkColumn.State.NEXT
                : i == done - 1 || unread ? WalkColumn.State.CURRENT : WalkColumn.State.READ;
        columns.add(
            WalkColumn.of(
                level, state, lookup, read ? lookup : null, format, snapshot.memory(), physical));
      } else if (done == lookups.size() && done > 0 && WalkParts.isLeaf(lookups.getLast())) {
        break;
      } else {
        columns.add(
            WalkColumn.unknown(level, unread(over || done > 0 && done == lookups.size()), format));
      }
    }
    return columns;
  }

  private WalkColumn.State unread(boolean ended) {
    if (heldByTlb(translation)) {
      return WalkColumn.State.HELD;
    }
    return ended ? WalkColumn.State.NOT_REACHED : WalkColumn.State.AHEAD;
  }

  /** A permission fault without a lookup: the TLB refused, and no walk was made. */
  static boolean heldByTlb(Translation translation) {
    return translation.lookups().isEmpty()
        && translation.outcome() instanceof Translation.Fault fault
        && fault.kind() == FaultKind.PERMISSION;
  }

  /** Highest bit that indexes the first table, where the TLB held its entry; −1 if it was read. */
  private static int heldFrom(List<WalkColumn> columns) {
    Lookup first = columns.isEmpty() ? null : columns.getFirst().lookup();
    return first != null && first.held() ? first.indexHigh() : -1;
  }

  private static void index(
      List<AddressField> fields,
      long input,
      List<WalkColumn> columns,
      Granule granule,
      int inputBits) {
    int high = inputBits - 1;
    int top = heldFrom(columns);
    if (top >= 0 && top < high) {
      long above = input >>> (top + 1) & (1L << (high - top)) - 1;
      fields.add(
          new AddressField(AddressField.Role.HELD, 0, high, top + 1, Hex.plain(above), true));
      high = top;
    }
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
  }
}
