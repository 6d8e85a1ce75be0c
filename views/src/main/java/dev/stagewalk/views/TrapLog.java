package dev.stagewalk.views;

import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRow;
import dev.stagewalk.session.TrapRows;
import dev.stagewalk.time.Events;
import dev.stagewalk.trace.RecordedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The trap log without a control: which rows there are, which of them pass the filter, and what
 * each says. Long recordings are read a little at each pulse, so that nothing waits for them.
 */
public final class TrapLog {
  /** What a pulse may spend on reading new events, and again on filtering. */
  private static final long BUDGET_NANOS = 2_000_000;

  private final TrapRows rows = new TrapRows();
  private @Nullable Events events;
  private @Nullable Snapshot shown;
  private boolean bare;
  private SymbolTable names = SymbolTable.EMPTY;
  private long past;
  private long revision;

  private Set<TrapRows.Kind> kinds = EnumSet.allOf(TrapRows.Kind.class);
  private String wanted = "";
  private Set<Integer> threads = Set.of();
  private int[] passed = new int[64];
  private int passedCount;
  private int filtered;

  /** Takes notice of a moment; several may call it, the work is done once. */
  public void show(Snapshot snapshot) {
    if (snapshot != shown || !isComplete()) {
      shown = snapshot;
      readOn(snapshot, budget(snapshot));
    }
  }

  /** A recording is there as a whole and nothing runs beside it. */
  private static long budget(Snapshot snapshot) {
    return snapshot.recording().isPresent() ? 3 * BUDGET_NANOS : BUDGET_NANOS;
  }

  /** As {@link #show}, but reads all there is, for pictures and exports. */
  public void showAll(Snapshot snapshot) {
    shown = snapshot;
    readOn(snapshot, Long.MAX_VALUE / 2);
  }

  /** Grows whenever rows came, went or changed. */
  public long revision() {
    return revision;
  }

  private void readOn(Snapshot snapshot, long nanos) {
    events = snapshot.events();
    bare = snapshot.scenario().bare();
    names = snapshot.program().names();
    past = snapshot.eventCount();
    int sizeBefore = rows.size();
    boolean changed = rows.readOn(events, nanos);
    if (changed) {
      // The newest rows may have been folded, answered or dropped: look at them again.
      int from = Math.max(0, Math.min(sizeBefore, rows.size()) - 2);
      filtered = Math.min(filtered, from);
      while (passedCount > 0 && passed[passedCount - 1] >= filtered) {
        passedCount--;
      }
    }
    if (filterOn(nanos) | changed) {
      revision++;
    }
  }

  /** Sets what rows must be and contain; no word means any. */
  public void filter(Set<TrapRows.Kind> newKinds, String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (!newKinds.equals(kinds) || !lower.equals(wanted)) {
      kinds = newKinds.isEmpty() ? EnumSet.noneOf(TrapRows.Kind.class) : EnumSet.copyOf(newKinds);
      wanted = lower;
      passedCount = 0;
      filtered = 0;
      filterOn(BUDGET_NANOS);
      revision++;
    }
  }

  /**
   * Of a recording: shows events of certain vCPUs alone, and where events were lost.
   *
   * @param wantedThreads their threads; empty for all events
   */
  public void only(Set<Integer> wantedThreads) {
    if (!wantedThreads.equals(threads)) {
      threads = Set.copyOf(wantedThreads);
      passedCount = 0;
      filtered = 0;
      filterOn(BUDGET_NANOS);
      revision++;
    }
  }

  private boolean isOfThreads(int row) {
    return threads.isEmpty()
        || !(events instanceof RecordedEvents recorded)
        || rows.kind(row) == TrapRows.Kind.LOST
        || threads.contains(recorded.thread(rows.first(row)));
  }

  private boolean filterOn(long nanos) {
    boolean changed = false;
    long deadline = System.nanoTime() + nanos;
    while (filtered < rows.size()) {
      int row = filtered++;
      if (kinds.contains(rows.kind(row))
          && isOfThreads(row)
          && (wanted.isEmpty() || words(row).searchable().contains(wanted))) {
        if (passedCount == passed.length) {
          passed = Arrays.copyOf(passed, passedCount * 2);
        }
        passed[passedCount++] = row;
        changed = true;
      }
      if ((filtered & 63) == 0 && System.nanoTime() > deadline) {
        break;
      }
    }
    return changed;
  }

  /** Rows that pass the filter. */
  public int size() {
    return passedCount;
  }

  /** What the nth row that passes says. */
  public TrapRow get(int index) {
    return words(passed[index]);
  }

  private TrapRow words(int row) {
    Events now = events;
    if (now == null) {
      throw new IllegalStateException("there is no row before there is a recording");
    }
    return rows.row(row, now, bare, names);
  }

  /** Whether the nth row lies after the present moment. */
  public boolean isFuture(int index) {
    return rows.first(passed[index]) >= past;
  }

  /** The event a row leads to: the newest that is folded into it. */
  public long eventOf(int index) {
    return rows.last(passed[index]);
  }

  /** Index of the last row begun at the present moment, or −1. */
  public int present() {
    return indexOf(past - 1);
  }

  /** Index of the last row that passes and had begun when an event happened, or −1. */
  public int indexOf(long event) {
    int row = rows.rowAt(event);
    int found = Arrays.binarySearch(passed, 0, passedCount, row);
    return found >= 0 ? found : -found - 2;
  }

  /** Addresses of instructions that have trapped. */
  Set<Long> trapped() {
    return rows.trapped();
  }

  /** Whether all recorded events have been read and filtered. */
  public boolean isComplete() {
    Events now = events;
    return now == null || rows.scanned() >= now.size() && filtered >= rows.size();
  }

  /** All rows that pass, each a line with columns one below the other. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(TrapRow.heading());
    for (int i = 0; i < size(); i++) {
      lines.add(get(i).line());
    }
    return lines;
  }

  /** "47 rows", or how far reading is. */
  public String state() {
    Events now = events;
    if (now == null) {
      return "";
    }
    String count = Numbers.grouped(passedCount) + (passedCount == 1 ? " row" : " rows");
    if (passedCount != rows.size()) {
      count += " of " + Numbers.grouped(rows.size());
    }
    return isComplete()
        ? count
        : count + " · reading, " + Numbers.grouped(now.size() - rows.scanned()) + " events left";
  }
}
