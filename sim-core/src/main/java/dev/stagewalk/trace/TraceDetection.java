package dev.stagewalk.trace;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells from its content what kind of trace a file is, and what it is if it is none. */
final class TraceDetection {
  /** Bytes of the beginning that are looked at. */
  static final int HEAD = 1 << 16;

  private static final List<Recognised> TEXTS =
      List.of(
          new Recognised(TraceKind.STAGE2_TABLES, "(?m)^---\\[ Guest IPA \\]---\\s*$"),
          new Recognised(
              TraceKind.STAGE2_TABLES, "^0x\\p{XDigit}{16}-0x\\p{XDigit}{16} +\\d+[KMGTPE] \\d"),
          new Recognised(TraceKind.GDB_TRAPS, "^\\s*\\{\"[^\\n]*\"(?:esr|esr_el2|ESR_EL2)\""),
          new Recognised(TraceKind.QEMU, "(?m)^Taking exception \\d+ \\[|^Exception return from "),
          new Recognised(TraceKind.QEMU, "(?m)^IN: ?.*\\R0x\\p{XDigit}+:  \\p{XDigit}{8}"),
          new Recognised(TraceKind.QEMU, "(?m)^Trace \\d+: 0x\\p{XDigit}+ \\["),
          new Recognised(TraceKind.TRACE_CMD, "^(?:version = \\d+\\s+)?cpus=\\d+\\R"),
          new Recognised(TraceKind.TRACEFS, "^# tracer: "));

  /** Of UTF-8, a byte a character. */
  private static final String BYTE_ORDER_MARK = "^\357\273\277";

  private static final String PACKETS =
      "a capture of network packets (pcap): a trace of KVM comes from tracefs, trace-cmd or perf";
  private static final String CTF =
      "a trace in CTF: record it with trace-cmd, or convert it to the text of tracefs";
  private static final String UTF_16 =
      "a text in UTF-16: save it as UTF-8, such as with iconv -f UTF-16 -t UTF-8";

  private static final List<NoTrace> OTHERS =
      List.of(
          new NoTrace("PERFILE2", "a perf.data file: run 'perf script' first and import its text"),
          new NoTrace("\177ELF", "an ELF file: 'boot' runs a program"),
          new NoTrace("EMiL", "a LiME dump of memory, and no trace: leave --as away"),
          new NoTrace("PK\3\4", "a zip archive: unpack it first"),
          new NoTrace("\3757zXZ", "compressed with xz: unpack it first"),
          new NoTrace("BZh", "compressed with bzip2: unpack it first"),
          new NoTrace(
              "\4\"M\30", "compressed with lz4: unpack it first (gzip and zstd are unpacked here)"),
          new NoTrace("\37\235", "compressed with compress: unpack it first"),
          new NoTrace("\324\303\262\241", PACKETS),
          new NoTrace("\241\262\303\324", PACKETS),
          new NoTrace("M<\262\241", PACKETS),
          new NoTrace("\n\r\r\n", PACKETS),
          new NoTrace("\301\37\374\301", CTF),
          new NoTrace("\301\374\37\301", CTF),
          new NoTrace("/* CTF 1.8 */", CTF),
          new NoTrace("\377\376", UTF_16),
          new NoTrace("\376\377", UTF_16),
          new NoTrace("\211PNG", "a picture"),
          new NoTrace("%PDF", "a PDF document"),
          new NoTrace(
              "KDUMP   ", "a kdump-compressed dump: write an ELF dump (without -z, -l, -s)"),
          new NoTrace("SQLite format 3", "a database of SQLite"),
          new NoTrace("MDMP", "a minidump of Windows"));

  /** Texts that stand beside traces and dumps, and are none. */
  private static final List<Beside> BESIDE =
      List.of(
          new Beside(
              "(?m)^name: \\w+\\s+^ID: \\d+\\s+^format:",
              "the formats of a kernel's events: give them with --formats beside a raw trace"),
          new Beside(
              "\\A(?:-> |<- )|(?m)^\\[remote\\] |Sending packet: \\$",
              "a log of gdb's remote protocol: traps collected over gdb are JSON lines with an"
                  + " esr"),
          new Beside(
              "\\bVTTBR_EL2\\b\"?(?: *[=:] *\"?| +)0x",
              "a list of registers: give it with --regs beside a dump of memory"),
          new Beside(
              "<!DOCTYPE (?:target|feature)|<target[ >]|<feature name=\"org\\.",
              "a target description of gdb, which says names of registers and no values"));

  private TraceDetection() {}

  /** The kind of trace; empty if it is none that is known. */
  static Optional<TraceKind> kind(byte[] head) {
    String latin = new String(head, StandardCharsets.ISO_8859_1).replaceFirst(BYTE_ORDER_MARK, "");
    if (latin.startsWith("\27\10Dtracing")) {
      return Optional.of(TraceKind.TRACE_DAT);
    }
    for (Recognised text : TEXTS) {
      if (text.pattern().matcher(latin).find()) {
        return Optional.of(text.kind());
      }
    }
    return byLines(latin);
  }

  private static Optional<TraceKind> byLines(String text) {
    for (String line : text.lines().limit(400).toList()) {
      if (KvmLine.FTRACE.read(line, 1).isPresent() || KvmLine.BARE.read(line, 1).isPresent()) {
        return Optional.of(TraceKind.TRACEFS);
      }
      if (KvmLine.LATENCY.read(line, 1).isPresent()) {
        return Optional.of(TraceKind.TRACE_CMD);
      }
      if (KvmLine.PERF.read(line, 1).isPresent()) {
        return Optional.of(TraceKind.PERF_SCRIPT);
      }
      if (KvmLine.PERF_TRACE.read(line, 1).isPresent()) {
        return Optional.of(TraceKind.PERF_TRACE);
      }
      if (Tarmac.isLine(line)) {
        return Optional.of(TraceKind.TARMAC);
      }
    }
    return Optional.empty();
  }

  /**
   * What a file is that is no trace.
   *
   * @param words with what to do: "a perf.data file: run …"
   * @param known whether it is recognised as something else
   */
  record Otherwise(String words, boolean known) {}

  static Otherwise otherwise(byte[] head) {
    if (head.length == 0) {
      return new Otherwise("empty", true);
    }
    String latin = new String(head, StandardCharsets.ISO_8859_1);
    for (NoTrace other : OTHERS) {
      if (latin.startsWith(other.magic())) {
        return new Otherwise(other.words(), true);
      }
    }
    if (latin.indexOf('\0') >= 0) {
      return new Otherwise("a binary file of a kind that is not known here", false);
    }
    for (Beside beside : BESIDE) {
      if (beside.pattern().matcher(latin).find()) {
        return new Otherwise(beside.words(), true);
      }
    }
    return new Otherwise(
        "a text in which no line has the form of a known trace; its first line is '"
            + latin
                .lines()
                .findFirst()
                .orElse("")
                .strip()
                .replaceAll("\\P{Print}", "·")
                .transform(TraceDetection::cut)
            + "'",
        false);
  }

  private static String cut(String line) {
    return line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }

  private record Recognised(TraceKind kind, Pattern pattern) {
    Recognised(TraceKind kind, String regex) {
      this(kind, Pattern.compile(regex));
    }
  }

  private record Beside(Pattern pattern, String words) {
    Beside(String regex, String words) {
      this(Pattern.compile(regex), words);
    }
  }

  private record NoTrace(String magic, String words) {}
}
