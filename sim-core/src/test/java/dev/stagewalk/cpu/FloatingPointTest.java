package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.isa.Row;
import dev.stagewalk.mmu.Tlb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Floating-point: what every row computes under what FPCR says, and where results go. */
class FloatingPointTest {
  private static final long FPCR_FZ = 1L << 24;
  private static final long FPSR_IXC = 1L << 4;

  private final Rig rig = new Rig();

  FloatingPointTest() {
    rig.set("CPACR_EL1", 3 << 20);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "SUPERBLOCK", "EAGER"})
  void everyRowComputesAsRecorded(Engine engine) throws IOException {
    Rig own = new Rig(Tlb.Mode.REALISTIC, engine);
    own.set("CPACR_EL1", 3 << 20);
    List<String> differences = new ArrayList<>();
    Set<Row> rows = new HashSet<>();
    for (String line : recorded()) {
      String[] column = line.split(" ", 3);
      int number = Integer.parseInt(column[0]);
      int word = Integer.parseUnsignedInt(column[1], 16);
      Op op = InstructionTable.a64().decode(word);
      rows.add(op.row());
      FloatInputs inputs = new FloatInputs(number, op.size());
      for (int r = 0; r < 4; r++) {
        own.pe.vectors.set(r, inputs.half(2 * r), inputs.half(2 * r + 1));
        own.pe.setX(r, inputs.general(r));
      }
      own.set("FPCR", inputs.fpcr());
      own.set("FPSR", inputs.fpsr());
      own.pe.setNzcv(inputs.nzcv());
      long at = Rig.CODE + 4L * number;
      own.ram.write(at, 4, word);
      own.pe.branch(at);
      own.run(1);
      String found =
          "%x %x %016x%016x %x"
              .formatted(
                  own.get("FPSR"),
                  own.pe.nzcv(),
                  own.pe.vectors.high(0),
                  own.pe.vectors.low(0),
                  own.pe.x(0));
      if (!found.equals(column[2])) {
        differences.add(
            "%s with FPCR %x: %s, not %s"
                .formatted(new Disassembler().text(word, 0), inputs.fpcr(), found, column[2]));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(rows).hasSizeGreaterThan(370);
  }

  private static List<String> recorded() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                FloatingPointTest.class.getResourceAsStream("floating-point.txt"),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @Test
  void trapEnablesAreNeverSet() {
    rig.pe.setX(1, 0x9f00);
    rig.code("msr fpcr, x1\nmrs x2, fpcr").run(2);
    assertThat(rig.pe.x(2)).isZero();
  }

  @Test
  void exceptionsStayInFpsrUntilTheyAreCleared() {
    rig.pe.vectors.set(1, Double.doubleToRawLongBits(1), 0);
    rig.pe.vectors.set(2, Double.doubleToRawLongBits(3), 0);
    rig.code("fdiv d0, d1, d2\nfadd d0, d1, d1\nmsr fpsr, xzr").run(2);
    assertThat(rig.get("FPSR")).isEqualTo(FPSR_IXC);
    rig.run(1);
    assertThat(rig.get("FPSR")).isZero();
  }

  @Test
  void aScalarResultClearsTheRestOfTheRegister() {
    rig.pe.vectors.set(0, -1, -1);
    rig.pe.vectors.set(1, 0x1111_1111_3f80_0000L, 7);
    rig.code("fadd s0, s1, s1").run(1);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(0x4000_0000L);
    assertThat(rig.pe.vectors.high(0)).isZero();
  }

  @Test
  void aSecondHalfKeepsTheFirst() {
    rig.pe.vectors.set(0, 11, 12);
    rig.pe.vectors.set(1, Double.doubleToRawLongBits(1), Double.doubleToRawLongBits(2));
    rig.code("fcvtn2 v0.4s, v1.2d").run(1);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(11);
    assertThat(rig.pe.vectors.high(0)).isEqualTo(0x4000_0000_3f80_0000L);
  }

  @Test
  void elementsThatAreNotComputedRaiseNothing() {
    rig.pe.vectors.set(1, 0x7f80_0001_3f80_0000L, -1);
    rig.code("fadd s0, s1, s1\nfadd v0.2s, v1.2s, v1.2s").run(1);
    assertThat(rig.get("FPSR")).isZero();
    rig.run(1);
    assertThat(rig.get("FPSR")).as("the second element is a signaling NaN").isEqualTo(1);
  }

  @Test
  void aConditionalComparisonLooksAtItsOperandsOnlyIfTheConditionHolds() {
    rig.pe.vectors.set(1, 0x7f80_0001L, 0);
    rig.pe.setNzcv(4);
    rig.code("fccmp s1, s1, #9, ne\nfccmp s1, s1, #9, mi").run(1);
    assertThat(rig.pe.nzcv()).isEqualTo(9);
    assertThat(rig.get("FPSR")).isZero();
    rig.run(1);
    assertThat(rig.pe.nzcv()).isEqualTo(3);
    assertThat(rig.get("FPSR")).isEqualTo(1);
  }

  @Test
  void fjcvtzsDoesNotTakeAFlushedNumberForZero() {
    rig.set("FPCR", FPCR_FZ);
    rig.pe.vectors.set(1, 1, 0);
    rig.pe.vectors.set(2, 0, 0);
    rig.code("fjcvtzs w0, d1\nfjcvtzs w0, d2").run(1);
    assertThat(rig.pe.nzcv()).isZero();
    rig.run(1);
    assertThat(rig.pe.nzcv()).isEqualTo(4);
  }

  @Test
  void aHalfPrecisionIntegerClearsTheRestOfTheRegister() {
    rig.pe.vectors.set(1, 0xbc00, 0);
    rig.code("fcvtzs h0, h1, #1").run(1);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(0xfffe);
  }

  @Test
  void reservedSizesAreUndefined() {
    int[] words = {
      0x0e62_d420, // fadd v0.1d
      0x1ea2_2820, // fadd of type 2
      0x1f82_0c20, // fmadd of type 2
      0x1e98_7c20, // fcvtzs w0, s1 with more than 32 bits after the point
      0x1e18_7c20, // the same
      0x2e30_f820, // fmaxv s0, v1.2s
      0x0fe2_1020, // fmla v0.2d by an element with L
      0x0e71_7820, // no such length of fcvtl
      0x0f08_e420, // scvtf of bytes
    };
    for (int word : words) {
      Op op = InstructionTable.a64().decode(word);
      assertThat(op.isUndefined()).as("%08x is %s", word, op.row()).isTrue();
    }
  }
}
