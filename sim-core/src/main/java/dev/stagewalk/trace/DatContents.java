package dev.stagewalk.trace;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code trace.dat} holds beside the records: formats, names of threads, where they lie. */
final class DatContents {
  /** The clock in use stands in brackets in the list of all. */
  private static final Pattern CHOSEN = Pattern.compile("\\[(\\S+)\\]");

  /** A section unpacks to no more than this, so that a damaged length cannot fill the memory. */
  private static final long LARGEST_SECTION = 256L << 20;

  /** Numbers of the options that are read. */
  private static final int DONE = 0;

  private static final int BUFFER = 3;
  private static final int CLOCK = 4;
  private static final int OFFSET = 7;
  private static final int EVENT_FORMATS = 18;
  private static final int CMDLINES = 21;
  private static final int TGIDS = 23;

  private final String file;
  private final ByteBuffer bytes;
  private final Map<Integer, DatFormat> formats = new HashMap<>();
  private final Map<Integer, String> tasks = new HashMap<>();
  private final Map<Integer, Integer> processes = new HashMap<>();
  private final List<DatBuffer> buffers = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private boolean compressed;
  private long offset;

  private DatContents(String file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static DatContents read(String file, ByteBuffer bytes) throws TraceException {
    DatContents contents = new DatContents(file, bytes);
    DatCursor in = contents.from(0, bytes.limit());
    in.expect("\27\10D");
    in.expect("tracing");
    String version = in.string();
    int endian = in.u8();
    int longSize = in.u8();
    long pageSize = in.u32();
    if (endian != 0 || longSize != 8) {
      throw new TraceException(
          "'%s' comes from a %s-endian machine of %d bits; arm64 records little-endian, 64 bits"
              .formatted(file, endian == 0 ? "little" : "big", longSize * 8));
    }
    switch (version) {
      case "6" -> contents.readSix(in, pageSize);
      case "7" -> contents.readSeven(in, pageSize);
      default ->
          throw new TraceException(
              "'%s' is a trace.dat of version %s; 6 and 7 can be read (write it as text with"
                      .formatted(file, version)
                  + " 'trace-cmd report')");
    }
    return contents;
  }

  private DatCursor from(long start, long end) throws TraceException {
    if (start < 0 || end > bytes.limit() || start > end) {
      throw new TraceException(
          "'%s' is a damaged or cut trace.dat: it refers to offset 0x%x and ends at 0x%x"
              .formatted(file, start, bytes.limit()));
    }
    ByteBuffer part = bytes.slice((int) start, (int) (end - start)).order(ByteOrder.LITTLE_ENDIAN);
    return new DatCursor(file, part, start);
  }

  private void readSix(DatCursor in, long pageSize) throws TraceException {
    in.expect("header_page\0");
    in.text(in.u64());
    in.expect("header_event\0");
    in.text(in.u64());
    for (long n = in.u32(); n > 0; n--) {
      addFormat(in.text(in.u64()));
    }
    readSystems(in);
    in.text(in.u32()); // addresses of the kernel's functions
    in.text(in.u32()); // texts of trace_printk
    addTasks(in.text(in.u64()));
    long cpus = in.u32();
    String what = in.text(10);
    if (what.equals("options  \0")) {
      for (int id = in.u16(); id != DONE; id = in.u16()) {
        option(id, in.part(in.u32()), pageSize);
      }
      what = in.text(10);
    }
    if (!what.equals("flyrecord\0")) {
      throw in.broken("the records are of the kind '" + what.strip().replace("\0", "") + "'");
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      addBuffer(cpu, in.u64(), in.u64(), pageSize);
    }
  }

  private void readSystems(DatCursor in) throws TraceException {
    for (long systems = in.u32(); systems > 0; systems--) {
      in.string();
      for (long n = in.u32(); n > 0; n--) {
        addFormat(in.text(in.u64()));
      }
    }
  }

  private void readSeven(DatCursor in, long pageSize) throws TraceException {
    String algorithm = in.string();
    in.string(); // the version of the library that packed it
    if (!algorithm.equals("none") && !algorithm.equals("zstd")) {
      throw new TraceException(
          "'%s' is packed with %s; zstd and none can be read: record with '--compression zstd', or"
                  .formatted(file, algorithm)
              + " '--file-version 6'");
    }
    compressed = algorithm.equals("zstd");
    Set<Long> seen = new LinkedHashSet<>();
    for (long at = in.u64(); at != 0 && seen.add(at); ) {
      at = options(section(at), pageSize);
    }
  }

  /** Reads a section of options; returns where the next one lies, or 0. */
  private long options(DatCursor in, long pageSize) throws TraceException {
    while (in.remaining() >= 6) {
      int id = in.u16();
      DatCursor option = in.part(in.u32());
      if (id == DONE) {
        return option.remaining() >= 8 ? option.u64() : 0;
      }
      switch (id) {
        case EVENT_FORMATS -> readSystems(section(option.u64()));
        case CMDLINES -> {
          DatCursor lines = section(option.u64());
          addTasks(lines.text(lines.u64()));
        }
        default -> option(id, option, pageSize);
      }
    }
    return 0;
  }

  /** The options that both versions have. */
  private void option(int id, DatCursor in, long pageSize) throws TraceException {
    switch (id) {
      case CLOCK -> noteClock(new String(in.rest(), StandardCharsets.UTF_8));
      case OFFSET -> addOffset(new String(in.rest(), StandardCharsets.UTF_8));
      case TGIDS -> addProcesses(in);
      case BUFFER -> {
        if (in.remaining() > 8) {
          bufferOption(in, pageSize);
        }
      }
      default -> {}
    }
  }

  private void addProcesses(DatCursor in) throws TraceException {
    // Version 7 refers to a section, version 6 has the text itself.
    String text;
    if (in.remaining() == 8) {
      DatCursor section = section(in.u64());
      text = section.text(section.u64());
    } else {
      text = new String(in.rest(), StandardCharsets.UTF_8);
    }
    TraceDat.byNumber(text)
        .forEach((thread, process) -> {
          if (process.matches("\\d{1,9}")) {
            processes.put(thread, Integer.parseInt(process));
          }
        });
  }

  private void bufferOption(DatCursor in, long pageSize) throws TraceException {
    in.u64(); // where the section begins: the CPUs say where their records lie
    String instance = in.string();
    String clock = in.string();
    noteClock("[" + clock + "]");
    long size = in.u32();
    if (!instance.isEmpty()) {
      remarks.add("records of the instance '" + instance + "' are among the others");
    }
    for (long n = in.u32(); n > 0; n--) {
      long cpu = in.u32();
      addBuffer((int) Math.min(cpu, 1 << 20), in.u64(), in.u64(), size == 0 ? pageSize : size);
    }
  }

  private void noteClock(String text) {
    Matcher chosen = CHOSEN.matcher(text);
    if (!chosen.find()) {
      return;
    }
    String clock = chosen.group(1);
    if (Set.of("counter", "uptime", "x86-tsc", "ppc-tb").contains(clock)) {
      remarks.add(
          "times are of the clock '"
              + clock
              + "', which does not count nanoseconds; a tick is shown as 1 ns");
    }
  }

  private void addOffset(String text) {
    String number = text.replace("\0", "").strip();
    try {
      offset += Numerals.parse(number, false);
      remarks.add("all times are shifted by " + number + " ns, as the file asks");
    } catch (NumberFormatException e) {
      remarks.add("the shift of times '" + number + "' is no number and was not applied");
    }
  }

  private void addFormat(String text) {
    DatFormat.parse(text).ifPresent(format -> formats.put(format.id(), format));
  }

  private void addTasks(String text) {
    tasks.putAll(TraceDat.byNumber(text));
  }

  private void addBuffer(int cpu, long start, long size, long pageSize) throws TraceException {
    if (size == 0) {
      return;
    }
    if (pageSize < 64 || pageSize > 1 << 24 || Long.bitCount(pageSize) != 1) {
      throw new TraceException(
          "'%s' is a damaged trace.dat: pages of %d bytes".formatted(file, pageSize));
    }
    long end = start + size;
    if (start >= 0 && start < bytes.limit() && end > bytes.limit()) {
      remarks.add("the file breaks off in the records of CPU " + cpu);
      end = bytes.limit();
    }
    // Of packed records the size leaves out the number of chunks before them.
    byte[] pages = compressed ? chunks(from(start, bytes.limit())) : from(start, end).rest();
    buffers.add(
        new DatBuffer(cpu, ByteBuffer.wrap(pages).order(ByteOrder.LITTLE_ENDIAN), (int) pageSize));
  }

  /** The records of a CPU are packed in chunks, whose number comes first. */
  private byte[] chunks(DatCursor in) throws TraceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long n = in.u32(); n > 0; n--) {
      if (in.remaining() < 8) {
        remarks.add("the records break off between two packed chunks");
        break;
      }
      all.writeBytes(unpacked(in));
      if (all.size() > LARGEST_SECTION) {
        remarks.add(
            "only the first %d MiB of a CPU's records were read".formatted(all.size() >> 20));
        break;
      }
    }
    return all.toByteArray();
  }

  /**
   * A section by its place: its header is passed over, its contents unpacked if they are packed.
   */
  private DatCursor section(long at) throws TraceException {
    DatCursor in = from(at, bytes.limit());
    in.u16();
    boolean packed = (in.u16() & 1) != 0;
    in.u32();
    long size = in.u64();
    DatCursor body = in.part(size);
    if (!packed) {
      return body;
    }
    byte[] whole = unpacked(body);
    return new DatCursor(file, ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN), -1);
  }

  private static byte[] unpacked(DatCursor in) throws TraceException {
    long packed = in.u32();
    long size = in.u32();
    if (size > LARGEST_SECTION) {
      throw in.broken("a section of %d bytes is announced".formatted(size));
    }
    byte[] source = in.part(packed).rest();
    byte[] whole = new byte[(int) size];
    try {
      int length =
          new ZstdDecompressor().decompress(source, 0, source.length, whole, 0, whole.length);
      if (length != whole.length) {
        throw in.broken("%d bytes were unpacked where %d are announced".formatted(length, size));
      }
      return whole;
    } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw in.broken("zstd cannot unpack it (" + e.getMessage() + ")");
    }
  }

  /** The format of the events of a number. */
  Optional<DatFormat> format(int id) {
    return Optional.ofNullable(formats.get(id));
  }

  /** A field that all events have, such as {@code common_pid}. */
  Optional<DatFormat.Field> common(String name) {
    return formats.values().stream().findFirst().flatMap(format -> format.field(name));
  }

  /** Names of the threads, by their numbers. */
  Map<Integer, String> tasks() {
    return tasks;
  }

  /** Processes of the threads, where the recorder noted them. */
  Map<Integer, Integer> processes() {
    return processes;
  }

  List<DatBuffer> buffers() {
    return buffers;
  }

  Set<String> remarks() {
    return remarks;
  }

  /** Nanoseconds to add to every time. */
  long offset() {
    return offset;
  }
}
