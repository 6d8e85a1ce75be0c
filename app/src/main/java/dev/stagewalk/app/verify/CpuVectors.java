package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.hex;
import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Recorded instructions: each line one to three of them at EL1, with the registers before and what
 * they changed. Memory was flat and Normal Write-Back; here HCR_EL2.DC makes it so.
 */
final class CpuVectors implements VectorKind {
  private final Engine engine;

  CpuVectors(Engine engine) {
    this.engine = engine;
  }

  private static final String WNR_RELAXED = "qemu_wnr1_on_atomic_alignment";
  private static final long WNR = 1L << 6;
  private static final int LIMIT = 64;

  private static final long CODE = 0x4801_0000L;
  private static final long CODE_BYTES = 0x1_0000;
  private static final long DATA = 0x5000_0000L;
  private static final long DATA_BYTES = 0x1_0000;

  /** {@code hvc #0x7f}, which ends a run. */
  private static final long END = 0xd400_0fe2L;

  /** EL1 vectors, and the {@code hvc} there that tells of an exception to EL1. */
  private static final long VECTORS = 0x4800_0800L;

  private static final long TOLD = 0xd400_2002L;

  /** One stage-2 table of 1 GiB blocks at level 1: 39-bit IPAs, all flat. */
  private static final long TABLE = 0x4100_0000L;

  private static final long FLAT_BLOCK = 0x7fd;
  private static final long GIB = 1L << 30;

  private static final Map<String, Long> REGISTERS =
      Map.of(
          "HCR_EL2", 0x8000_1001L, // RW, DC, VM
          "VTCR_EL2", 0x8002_3559L,
          "VTTBR_EL2", TABLE,
          "SCTLR_EL1", 0x34d5_d984L,
          "CPACR_EL1", 0x30_0000L,
          "VBAR_EL1", VECTORS);

  private static final long EL1H = 0x3c5;
  private static final long HVC_ENDED = 0x5a00_007fL;

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-cpu");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return new Replayer(tally, engine);
  }

  /** A machine ready for any vector of a file. */
  record Ready(RecordedMachine machine, Machine.State start) {}

  private static final class Replayer implements VectorReplayer {
    private final Tally tally;
    private final Engine engine;
    private @Nullable Ready ready;

    Replayer(Tally tally, Engine engine) {
      this.tally = tally;
      this.engine = engine;
    }

    @Override
    public void line(String where, JsonNode line) {
      if (line.has("format")) {
        ready = prepare(line.required("id_regs"), engine);
        return;
      }
      String reason = new Notes(line, line).skipReason(Set.of(WNR_RELAXED));
      if (reason != null) {
        tally.skip(reason, 1);
        return;
      }
      Ready now = ready;
      if (now == null) {
        throw new IllegalArgumentException("no header before it");
      }
      String at =
          where
              + " "
              + line.path("id").asText()
              + " "
              + line.path("group").asText()
              + " "
              + line.path("asm").path(0).asText();
      Comparison comparison = new Comparison();
      comparison.same(expected(line), found(line, now));
      comparison.tally(tally, at);
    }
  }

  static Ready prepare(JsonNode idRegisters, Engine engine) {
    RecordedMachine machine = new RecordedMachine(idRegisters, engine);
    REGISTERS.forEach(machine::set);
    PhysicalMemory ram = machine.machine().ram();
    for (long i = 0; i < 512; i++) {
      ram.write(TABLE + 8 * i, 8, i * GIB | FLAT_BLOCK);
    }
    for (long pa = CODE; pa < CODE + CODE_BYTES; pa += 4) {
      ram.write(pa, 4, END);
    }
    for (long pa = DATA; pa < DATA + DATA_BYTES; pa += 8) {
      ram.write(pa, 8, initialWord(pa));
    }
    for (int vector = 0; vector < 16; vector++) {
      ram.write(VECTORS + 0x80L * vector, 4, TOLD);
    }
    return new Ready(machine, machine.machine().save());
  }

  private static long initialWord(long pa) {
    return (pa >>> 3) * 0x9E37_79B9_7F4A_7C15L ^ 0x5A5A_A5A5_C3C3_3C3CL;
  }

  private static Map<String, String> expected(JsonNode line) {
    JsonNode in = line.required("in");
    JsonNode out = line.required("out");
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 31; i++) {
      expected.put("x" + i, in.required("x").required(i).asText());
    }
    out.required("x")
        .properties()
        .forEach(x -> expected.put("x" + x.getKey(), x.getValue().asText()));
    expected.put("sp", out.path("sp").asText(in.required("sp").asText()));
    expected.put("pc", out.required("pc").asText());
    expected.put("nzcv", out.required("nzcv").asText());
    out.path("mem")
        .forEach(w -> expected.put("[" + w.required(0).asText() + "]", w.required(1).asText()));
    JsonNode exception = out.path("exc");
    if (exception.isObject()) {
      long relaxed = relaxed(line);
      expected.put("esr", hex(number(exception, "esr") & ~relaxed));
      expected.put("far", exception.required("far").asText());
      expected.put("elr", exception.required("elr").asText());
    }
    return expected;
  }

  private static long relaxed(JsonNode line) {
    return new Notes(line, line).has(WNR_RELAXED) ? WNR : 0;
  }

  private static Map<String, String> found(JsonNode line, Ready ready) {
    RecordedMachine machine = ready.machine();
    JsonNode in = line.required("in");
    Run run =
        run(
            line,
            ready,
            () -> {
              for (int i = 0; i < 31; i++) {
                machine.pe().setX(i, number(in.required("x").required(i)));
              }
              machine.set("SP_EL1", number(in, "sp"));
            });
    Map<String, String> found = run.memory();
    if (run.exception()) {
      found.put("esr", hex(machine.get("ESR_EL1") & ~relaxed(line)));
      found.put("far", hex(machine.get("FAR_EL1")));
      found.put("elr", hex(machine.get("ELR_EL1")));
    }
    found.put("pc", hex(run.pc()));
    found.put("nzcv", String.valueOf(run.nzcv()));
    found.put("sp", hex(machine.get("SP_EL1")));
    for (int i = 0; i < 31; i++) {
      found.put("x" + i, hex(machine.pe().x(i)));
    }
    return found;
  }

  /**
   * How the instructions of a line ended.
   *
   * @param exception whether by an exception to EL1
   * @param pc of the next instruction, or of the one with the exception
   * @param memory the words they changed, and what went wrong besides
   */
  record Run(boolean exception, long pc, long nzcv, Map<String, String> memory) {}

  /**
   * Executes the instructions of a line.
   *
   * @param registers gives the registers their values
   */
  static Run run(JsonNode line, Ready ready, Runnable registers) {
    RecordedMachine machine = ready.machine();
    PhysicalMemory ram = machine.machine().ram();
    machine.machine().restore(ready.start());
    long pc = number(line, "pc");
    for (int i = 0; i < line.required("insns").size(); i++) {
      ram.write(pc + 4L * i, 4, Long.parseLong(line.required("insns").required(i).asText(), 16));
    }
    registers.run();
    ram.image();
    List<Frame> before = frames(ram);
    machine.enter(pc, EL1H | line.required("in").required("nzcv").longValue() << 28);

    Map<String, String> found = new TreeMap<>();
    if (!machine.runToEl2(LIMIT)) {
      found.put("end", "no exception after " + LIMIT + " instructions");
      return new Run(false, machine.pe().pc(), machine.pe().nzcv(), found);
    }
    long elr = machine.get("ELR_EL2");
    boolean exception = elr >= VECTORS && elr < VECTORS + 0x800;
    if (!exception && machine.get("ESR_EL2") != HVC_ENDED) {
      found.put("end", "ESR_EL2 " + hex(machine.get("ESR_EL2")));
    }
    changes(found, before, frames(ram));
    return new Run(
        exception,
        exception ? machine.get("ELR_EL1") : elr - 4,
        machine.get(exception ? "SPSR_EL1" : "SPSR_EL2") >>> 28,
        found);
  }

  /** The frames of code and data as they are now. */
  private static List<Frame> frames(PhysicalMemory ram) {
    List<Frame> frames = new ArrayList<>();
    for (long pa = CODE; pa < CODE + CODE_BYTES; pa += Frame.SIZE) {
      frames.add(Objects.requireNonNull(ram.frame(pa)));
    }
    for (long pa = DATA; pa < DATA + DATA_BYTES; pa += Frame.SIZE) {
      frames.add(Objects.requireNonNull(ram.frame(pa)));
    }
    return frames;
  }

  /** A frame that was written since the image is another object. */
  private static void changes(Map<String, String> found, List<Frame> before, List<Frame> after) {
    long codePages = CODE_BYTES / Frame.SIZE;
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i) == after.get(i)) {
        continue;
      }
      long page =
          i < codePages ? CODE + (long) i * Frame.SIZE : DATA + (i - codePages) * Frame.SIZE;
      for (int offset = 0; offset < Frame.SIZE; offset += 8) {
        long now = after.get(i).read(offset, 8);
        if (now != before.get(i).read(offset, 8)) {
          found.put("[" + hex(page + offset) + "]", hex(now));
        }
      }
    }
  }
}
