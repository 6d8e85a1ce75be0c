package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.hex;
import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.VectorRegisters;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Recorded SIMD and floating-point instructions, in the surroundings of {@link CpuVectors}. */
final class FpVectors implements VectorKind {
  private final Engine engine;

  FpVectors(Engine engine) {
    this.engine = engine;
  }

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.path("format").asText().equals("stagewalk-oracle-fp");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return new Replayer(tally, engine);
  }

  private static final class Replayer implements VectorReplayer {
    private final Tally tally;
    private final Engine engine;
    private CpuVectors.@Nullable Ready ready;

    Replayer(Tally tally, Engine engine) {
      this.tally = tally;
      this.engine = engine;
    }

    @Override
    public void line(String where, JsonNode line) {
      if (line.has("format")) {
        ready = CpuVectors.prepare(line.required("id_regs"), engine);
        return;
      }
      CpuVectors.Ready now = ready;
      if (now == null) {
        throw new IllegalArgumentException("no header before it");
      }
      Comparison comparison = new Comparison();
      comparison.same(expected(line), found(line, now));
      String asm = line.path("asm").path(0).asText();
      comparison.tally(tally, where + " " + line.path("id").asText() + " " + asm);
    }
  }

  private static Map<String, String> expected(JsonNode line) {
    JsonNode in = line.required("in");
    JsonNode out = line.required("out");
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 31; i++) {
      expected.put("x" + i, "0x0");
    }
    for (int i = 0; i < VectorRegisters.COUNT; i++) {
      expected.put("v" + i, "0x" + "0".repeat(32));
    }
    for (JsonNode state : new JsonNode[] {in, out}) {
      state
          .required("x")
          .properties()
          .forEach(x -> expected.put("x" + x.getKey(), x.getValue().asText()));
      state
          .required("v")
          .properties()
          .forEach(v -> expected.put("v" + v.getKey(), v.getValue().asText()));
    }
    expected.put("pc", out.required("pc").asText());
    expected.put("nzcv", out.required("nzcv").asText());
    expected.put("fpsr", out.required("fpsr").asText());
    out.path("mem")
        .forEach(w -> expected.put("[" + w.required(0).asText() + "]", w.required(1).asText()));
    return expected;
  }

  private static Map<String, String> found(JsonNode line, CpuVectors.Ready ready) {
    RecordedMachine machine = ready.machine();
    JsonNode in = line.required("in");
    CpuVectors.Run run =
        CpuVectors.run(
            line,
            ready,
            () -> {
              for (int i = 0; i < 31; i++) {
                machine
                    .pe()
                    .setX(i, Hex.parse(in.required("x").path(String.valueOf(i)).asText("0x0")));
              }
              in.required("v")
                  .properties()
                  .forEach(v -> set(machine, Integer.parseInt(v.getKey()), v.getValue().asText()));
              machine.set("FPCR", number(in, "fpcr"));
            });
    Map<String, String> found = run.memory();
    if (run.exception()) {
      found.put("esr", hex(machine.get("ESR_EL1")));
    }
    found.put("pc", hex(run.pc()));
    found.put("nzcv", String.valueOf(run.nzcv()));
    found.put("fpsr", hex(machine.get("FPSR")));
    for (int i = 0; i < 31; i++) {
      found.put("x" + i, hex(machine.pe().x(i)));
    }
    VectorRegisters vectors = machine.pe().vectors();
    for (int i = 0; i < VectorRegisters.COUNT; i++) {
      found.put("v" + i, "0x%016x%016x".formatted(vectors.high(i), vectors.low(i)));
    }
    return found;
  }

  private static void set(RecordedMachine machine, int register, String value) {
    String digits = "0".repeat(34 - value.length()) + value.substring(2);
    machine
        .pe()
        .vectors()
        .set(
            register,
            Long.parseUnsignedLong(digits.substring(16), 16),
            Long.parseUnsignedLong(digits.substring(0, 16), 16));
  }
}
