package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.isa.A64Encoding;
import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Op;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any word decodes, if only to UNDEFINED, and executing it ends in a state of the machine. */
class RandomWordsTest {
  private static final long[] LEVELS = {0x3c0, 0x3c5, 0x3c4, 0x3c9};
  private static final int ROUND = 64;

  @Test
  void noWordCrashesTheEngine() {
    execute(300_000, 1);
  }

  @Test
  @Tag("long")
  void noneOfTenMillionWordsCrashesTheEngine() {
    execute(10_000_000, 2);
  }

  private static void execute(int words, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    InstructionTable table = InstructionTable.a64();
    List<A64Encoding> examples = A64Encoding.all();
    Disassembler disassembler = new Disassembler();
    int known = 0;
    Rig rig = null;
    Interpreter interpreter = null;
    PeState start = null;
    for (int i = 0; i < words; i++) {
      // Half of them near encodings that exist, which are rare among random words.
      int word = random.nextInt();
      if (i % 2 == 0) {
        int few = word & random.nextInt() & random.nextInt();
        word = examples.get(random.nextInt(examples.size())).word() ^ few;
      }
      if (rig == null || interpreter == null || start == null || i % (ROUND * 64) == 0) {
        rig = new Rig();
        rig.set("CPACR_EL1", 3 << 20);
        rig.set("VBAR_EL2", Rig.RAM + 0x9000);
        interpreter = new Interpreter(rig.pe, null);
        start = rig.pe.save();
      }
      if (i % ROUND == 0) {
        rig.pe.restore(start);
      }
      Op op = table.decode(word);
      known += op.row() == table.undefined() ? 0 : 1;
      assertThat(disassembler.text(word, Rig.CODE)).isNotEmpty();
      for (int x = 0; x < 31; x++) {
        rig.pe.setX(x, i % 3 == 0 ? random.nextLong() : Rig.DATA + random.nextInt(0x4000));
      }
      rig.ram.write(Rig.CODE, 4, word & 0xffff_ffffL);
      rig.pe.setPstate(LEVELS[random.nextInt(LEVELS.length)]);
      rig.pe.branch(Rig.CODE);
      try {
        interpreter.run(rig.pe.instructions() + 1);
      } catch (RuntimeException e) {
        throw new AssertionError(
            "word 0x%08x: %s".formatted(word, disassembler.text(word, Rig.CODE)), e);
      }
      assertThat(rig.pe.el()).isBetween(0, 2);
      if (rig.pe.isHalted()) {
        rig.pe.restore(start);
      }
    }
    assertThat(known).isGreaterThan(words / 4);
  }
}
