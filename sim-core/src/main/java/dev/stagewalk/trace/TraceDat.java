package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Reads {@code trace.dat} of trace-cmd, versions 6 and 7: the records of all CPUs in time's order.
 */
final class TraceDat {
  private final DatContents contents;
  private final TraceEvents events = new TraceEvents();
  private final List<Gap> gaps = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final UnreadLines unread = new UnreadLines();

  private TraceDat(DatContents contents) {
    this.contents = contents;
    remarks.addAll(contents.remarks());
  }

  /**
   * Reads a file that is not packed.
   *
   * @param shown what messages call it
   */
  static Trace read(Path file, String shown, String name, long room)
      throws IOException, TraceException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new TraceException(
            "'" + shown + "' is larger than 2 GiB: cut it with 'trace-cmd split', or record less");
      }
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      DatContents contents = DatContents.read(shown, bytes.order(ByteOrder.LITTLE_ENDIAN));
      return new TraceDat(contents).merge(name, room);
    }
  }

  private record Waiting(DatBuffer.Found found, DatBuffer buffer) {}

  private Trace merge(String name, long room) {
    PriorityQueue<Waiting> first =
        new PriorityQueue<>(
            Comparator.<Waiting>comparingLong(waiting -> waiting.found().time())
                .thenComparingInt(waiting -> waiting.buffer().cpu()));
    contents.buffers().forEach(buffer -> offer(buffer, first));
    while (!first.isEmpty() && !events.exceed(room)) {
      Waiting waiting = first.remove();
      take(waiting.found(), waiting.buffer().cpu());
      offer(waiting.buffer(), first);
    }
    if (!first.isEmpty()) {
      remarks.add(events.leftOut(room));
    }
    for (DatBuffer buffer : contents.buffers()) {
      if (buffer.isCut()) {
        remarks.add(
            "the records of CPU "
                + buffer.cpu()
                + " are damaged or break off: what could be read is here");
      }
    }
    return new Trace(
        name,
        TraceKind.TRACE_DAT,
        events,
        List.copyOf(gaps),
        List.copyOf(remarks),
        unread.report());
  }

  private static void offer(DatBuffer buffer, PriorityQueue<Waiting> first) {
    buffer.next().ifPresent(found -> first.add(new Waiting(found, buffer)));
  }

  private void take(DatBuffer.Found found, int cpu) {
    long line = events.size() + unread.count() + 1;
    if (found.lost() != 0) {
      gaps.add(new Gap(events.size(), line, cpu, found.lost()));
    }
    Optional<Long> type =
        contents.common("common_type").flatMap(field -> DatFormat.number(found.bytes(), field));
    Optional<DatFormat> format = type.map(Long::intValue).flatMap(contents::format);
    if (format.isEmpty()) {
      unread.addWords(
          "record %d: event %s of CPU %d has no format in the file"
              .formatted(line, type.map(String::valueOf).orElse("without a number"), cpu));
      return;
    }
    int thread =
        contents
            .common("common_pid")
            .flatMap(field -> DatFormat.number(found.bytes(), field))
            .map(Long::intValue)
            .orElse(-1);
    events.add(
        new TraceEvent(
            0,
            line,
            found.time() + contents.offset(),
            cpu,
            thread,
            contents.processes().getOrDefault(thread, -1),
            contents.tasks().getOrDefault(thread, ""),
            format.get().name(),
            format.get().body(found.bytes())));
  }

  /** The text of a list such as {@code 182 vmm}, by the number that begins each line. */
  static Map<Integer, String> byNumber(String lines) {
    Map<Integer, String> found = new HashMap<>();
    lines
        .lines()
        .map(String::strip)
        .forEach(line -> {
          int blank = line.indexOf(' ');
          if (blank > 0 && line.substring(0, blank).matches("\\d{1,9}")) {
            found.put(
                Integer.parseInt(line.substring(0, blank)), line.substring(blank + 1).strip());
          }
        });
    return found;
  }
}
