package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays accesses recorded on an emulated machine with stage 1 off against the walk. One line is
 * one thing, numbers in hexadecimal:
 *
 * <pre>
 * C cpu ID_AA64MMFR0 ID_AA64MMFR1 ID_AA64MMFR2     a PE
 * R first last                                      where memory answers
 * X pa word                                         memory common to all vectors
 * V id group cpu HCR_EL2 VTCR_EL2 VTTBR_EL2         a vector begins
 * M pa word                                         its memory
 * A kind el-of-permission el size va pc ok value changes
 * A kind el-of-permission el size va pc fault EC FSC S1PTW WnR FAR HPFAR changes
 * T E1R va PAR_EL1                                  AT S12E1R and so on
 * </pre>
 *
 * Kinds: R read, W write, A atomic, F fetch, X load-exclusive then store-exclusive. Changes are
 * {@code pa=word,…} or {@code -}.
 */
final class RecordedAccesses {
  private final Map<String, Features> features = new HashMap<>();
  private final Map<Long, Long> fixed = new HashMap<>();
  private final Map<Long, Long> memory = new HashMap<>();
  private final Map<String, Integer> passed = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long firstRam;
  private long lastRam;
  private String vector = "";
  private String group = "";
  private @Nullable Stage2Parameters parameters;

  /** Replays a whole file. */
  static RecordedAccesses replay(BufferedReader lines) throws IOException {
    RecordedAccesses run = new RecordedAccesses();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank() && line.charAt(0) != '#') {
        run.line(line.split(" "), line);
      }
    }
    return run;
  }

  Map<String, Integer> passed() {
    return passed;
  }

  List<String> failures() {
    return failures;
  }

  private void line(String[] f, String line) {
    switch (f[0]) {
      case "C" -> features.put(f[1], Features.of(hex(f[2]), hex(f[3]), hex(f[4])));
      case "R" -> {
        firstRam = hex(f[1]);
        lastRam = hex(f[2]);
      }
      case "X" -> fixed.put(hex(f[1]), hex(f[2]));
      case "M" -> memory.put(hex(f[1]), hex(f[2]));
      case "V" -> {
        vector = f[1];
        group = f[2];
        memory.clear();
        memory.putAll(fixed);
        Features of = features.get(f[3]);
        if (of == null) {
          throw new IllegalStateException("no such PE: " + f[3]);
        }
        parameters = Stage2Parameters.decode(hex(f[5]), hex(f[6]), hex(f[4]), of);
      }
      case "A", "T" -> {
        String found = f[0].equals("A") ? access(f) : addressTranslation(f);
        if (found.isEmpty()) {
          passed.merge(group, 1, Integer::sum);
        } else {
          failures.add(vector + " " + group + ": " + line + " — found " + found);
        }
      }
      default -> throw new IllegalStateException("not understood: " + line);
    }
  }

  private Translation walk(long ipa, Access access) {
    if (parameters == null) {
      throw new IllegalStateException("an access before the first vector");
    }
    return Stage2Walk.walk(parameters, ipa, access, this::read);
  }

  private long read(long pa) {
    if (pa < firstRam || pa > lastRam) {
      throw ExternalAbort.ABORT;
    }
    return memory.getOrDefault(pa, 0L);
  }

  /** Empty if the access ends as recorded, otherwise what came instead. */
  private String access(String[] f) {
    boolean permissionsOfEl1 = f[2].equals("1");
    boolean el1 = f[3].equals("1");
    int size = Integer.parseInt(f[4]);
    long va = hex(f[5]);
    long pc = hex(f[6]);
    Map<Long, Long> updates = new TreeMap<>();

    List<Translation> walks = new ArrayList<>();
    walks.add(walk(pc, new Access(Access.Kind.FETCH, 4, el1)));
    for (Access.Kind kind : kinds(f[1])) {
      Access access = new Access(kind, size, permissionsOfEl1);
      walks.add(walk(va, access));
      long last = va + size - 1;
      if (last >>> 12 != va >>> 12) {
        walks.add(walk(last & -4096L, access));
      }
    }
    Translation end = walks.getFirst();
    for (Translation walk : walks) {
      end = walk;
      walk.update().ifPresent(update -> updates.put(update.pa(), update.value()));
      if (walk.outcome() instanceof Translation.Fault) {
        break;
      }
    }

    if (end.outcome() instanceof Translation.Fault fault) {
      long far = end == walks.getFirst() ? pc : end.input();
      boolean fetch = end.access().kind() == Access.Kind.FETCH;
      String found =
          "fault %s %s %s %s 0x%x %s %s"
              .formatted(
                  fetch ? "0x20" : "0x24",
                  "0x" + Integer.toHexString(fault.kind().statusCode(fault.level())),
                  "0x0",
                  fetch ? "0x0" : writeNotRead(end, fault) ? "0x1" : "0x0",
                  far,
                  f.length > 13 && !f[12].equals("-") && fault.givesHpfar()
                      ? "0x" + Long.toHexString((fault.ipa() >>> 12) << 4)
                      : "-",
                  text(updates));
      return found.equals(String.join(" ", List.of(f).subList(7, f.length))) ? "" : found;
    }
    if (!f[7].equals("ok")) {
      return "no fault";
    }
    Translation.Output output =
        (Translation.Output) walks.get(Math.min(1, walks.size() - 1)).outcome();
    if (!f[8].equals("-")) {
      int bytes = f[1].equals("F") ? 4 : size;
      long value = load(walks, output.address(), va, bytes);
      // A word no line lists may hold what an earlier access of the recording stored there.
      if (memory.containsKey(output.address() & -8L) && value != hex(f[8])) {
        return "0x" + Long.toHexString(value) + " at " + output.address();
      }
    }
    for (String change : f[9].equals("-") ? new String[0] : f[9].split(",")) {
      long pa = hex(change.substring(0, change.indexOf('=')));
      Long expected = updates.remove(pa);
      if (expected != null
          ? expected != hex(change.substring(change.indexOf('=') + 1))
          : !written(walks, pa)) {
        return "another change at 0x" + Long.toHexString(pa);
      }
    }
    return updates.isEmpty() ? "" : "also updated " + text(updates);
  }

  private long load(List<Translation> walks, long first, long va, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long pa = first + i;
      boolean secondPage = (va + i) >>> 12 != va >>> 12 && walks.size() > 2;
      if (secondPage && walks.get(2).outcome() instanceof Translation.Output second) {
        pa = second.address() + ((va + i) & 4095);
      }
      long word = memory.getOrDefault(pa & -8L, 0L);
      value |= (word >>> (8 * (pa & 7)) & 0xff) << (8 * i);
    }
    return value;
  }

  private static boolean written(List<Translation> walks, long pa) {
    for (Translation walk : walks.subList(1, walks.size())) {
      Access access = walk.access();
      if (walk.outcome() instanceof Translation.Output output
          && (access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC)
          && pa >= (output.address() & -8L)
          && pa < output.address() + access.size()) {
        return true;
      }
    }
    return false;
  }

  /** WnR of an atomic is 0 where a read would have faulted too. */
  private static boolean writeNotRead(Translation walk, Translation.Fault fault) {
    return switch (walk.access().kind()) {
      case READ, FETCH -> false;
      case WRITE -> true;
      case ATOMIC ->
          fault.kind() == FaultKind.PERMISSION
              && (walk.lookups().getLast().descriptor() & Stage2Format.S2AP_READ) != 0;
    };
  }

  private static List<Access.Kind> kinds(String letter) {
    return switch (letter) {
      case "R" -> List.of(Access.Kind.READ);
      case "W" -> List.of(Access.Kind.WRITE);
      case "A" -> List.of(Access.Kind.ATOMIC);
      case "X" -> List.of(Access.Kind.READ, Access.Kind.WRITE);
      default -> List.of();
    };
  }

  /** AT S12E…: PAR_EL1.F, FST, S and PTW, or the output address. */
  private String addressTranslation(String[] f) {
    boolean write = f[1].endsWith("W");
    Access access =
        new Access(write ? Access.Kind.WRITE : Access.Kind.READ, 1, f[1].startsWith("E1"));
    long par = hex(f[3]);
    Translation walk = walk(hex(f[2]), access);
    if (walk.outcome() instanceof Translation.Fault fault) {
      long expected = 1 | (long) fault.kind().statusCode(fault.level()) << 1 | 1 << 9 | 1 << 11;
      return (par & 0xfff) == expected ? "" : "PAR 0x" + Long.toHexString(expected);
    }
    long pa = ((Translation.Output) walk.outcome()).address();
    long addressBits = 0xf_ffff_ffff_f000L;
    return (par & 1) == 0 && (par & addressBits) == (pa & addressBits)
        ? ""
        : "PA 0x" + Long.toHexString(pa);
  }

  private static String text(Map<Long, Long> words) {
    if (words.isEmpty()) {
      return "-";
    }
    List<String> out = new ArrayList<>();
    words.forEach((pa, word) -> out.add("0x%x=0x%x".formatted(pa, word)));
    return String.join(",", out);
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text.substring(2), 16);
  }
}
