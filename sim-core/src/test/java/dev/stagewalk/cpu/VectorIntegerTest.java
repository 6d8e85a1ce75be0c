package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import dev.stagewalk.isa.Row;
import dev.stagewalk.isa.RowWords;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Integer Advanced SIMD: what every row computes, and who may use it. */
class VectorIntegerTest {
  private static final long FP_TRAP = 0x07L << 26 | 1 << 25 | 1 << 24 | 0xe << 20;
  private static final long QC = 1L << 27;

  private final Rig rig = new Rig();

  VectorIntegerTest() {
    rig.set("CPACR_EL1", 3 << 20);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFERENCE", "SUPERBLOCK", "EAGER"})
  void everyRowComputesAsRecorded(Engine engine) throws IOException {
    Rig own = new Rig(Tlb.Mode.REALISTIC, engine);
    own.set("CPACR_EL1", 3 << 20);
    List<String> differences = new ArrayList<>();
    Set<Row> rows = new HashSet<>();
    List<String> lines = recorded();
    for (int number = 0; number < lines.size(); number++) {
      String[] column = lines.get(number).split(" ");
      int word = Integer.parseUnsignedInt(column[0], 16);
      Row row = InstructionTable.a64().row(word);
      rows.add(row);
      for (int r = 0; r < VectorRegisters.COUNT; r++) {
        own.pe.vectors.set(r, input(number, 2 * r), input(number, 2 * r + 1));
      }
      own.set("FPSR", 0);
      long at = Rig.CODE + 4L * number;
      own.ram.write(at, 4, word);
      own.pe.branch(at);
      own.run(1);
      String found = state(own, number, word);
      if (!found.equals(column[1] + " " + column[2])) {
        differences.add(new Disassembler().text(word, 0) + ": " + found + " on line " + number);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(rows).hasSizeGreaterThan(290);
  }

  /** FPSR and the destination, and any other register that changed. */
  private static String state(Rig rig, int number, int word) {
    StringBuilder state = new StringBuilder(Long.toHexString(rig.get("FPSR")));
    int rd = word & 31;
    for (int r = 0; r < VectorRegisters.COUNT; r++) {
      long low = rig.pe.vectors.low(r);
      long high = rig.pe.vectors.high(r);
      if (low != input(number, 2 * r) || high != input(number, 2 * r + 1)) {
        state.append(r == rd ? "" : " v" + r).append(" %016x%016x".formatted(high, low));
      } else if (r == rd) {
        state.append(" -");
      }
    }
    return state.toString();
  }

  private static List<String> recorded() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                VectorIntegerTest.class.getResourceAsStream("vector-integer.txt"),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  /** Half a register: random where the line is even, elsewhere with many extreme elements. */
  private static long input(long line, int half) {
    long random = mix(line * 64 + half);
    if ((line & 1) == 0) {
      return random;
    }
    long choices = mix(~(line * 64 + half));
    int bits = 8 << (line >>> 1 & 3);
    long ones = -1L >>> (64 - bits);
    long result = 0;
    for (int at = 0; at < 64; at += bits) {
      long element = random >>> at;
      long chosen =
          switch ((int) (choices >>> at & 7)) {
            case 0 -> 0;
            case 1 -> ones;
            case 2 -> ones ^ (ones >>> 1);
            case 3 -> ones >>> 1;
            case 4 -> element & 15;
            case 5 -> -(element & 15);
            default -> element;
          };
      result |= (chosen & ones) << at;
    }
    return result;
  }

  private static long mix(long seed) {
    long z = seed + 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return z ^ (z >>> 31);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3 << 20})
  void everyRowIsTrappedWhereSimdIsNotForEl1(int cpacr) {
    // CPTR_EL2.TFP traps what CPACR_EL1 lets pass.
    rig.set("CPACR_EL1", cpacr);
    rig.set("CPTR_EL2", 1 << 10);
    int level = cpacr == 0 ? 1 : 2;
    int trapped = 0;
    for (Row row : InstructionTable.a64().rows()) {
      List<Integer> words = RowWords.of(row, 1, 8);
      boolean simd = !words.isEmpty() && (words.getFirst() >>> 26 & 3) == 3;
      if (!simd || row == InstructionTable.a64().undefined()) {
        continue;
      }
      trapped++;
      Rig own = level == 1 ? rig : new Rig();
      own.set("CPACR_EL1", cpacr);
      own.set("CPTR_EL2", 1 << 10);
      own.set("ESR_EL" + level, 0);
      own.ram.write(Rig.CODE, 4, words.getFirst() & 0xffff_ffffL);
      own.pe.setPstate(0x3c5);
      own.pe.branch(Rig.CODE);
      own.run(1);
      assertThat(own.get("ESR_EL" + level)).as(row.name()).isEqualTo(FP_TRAP);
    }
    assertThat(trapped).isGreaterThan(450);
  }

  @Test
  void saturationStaysInFpsrUntilItIsCleared() {
    rig.pe.vectors.set(1, 0x7f, 0);
    rig.code("sqadd v0.16b, v1.16b, v1.16b\nsqadd v0.16b, v2.16b, v2.16b\nmsr fpsr, xzr").run(1);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(0x7f);
    assertThat(rig.get("FPSR")).isEqualTo(QC);
    rig.run(1);
    assertThat(rig.get("FPSR")).isEqualTo(QC);
    rig.run(1);
    assertThat(rig.get("FPSR")).isZero();
  }

  @Test
  void elementsThatAreNotComputedDoNotSaturate() {
    rig.pe.vectors.set(1, 0x7f01, 0x7f);
    rig.code("sqadd b0, b1, b1\nsqadd v0.8b, v1.8b, v1.8b").run(1);
    assertThat(rig.get("FPSR")).as("only the lowest byte counts").isZero();
    assertThat(rig.pe.vectors.low(0)).isEqualTo(2);
    rig.run(1);
    assertThat(rig.get("FPSR")).as("the second byte counts").isEqualTo(QC);
  }

  @Test
  void aNarrowingInstructionWithTwoKeepsTheLowerHalf() {
    rig.pe.vectors.set(0, 11, 12);
    rig.pe.vectors.set(1, 0x0000_0002_0000_0001L, 0x0000_0004_0000_0003L);
    rig.code("xtn2 v0.8h, v1.4s").run(1);
    assertThat(rig.pe.vectors.low(0)).isEqualTo(11);
    assertThat(rig.pe.vectors.high(0)).isEqualTo(0x0004_0003_0002_0001L);
  }

  @Test
  void reservedSizesAreUndefined() {
    int[] words = {
      0x0ee0_8400, // add v0.1d
      0x4ee0_9c00, // mul v0.2d
      0x6e60_9c00, // pmul v0.8h
      0x0eb1_b800, // addv s0, v0.2s
      0x4ef1_b800, // addv d0, v0.2d
      0x0f40_0400, // sshr v0.1d
      0x0f40_8400, // shrn of 128 bits
      0x2e00_4000, // ext v0.8b beyond its bytes
      0x0ec0_3800, // zip1 v0.1d
      0x6ea0_0800, // rev32 v0.4s
      0x4e20_b400, // sqdmulh v0.16b
      0x5e20_8400, // add b0
      0x4f00_8000, // mul by a byte
      0x4ef0_e000, // pmull2 of 128 bits needs cryptography
    };
    for (int word : words) {
      Op op = InstructionTable.a64().decode(word);
      assertThat(op.isUndefined()).as("%08x is %s", word, op.row()).isTrue();
    }
  }
}
