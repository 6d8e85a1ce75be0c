package dev.stagewalk.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what QEMU writes with {@code -d int} and, around it, {@code in_asm}, {@code exec}, {@code
 * cpu} and messages of devices. An exception is several lines, one event here; its body is {@code
 * name=value} words.
 *
 * <p>Where several vCPUs run in threads their lines may interleave, and only the first line of an
 * exception names its CPU: what follows is counted to the exception begun last that lacks it.
 */
final class QemuLog {
  private static final Pattern TAKING =
      Pattern.compile("^Taking exception (\\d+) \\[(.*?)\\](?: on CPU (\\d+))?\\s*$");
  private static final Pattern RETURN =
      Pattern.compile(
          "^Exception return from (\\S+ EL\\d) to (\\S+ EL\\d)(?: PC 0x(\\p{XDigit}+))?\\s*$");
  private static final Pattern FROM_TO = Pattern.compile("^\\.\\.\\.from EL(\\d) to EL(\\d)\\s*$");
  private static final Pattern ESR =
      Pattern.compile("^\\.\\.\\.with ESR 0x(\\p{XDigit}+)/0x(\\p{XDigit}+)\\s*$");
  private static final Pattern VALUE =
      Pattern.compile("^\\.\\.\\.with (FAR|SPSR|ELR|[A-Z]\\w*) 0x(\\p{XDigit}+)\\s*$");
  private static final Pattern VECTOR =
      Pattern.compile("^\\.\\.\\.to EL(\\d) PC 0x(\\p{XDigit}+) PSTATE 0x(\\p{XDigit}+)\\s*$");
  private static final Pattern HANDLED = Pattern.compile("^\\.\\.\\.handled as (.*?)\\s*$");
  private static final Pattern EXECUTED =
      Pattern.compile("^Trace (\\d+): 0x\\p{XDigit}+ \\[\\p{XDigit}+/(\\p{XDigit}+)/.*$");
  private static final Pattern INSTRUCTION =
      Pattern.compile("^0x(\\p{XDigit}{8,16}):\\s+(\\p{XDigit}{8})\\s+(.*)$");
  private static final Pattern REGISTERS =
      Pattern.compile("^\\s?(?:PC|X\\d\\d|PSTATE|Q\\d\\d|FPCR|PREGS|P\\d\\d)=\\S.*$");
  private static final Pattern BETWEEN = Pattern.compile("^(?:-+|\\s*|IN: ?.*|OBJD-.*)$");

  /** Exceptions for which ESR_ELx keeps the value of an earlier one. */
  private static final Set<String> WITHOUT_SYNDROME =
      Set.of("IRQ", "FIQ", "Virtual IRQ", "Virtual FIQ");

  private final TraceEvents events = new TraceEvents();
  private final Set<String> remarks = new LinkedHashSet<>();
  private final UnreadLines unread = new UnreadLines();
  private final List<Taken> open = new ArrayList<>();

  Trace read(String file, TraceLines lines, long room) throws IOException {
    for (String line = lines.read(); line != null; line = lines.read()) {
      if (events.exceed(room)) {
        remarks.add(events.leftOut(room));
        break;
      }
      take(line, lines.number());
    }
    open.forEach(this::close);
    if (events.counts().keySet().stream().anyMatch(name -> name.contains("Abort"))) {
      remarks.add("QEMU does not log HPFAR_EL2, so the IPA of a stage-2 fault is unknown");
    }
    remarks.add("QEMU logs no time: the order of the lines is all there is");
    return new Trace(
        file, TraceKind.QEMU, events, List.of(), List.copyOf(remarks), unread.report());
  }

  private void take(String line, long number) {
    if (line.startsWith("...")) {
      if (!takeDetail(line)) {
        unread.add(number, line);
      }
      return;
    }
    Matcher taking = TAKING.matcher(line);
    if (taking.matches()) {
      @Nullable String cpu = taking.group(3);
      begin(new Taken(number, taking.group(2), cpu == null ? -1 : small(cpu)));
      return;
    }
    Matcher returned = RETURN.matcher(line);
    if (returned.matches()) {
      closeAll();
      @Nullable String pc = returned.group(3);
      add(
          number,
          -1,
          "Exception return",
          "from=%s to=%s%s"
              .formatted(
                  level(returned.group(1)),
                  level(returned.group(2)),
                  pc == null ? "" : " pc=0x" + pc));
      return;
    }
    takeOther(line, number);
  }

  private void takeOther(String line, long number) {
    Matcher executed = EXECUTED.matcher(line);
    Matcher instruction = INSTRUCTION.matcher(line);
    if (executed.matches()) {
      closeAll();
      add(number, small(executed.group(1)), "Trace", "pc=0x" + executed.group(2));
    } else if (instruction.matches()) {
      closeAll();
      add(
          number,
          -1,
          "IN",
          "pc=0x%s opcode=0x%s text=%s"
              .formatted(instruction.group(1), instruction.group(2), instruction.group(3).strip()));
    } else if (REGISTERS.matcher(line).matches()) {
      remarks.add("the register values that -d cpu writes are passed over");
    } else if (!BETWEEN.matcher(line).matches()) {
      if (line.indexOf('\ufffd') >= 0 || line.chars().anyMatch(c -> c < ' ' && c != '\t')) {
        unread.add(number, line);
      } else {
        add(number, -1, "message", line.strip());
      }
    }
  }

  /** A line of an exception, given to the last one that is open and lacks it. */
  private boolean takeDetail(String line) {
    Matcher m = FROM_TO.matcher(line);
    if (m.matches()) {
      return give("from", "EL" + m.group(1), "to", "EL" + m.group(2));
    }
    m = ESR.matcher(line);
    if (m.matches()) {
      return give("esr", "0x" + m.group(2));
    }
    m = VALUE.matcher(line);
    if (m.matches()) {
      return give(m.group(1).toLowerCase(Locale.ROOT), "0x" + m.group(2));
    }
    m = VECTOR.matcher(line);
    if (m.matches()) {
      return give("vector_pc", "0x" + m.group(2), "pstate", "0x" + m.group(3));
    }
    m = HANDLED.matcher(line);
    return m.matches() && give("handled", m.group(1).replace(' ', '_'));
  }

  private boolean give(String... namesAndValues) {
    for (int n = open.size() - 1; n >= 0; n--) {
      Taken taken = open.get(n);
      if (!taken.details.containsKey(namesAndValues[0])) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
          taken.details.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return true;
      }
    }
    return false;
  }

  /** A CPU takes one exception after the other, so its last one is whole when the next begins. */
  private void begin(Taken next) {
    for (Taken earlier : List.copyOf(open)) {
      if (earlier.cpu == next.cpu || earlier.isWhole()) {
        close(earlier);
        open.remove(earlier);
      }
    }
    open.add(next);
  }

  private void closeAll() {
    open.forEach(this::close);
    open.clear();
  }

  private void close(Taken taken) {
    StringBuilder body = new StringBuilder();
    taken.details.forEach((name, value) -> {
      boolean stale = name.equals("esr") && WITHOUT_SYNDROME.contains(taken.name);
      body.append(body.isEmpty() ? "" : " ")
          .append(stale ? "stale_esr" : name)
          .append('=')
          .append(value);
    });
    add(taken.line, taken.cpu, taken.name, body.toString());
  }

  private void add(long line, int cpu, String name, String body) {
    events.add(new TraceEvent(0, line, TraceEvent.UNKNOWN, cpu, -1, -1, "", name, body));
  }

  private static int small(String digits) {
    return digits.length() > 6 ? -1 : Integer.parseInt(digits);
  }

  private static String level(String stateAndLevel) {
    return stateAndLevel.substring(stateAndLevel.indexOf(" ") + 1);
  }

  /** An exception whose lines are being read. */
  private static final class Taken {
    private final long line;
    private final String name;
    private final int cpu;
    private final Map<String, String> details = new LinkedHashMap<>();

    Taken(long line, String name, int cpu) {
      this.line = line;
      this.name = name;
      this.cpu = cpu;
    }

    boolean isWhole() {
      return details.containsKey("vector_pc") || details.containsKey("handled");
    }
  }
}
