package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays accesses and address translations recorded on an emulated machine against the walks of
 * both stages. One line is one thing, numbers in hexadecimal where they begin with 0x:
 *
 * <pre>
 * C cpu ID_AA64MMFR0 ID_AA64MMFR1 ID_AA64MMFR2     a PE
 * R first last                                      where memory answers
 * X pa word                                         memory common to all vectors
 * V id group cpu HCR_EL2 VTCR_EL2 VTTBR_EL2 SCTLR_EL1 TCR_EL1 TTBR0_EL1 TTBR1_EL1 MAIR_EL1 VBAR_EL1
 * M pa word                                         its memory
 * A kind el-of-permission el pan size alignment va pc ok value changes
 * A kind el-of-permission el pan size alignment va pc el1 EC FSC WnR FAR changes
 * A kind el-of-permission el pan size alignment va pc el2 EC FSC S1PTW WnR FAR HPFAR changes
 * T S12E1R va PAR_EL1 changes                       AT at EL2
 * </pre>
 *
 * Kinds: R read, W write, A atomic, F fetch, X load-exclusive then store-exclusive, P prefetch, T
 * AT S1E1R. Changes are {@code pa=word,…} or {@code -}; {@code -} also stands for what is not
 * compared.
 */
final class RecordedTranslations {
  private static final long SCTLR_A = 2;

  private final Map<String, Features> features = new HashMap<>();
  private final Map<Long, Long> fixed = new HashMap<>();
  private final Map<Long, Long> memory = new HashMap<>();
  private final Map<Long, Long> updated = new TreeMap<>();
  private final Map<String, Integer> passed = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long firstRam;
  private long lastRam;
  private String vector = "";
  private String group = "";
  private @Nullable Stage1Parameters first;
  private @Nullable Stage2Parameters second;
  private long vectors;

  /** Replays a whole file. */
  static RecordedTranslations replay(BufferedReader lines) throws IOException {
    RecordedTranslations run = new RecordedTranslations();
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
      case "V" -> vector(f);
      case "A", "T" -> {
        updated.clear();
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

  private void vector(String[] f) {
    vector = f[1];
    group = f[2];
    memory.clear();
    memory.putAll(fixed);
    Features of = features.get(f[3]);
    if (of == null) {
      throw new IllegalStateException("no such PE: " + f[3]);
    }
    long hcr = hex(f[4]);
    second = Stage2Parameters.decode(hex(f[5]), hex(f[6]), hcr, of);
    first =
        Stage1Parameters.decode(
            new Stage1Registers(
                Regime.EL1_0, hex(f[7]), hex(f[8]), hex(f[9]), hex(f[10]), hex(f[11]), hcr),
            of);
    vectors = hex(f[12]);
  }

  private Stage1Parameters first() {
    if (first == null) {
      throw new IllegalStateException("an access before the first vector");
    }
    return first;
  }

  private Stage2Parameters second() {
    if (second == null) {
      throw new IllegalStateException("an access before the first vector");
    }
    return second;
  }

  private Translation walk(long va, Access access) {
    Translation walk = TwoStage.translate(first(), second(), va, access, this::read);
    walk.updates().forEach(update -> updated.put(update.pa(), update.value()));
    return walk;
  }

  private long read(long pa) {
    if (pa < firstRam || pa > lastRam) {
      throw ExternalAbort.ABORT;
    }
    return updated.getOrDefault(pa, memory.getOrDefault(pa, 0L));
  }

  /** Empty if the access ends as recorded, otherwise what came instead. */
  private String access(String[] f) {
    boolean el1 = f[3].equals("1");
    int size = Integer.parseInt(f[5]);
    int alignment = Integer.parseInt(f[6]);
    long va = hex(f[7]);
    // A branch to a tagged address leaves the tag behind.
    long pc = untagged(hex(f[8]));
    boolean aligned = (va & (alignment - 1)) == 0;

    Translation end = walk(pc, new Access(Access.Kind.FETCH, 4, el1));
    List<Translation> data = new ArrayList<>();
    boolean sctlrFault = false;
    for (Access.Kind kind : kinds(f[1])) {
      if (end.outcome() instanceof Fault) {
        break;
      }
      if (!aligned && (first().registers().sctlr() & SCTLR_A) != 0) {
        sctlrFault = true;
        break;
      }
      Access access = new Access(kind, size, f[2].equals("1"), f[4].equals("1"), aligned);
      end = walk(va, access);
      data.add(end);
      long last = va + size - 1;
      if (!(end.outcome() instanceof Fault) && last >>> 12 != va >>> 12 && size <= 16) {
        end = walk(last & -4096L, access);
        data.add(end);
      }
    }
    if (end.outcome() instanceof Fault fault) {
      boolean fetch = data.isEmpty();
      if (fault.stage() == 1) {
        enterEl1(el1);
      }
      return compare(f, end, fault, fetch, fetch ? pc : end.input(), el1);
    }
    if (sctlrFault) {
      enterEl1(el1);
      boolean write = !f[1].equals("R") && !f[1].equals("X");
      String found = "el1 0x%x 0x21 %d 0x%x".formatted(el1 ? 0x25 : 0x24, write ? 1 : 0, va);
      return f[9].equals("el1") && found.equals(String.join(" ", List.of(f).subList(9, 14)))
          ? changes(f[14], data)
          : found;
    }
    if (!el1) {
      enterEl1(false); // the SVC that ends the run
    }
    if (f[1].equals("T")) {
      Translation at = TwoStage.probeStage1(first(), second(), va, Access.read(1), this::read);
      if (at.outcome() instanceof Fault fault && fault.stage() == 2) {
        Fault asWrite =
            new Fault(fault.kind(), fault.level(), 2, true, fault.ipa(), fault.rule(), true);
        return compare(f, at, asWrite, false, va, true);
      }
      long par = ParEl1.of(at);
      return !f[9].equals("ok")
          ? "no fault"
          : par == hex(f[10]) ? "" : "PAR 0x" + Long.toHexString(par);
    }
    if (!f[9].equals("ok")) {
      return "no fault";
    }
    String value = value(f, data.isEmpty() ? List.of(end) : data, va, f[1].equals("F") ? 4 : size);
    return value.isEmpty() ? changes(f[11], data) : value;
  }

  private long untagged(long pc) {
    return first().rangeOf(pc).topByteIgnored() ? pc << 8 >> 8 : pc;
  }

  private void enterEl1(boolean fromEl1) {
    walk(vectors + (fromEl1 ? 0x200 : 0x400), Access.fetch());
  }

  private String compare(
      String[] f, Translation walk, Fault fault, boolean fetch, long far, boolean el1) {
    int ec = fetch ? 0x20 : 0x24;
    int status = fault.kind().statusCode(fault.level());
    int write = fetch || !fault.asWrite() ? 0 : 1;
    if (fault.stage() == 1) {
      String found =
          "el1 0x%x 0x%x %d %s"
              .formatted(
                  ec + (el1 ? 1 : 0), status, write, f[9].equals("el1") ? far(f[13], far) : "");
      return f[9].equals("el1") && found.equals(String.join(" ", List.of(f).subList(9, 14)))
          ? changes(f[14], List.of())
          : found;
    }
    boolean same = f[9].equals("el2");
    boolean hpfar = same && !f[15].equals("-") && fault.kind() != FaultKind.ALIGNMENT;
    String found =
        "el2 0x%x 0x%x %d %d %s %s"
            .formatted(
                ec,
                status,
                fault.onStage1Walk() ? 1 : 0,
                write,
                same ? far(f[14], far) : "",
                hpfar ? "0x" + Long.toHexString((fault.ipa() >>> 12) << 4) : "-");
    if (!same || !found.equals(String.join(" ", List.of(f).subList(9, 16)))) {
      return found;
    }
    if (hpfar && !fault.givesHpfar()) {
      return "HPFAR_EL2 not valid: " + walk.outcome();
    }
    return changes(f[16], List.of());
  }

  private static String far(String expected, long far) {
    return expected.equals("-") ? "-" : "0x" + Long.toHexString(far);
  }

  private String value(String[] f, List<Translation> data, long va, int bytes) {
    if (f[10].equals("-") || bytes > 8) {
      return "";
    }
    long value = 0;
    boolean listed = true;
    for (int i = 0; i < bytes; i++) {
      boolean secondPage = (va + i) >>> 12 != va >>> 12 && data.size() > 1;
      Translation walk = data.get(secondPage ? 1 : 0);
      long base = ((Translation.Output) walk.outcome()).address();
      long pa = secondPage ? base + ((va + i) & 4095) : base + i;
      listed &= memory.containsKey(pa & -8L);
      long word = memory.getOrDefault(pa & -8L, 0L);
      value |= (word >>> (8 * (pa & 7)) & 0xff) << (8 * i);
    }
    // A word no line lists may hold what an earlier access of the recording stored there.
    return !listed || value == hex(f[10]) ? "" : "0x" + Long.toHexString(value);
  }

  /** Whether exactly the recorded words have changed. */
  private String changes(String recorded, List<Translation> data) {
    Map<Long, Long> left = new TreeMap<>(updated);
    for (String change : recorded.equals("-") ? new String[0] : recorded.split(",")) {
      long pa = hex(change.substring(0, change.indexOf('=')));
      Long value = left.remove(pa);
      if (value != null
          ? value != hex(change.substring(change.indexOf('=') + 1))
          : !written(data, pa)) {
        return "another change at 0x" + Long.toHexString(pa);
      }
    }
    left.entrySet().removeIf(e -> memory.getOrDefault(e.getKey(), 0L).equals(e.getValue()));
    return left.isEmpty() ? "" : "also updated " + left;
  }

  private static boolean written(List<Translation> data, long pa) {
    for (Translation walk : data) {
      Access access = walk.access();
      if (walk.outcome() instanceof Translation.Output output
          && (access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC)
          && pa >= (output.address() & -access.size() & -8L)
          && pa < output.address() + access.size()) {
        return true;
      }
    }
    return false;
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

  private String addressTranslation(String[] f) {
    Access.Kind kind = f[1].endsWith("W") ? Access.Kind.WRITE : Access.Kind.READ;
    Access access = new Access(kind, 1, f[1].contains("E1R") || f[1].contains("E1W"));
    long va = hex(f[2]);
    Translation walk =
        f[1].startsWith("S12")
            ? TwoStage.probe(first(), second(), va, access, this::read)
            : TwoStage.probeStage1(first(), second(), va, access, this::read);
    long par = ParEl1.of(walk);
    return par == hex(f[3]) ? "" : "PAR 0x" + Long.toHexString(par);
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text.substring(2), 16);
  }
}
