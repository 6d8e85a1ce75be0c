package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Tlb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each recorded instruction leaves registers, flags and memory as it did where it was recorded. */
class SemanticsTest {
  private static final long TABLE = 0x4000_0000L;
  private static final long DATA = 0x5000_0000L;
  private static final int DATA_BYTES = 0x1_0000;

  /** Where the instructions stand, among HVCs that end the run. */
  private static final long CODE = 0x4801_0000L;

  private static final int CODE_BYTES = 0x1_0000;
  private static final int HVC = 0xd400_0fe2;
  private static final Pattern PAIR = Pattern.compile("([0-9a-f]+)=([0-9a-f]+)");

  private final PhysicalMemory ram = new PhysicalMemory(TABLE, 512L << 20);
  private final Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, 1);

  @Test
  void instructionsDoAsRecorded() throws IOException {
    // Stage 2 maps 512 GiB flat by 1 GiB blocks, so that HCR_EL2.DC makes stage 1 Normal memory.
    for (int i = 0; i < 512; i++) {
      ram.write(TABLE + 8 * i, 8, (long) i << 30 | 0x7fd);
    }
    for (long address = DATA; address < DATA + DATA_BYTES; address += 8) {
      ram.write(address, 8, initial(address));
    }
    for (long address = CODE; address < CODE + CODE_BYTES; address += 4) {
      ram.write(address, 4, HVC);
    }
    List<String> differences = new ArrayList<>();
    int count = 0;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                SemanticsTest.class.getResourceAsStream("semantics.txt"),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        if (!line.startsWith("#")) {
          count++;
          String difference = run(line.split(" \\| ", -1));
          if (!difference.isEmpty()) {
            differences.add(line.substring(line.lastIndexOf('|') + 2) + ":" + difference);
          }
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(count).isGreaterThan(900);
  }

  /** Runs one line; gives what is not as recorded. */
  private String run(String[] column) {
    Pe pe = new Pe(0, new PhysicalSpace(ram, List.of()), tlb, Features.MAX, (id, event) -> {});
    pe.reset();
    pe.setSystem(SystemRegisters.HCR_EL2, 1L << 31 | 1L << 12 | 1);
    pe.setSystem(SystemRegisters.VTCR_EL2, 1L << 31 | 5L << 16 | 1 << 6 | 25);
    pe.setSystem(SystemRegisters.VTTBR_EL2, TABLE);
    pe.setSystem(SystemRegisters.index("ID_AA64MMFR2_EL1"), 1L << 32);
    pe.setPstate(0x3c5 | Long.parseLong(column[3]) << 28);
    long pc = hex(column[1]);
    long sp = hex(column[2]);
    pe.setSp(sp);
    pe.branch(pc);
    long[] expected = new long[31];
    pairs(column[4]).forEach((number, value) -> expected[Integer.parseInt(number)] = value);
    for (int i = 0; i < 31; i++) {
      pe.setX(i, expected[i]);
    }
    pairs(column[7]).forEach((number, value) -> expected[Integer.parseInt(number)] = value);
    String[] words = column[0].split(" ");
    for (int i = 0; i < words.length; i++) {
      ram.write(pc + 4 * i, 4, hex(words[i]));
    }
    long last = hex(column[5]);
    boolean faults = !column[10].isEmpty();
    Interpreter interpreter = new Interpreter(pe, null, Engine.USUAL);
    for (int i = 0; i < 10 && pe.el() != 2 && pe.system(SystemRegisters.ESR_EL1) == 0; i++) {
      interpreter.run(pe.instructions() + 1);
    }
    for (int i = 0; i < words.length; i++) {
      ram.write(pc + 4 * i, 4, HVC);
    }
    StringBuilder difference = new StringBuilder();
    long esr = pe.system(SystemRegisters.ESR_EL1);
    compare(difference, "ESR", esr, faults ? hex(column[10]) : 0);
    long stopped = pe.system(faults ? SystemRegisters.ELR_EL1 : SystemRegisters.ELR_EL2);
    compare(difference, "pc", faults ? stopped : stopped - 4, last);
    long saved = pe.system(faults ? SystemRegisters.SPSR_EL1 : SystemRegisters.SPSR_EL2);
    compare(difference, "nzcv", saved >>> 28 & 0xf, Long.parseLong(column[6]));
    for (int i = 0; i < 31; i++) {
      compare(difference, "x" + i, pe.x(i), expected[i]);
    }
    compare(difference, "sp", pe.system(SystemRegisters.SP_EL1), hex(column[8]));
    Map<String, Long> memory = pairs(column[9]);
    for (long address = DATA; address < DATA + DATA_BYTES; address += 8) {
      Long changed = memory.get(Long.toHexString(address));
      long found = ram.read(address, 8);
      if (found != (changed == null ? initial(address) : changed)) {
        difference.append(" [").append(Long.toHexString(address)).append(']');
      }
      if (found != initial(address)) {
        ram.write(address, 8, initial(address));
      }
    }
    return difference.toString();
  }

  private static void compare(StringBuilder out, String what, long found, long expected) {
    if (found != expected) {
      out.append(" %s is %x, not %x".formatted(what, found, expected));
    }
  }

  private static Map<String, Long> pairs(String text) {
    Map<String, Long> pairs = new HashMap<>();
    Matcher matcher = PAIR.matcher(text);
    while (matcher.find()) {
      pairs.put(matcher.group(1), hex(matcher.group(2)));
    }
    return pairs;
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text.strip(), 16);
  }

  private static long initial(long address) {
    return (address >>> 3) * 0x9e37_79b9_7f4a_7c15L ^ 0x5a5a_a5a5_c3c3_3c3cL;
  }
}
