package dev.stagewalk.session;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.time.Events;
import dev.stagewalk.trace.Gap;
import dev.stagewalk.trace.RecordedEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The index of what the trap log lists: exits with their answers, host calls, and what the user
 * did. It grows with the recording, keeps a few numbers a row and no event, and takes back what an
 * edit in the past has dropped.
 */
public final class TrapRows {
  private static final int CHECKED_EVERY = 64;

  private long[] first = new long[64];
  private long[] last = new long[64];
  private long[] answer = new long[64];
  private int[] times = new int[64];
  private long[] key = new long[64];
  private long[] pc = new long[64];
  private Kind[] kind = new Kind[64];
  private final Set<Long> trapped = new HashSet<>();
  private int size;

  private long scanned;
  private @Nullable Event newest;
  private int depth;
  private int openExit = -1;
  private int openCall = -1;

  /** What a row is about: the classes the log can be filtered by. */
  public enum Kind {
    DATA_ABORT("Data aborts"),
    INSTRUCTION_ABORT("Instruction aborts"),
    HYPERVISOR_CALL("HVC and SMC"),
    OTHER_EXIT("Other exits"),
    TO_EL1("In the guest, to EL1"),
    HOST_CALL("Host calls and events"),
    ACCESS("Emulated accesses"),
    ENTRY("Guest entries"),
    FIRMWARE("Firmware calls"),
    LOST("Lost events"),
    YOU("You"),
    END("End of the run");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }

    /** The kinds that rows can have of a recording, or of a run of the simulator. */
    public static List<Kind> of(boolean recording) {
      return Arrays.stream(values())
          .filter(kind ->
              switch (kind) {
                case ACCESS, ENTRY, LOST -> recording;
                case FIRMWARE, YOU, END -> !recording;
                case DATA_ABORT, INSTRUCTION_ABORT, HYPERVISOR_CALL, OTHER_EXIT -> true;
                case TO_EL1, HOST_CALL -> true;
              })
          .toList();
    }
  }

  public int size() {
    return size;
  }

  /** Everything recorded up to now. */
  public static TrapRows of(Events events) {
    TrapRows rows = new TrapRows();
    rows.readOn(events, Long.MAX_VALUE / 2);
    return rows;
  }

  /**
   * What a row says.
   *
   * @param bare whether the recording is of a program at EL2 itself
   * @param names what names addresses of the program
   */
  public TrapRow row(int row, Events events, boolean bare, SymbolTable names) {
    Event event = events.get(first[row]);
    if (kind[row] == Kind.LOST && events instanceof RecordedEvents recorded) {
      return RecordedRow.lost(event, lostBefore(recorded, first[row]));
    }
    Event answered = answer[row] < 0 ? null : events.get(answer[row]);
    return TrapRow.of(event, answered, times[row], bare, names);
  }

  /** Number of events looked at so far. */
  public long scanned() {
    return scanned;
  }

  public long first(int row) {
    return first[row];
  }

  /** Number of the newest event folded into this row. */
  public long last(int row) {
    return last[row];
  }

  /** Number of the event that answered, or −1. */
  public long answer(int row) {
    return answer[row];
  }

  /** Addresses of instructions that have trapped to EL2 anywhere in the recording. */
  public Set<Long> trapped() {
    return Collections.unmodifiableSet(trapped);
  }

  public int times(int row) {
    return times[row];
  }

  public Kind kind(int row) {
    return kind[row];
  }

  /** The last row that had begun when an event happened, or −1. */
  public int rowAt(long number) {
    int found = Arrays.binarySearch(first, 0, size, number);
    if (found < 0) {
      return -found - 2;
    }
    // What was lost before an event stands in a row above it, of the same number.
    return found + 1 < size && first[found + 1] == number ? found + 1 : found;
  }

  /**
   * Reads on in the recording.
   *
   * @param nanos how long it may take; the rest is read the next time
   * @return whether any row has changed
   */
  public boolean readOn(Events events, long nanos) {
    int before = size;
    long scannedBefore = scanned;
    boolean changed = dropWhatIsGone(events);
    long deadline = System.nanoTime() + nanos;
    long end = events.size();
    Event event = newest;
    while (scanned < end) {
      event = events.get(scanned++);
      if (events instanceof RecordedEvents recorded
          && !lostBefore(recorded, scanned - 1).isEmpty()) {
        add(event, Kind.LOST);
      }
      changed |= read(event);
      if (scanned % CHECKED_EVERY == 0 && System.nanoTime() - deadline > 0) {
        break;
      }
    }
    newest = event;
    return changed || size != before || scanned < scannedBefore;
  }

  private boolean dropWhatIsGone(Events events) {
    Event was = newest;
    if (was == null || scanned <= events.size() && events.get(scanned - 1).equals(was)) {
      return false;
    }
    // The recording has another end: go back to a row that still stands and begin there. A row is
    // trusted if its event hashes to the same key at the same place.
    int keep = size;
    while (keep > 0 && !stillStands(events, keep - 1)) {
      keep--;
    }
    size = Math.max(0, keep - 1);
    scanned = size < first.length && keep > 0 ? first[size] : 0;
    newest = scanned == 0 ? null : events.get(scanned - 1);
    depth = 0;
    openExit = -1;
    openCall = -1;
    reopen(events);
    trapped.clear();
    for (int row = 0; row < size; row++) {
      if (isExit(kind[row])) {
        trapped.add(pc[row]);
      }
    }
    return true;
  }

  private static boolean isExit(Kind kind) {
    return switch (kind) {
      case DATA_ABORT, INSTRUCTION_ABORT, HYPERVISOR_CALL, OTHER_EXIT -> true;
      case TO_EL1, HOST_CALL, ACCESS, ENTRY, FIRMWARE, LOST, YOU, END -> false;
    };
  }

  private boolean stillStands(Events events, int row) {
    if (last[row] >= events.size()) {
      return false;
    }
    Event event = events.get(last[row]);
    Kind now = kindOf(event.what());
    return now == kind[row] && keyOf(event) == key[row];
  }

  /** Finds what is open at {@link #scanned} by reading from the exit or edit before it. */
  private void reopen(Events events) {
    for (int row = size - 1; row >= 0; row--) {
      if (kind[row] == Kind.HOST_CALL) {
        continue;
      }
      long target = scanned;
      scanned = first[row];
      size = row;
      newest = null;
      while (scanned < target) {
        newest = events.get(scanned++);
        read(newest);
      }
      return;
    }
    size = 0;
    scanned = 0;
    newest = null;
  }

  private boolean read(Event event) {
    switch (event.what()) {
      case SimEvent.ExceptionTaken _ -> {
        depth = 0;
        openCall = -1;
        openExit = add(event);
        return true;
      }
      case SimEvent.Edited _,
          SimEvent.GuestStopped _,
          SimEvent.FirmwareCalled _,
          SimEvent.Recorded _ -> {
        add(event);
        return true;
      }
      case SimEvent.Withheld _ -> {
        add(event);
        return true;
      }
      case SimEvent.HostCallBegan call -> {
        if (isFrame(call.name())) {
          return false;
        }
        if (depth++ == 0) {
          openCall = add(event);
          return true;
        }
        return false;
      }
      case SimEvent.HostCallEnded call -> {
        if (isFrame(call.name())) {
          return false;
        }
        depth = Math.max(0, depth - 1);
        if (depth == 0 && openCall >= 0) {
          answer[openCall] = event.number();
          openCall = -1;
          return true;
        }
        return false;
      }
      case SimEvent.HandlerAnswered _ -> {
        if (openExit >= 0) {
          answer[openExit] = event.number();
          openExit = -1;
          return true;
        }
        return false;
      }
      case SimEvent.Translated _, SimEvent.ExceptionReturned _, SimEvent.ContextSaved _ -> {
        return false;
      }
      case SimEvent.ContextLoaded _, SimEvent.Allocated _, SimEvent.Freed _ -> {
        return false;
      }
      case SimEvent.DescriptorStored _, SimEvent.HostStored _, SimEvent.RegisterWritten _ -> {
        return false;
      }
      case SimEvent.TlbInvalidated _, SimEvent.BarrierCompleted _, SimEvent.Printed _ -> {
        return false;
      }
      case SimEvent.UartByte _,
          SimEvent.MemoryCleared _,
          SimEvent.MemoryCopied _,
          SimEvent.TimePassed _ -> {
        return false;
      }
    }
  }

  /** Calls that stay open while the guest runs, so that nothing is nested in them. */
  private static boolean isFrame(String call) {
    return call.equals("guest_run");
  }

  /** Gaps after the last event are told with it. */
  private static List<Gap> lostBefore(RecordedEvents events, long number) {
    List<Gap> gaps = events.gapsBefore(number);
    if (number + 1 < events.size()) {
      return gaps;
    }
    List<Gap> all = new ArrayList<>(gaps);
    all.addAll(events.gapsBefore(events.size()));
    return all;
  }

  private int add(Event event) {
    return add(event, kindOf(event.what()));
  }

  private int add(Event event, Kind rowKind) {
    long rowKey = keyOf(event);
    if (size > 0 && kind[size - 1] == rowKind && key[size - 1] == rowKey) {
      times[size - 1]++;
      last[size - 1] = event.number();
      answer[size - 1] = -1;
      return size - 1;
    }
    if (size == first.length) {
      int room = size * 2;
      first = Arrays.copyOf(first, room);
      last = Arrays.copyOf(last, room);
      answer = Arrays.copyOf(answer, room);
      times = Arrays.copyOf(times, room);
      key = Arrays.copyOf(key, room);
      pc = Arrays.copyOf(pc, room);
      kind = Arrays.copyOf(kind, room);
    }
    first[size] = event.number();
    last[size] = event.number();
    answer[size] = -1;
    times[size] = 1;
    key[size] = rowKey;
    kind[size] = rowKind;
    if (event.what() instanceof SimEvent.ExceptionTaken taken && taken.toEl() == 2) {
      pc[size] = TrapRow.trapped(taken);
      trapped.add(pc[size]);
    }
    return size++;
  }

  /** What a listed event is; for any other event {@link Kind#OTHER_EXIT}, which no row then has. */
  private static Kind kindOf(SimEvent what) {
    if (what instanceof SimEvent.ExceptionTaken taken) {
      return taken.toEl() == 2 ? exitKind(taken.exceptionClass()) : Kind.TO_EL1;
    }
    if (what instanceof SimEvent.Recorded recorded) {
      return recordedKind(recorded);
    }
    if (what instanceof SimEvent.HostCallBegan) {
      return Kind.HOST_CALL;
    }
    if (what instanceof SimEvent.Edited || what instanceof SimEvent.Withheld) {
      return Kind.YOU;
    }
    if (what instanceof SimEvent.FirmwareCalled) {
      return Kind.FIRMWARE;
    }
    return what instanceof SimEvent.GuestStopped ? Kind.END : Kind.OTHER_EXIT;
  }

  private static Kind recordedKind(SimEvent.Recorded what) {
    if (RecordedRow.isEntry(what)) {
      return Kind.ENTRY;
    }
    if (RecordedRow.isAccess(what)) {
      return Kind.ACCESS;
    }
    return switch (what.on()) {
      case EXITS -> exitKind(what.exceptionClass().orElse(-1));
      case GUEST -> Kind.TO_EL1;
      case HOST, YOU -> Kind.HOST_CALL;
    };
  }

  private static Kind exitKind(int exceptionClass) {
    return switch (exceptionClass) {
      case 0x24, 0x25 -> Kind.DATA_ABORT;
      case 0x20, 0x21 -> Kind.INSTRUCTION_ABORT;
      case 0x12, 0x13, 0x16, 0x17 -> Kind.HYPERVISOR_CALL;
      default -> Kind.OTHER_EXIT;
    };
  }

  /** Rows of equal key say the same in words, but for number and moment. */
  private static long keyOf(Event event) {
    if (event.what() instanceof SimEvent.ExceptionTaken e) {
      long where = mix(mix(e.elr(), e.far()), e.hpfarValid() ? e.hpfar() : 0);
      return mix(mix(e.esr(), where), e.vector() + 16 * event.pe());
    }
    if (event.what() instanceof SimEvent.HostCallBegan call) {
      return mix(call.name().hashCode(), call.arguments().hashCode());
    }
    return mix(event.number(), event.what() instanceof SimEvent.Recorded ? 2 : 1);
  }

  private static long mix(long a, long b) {
    long h = (a ^ Long.rotateLeft(b, 29)) * 0x9E37_79B9_7F4A_7C15L;
    return h ^ h >>> 32;
  }
}
