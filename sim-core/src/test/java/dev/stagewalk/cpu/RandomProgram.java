package dev.stagewalk.cpu;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Row;
import dev.stagewalk.isa.RowWords;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import java.util.Random;

/**
 * Three pages of random instructions that mostly do something: sums, accesses to data and to the
 * program itself, branches near and far, system instructions, and some words of any kind.
 */
final class RandomProgram {
  /** Instructions. */
  static final int WORDS = 3 * 1024;

  private static final List<Row> ROWS = InstructionTable.a64().rows();

  private final int[] words = new int[WORDS];
  private final long[] registers = new long[31];

  RandomProgram(Random random) {
    for (int i = 0; i < WORDS; i++) {
      words[i] = instruction(random);
    }
    for (int r = 0; r < 31; r++) {
      registers[r] =
          switch (r % 4) {
            case 0 -> Rig.DATA + random.nextInt(0x8000);
            case 1 -> Rig.CODE + 4L * random.nextInt(WORDS);
            case 2 -> random.nextInt(64);
            default -> random.nextLong();
          };
    }
  }

  private static int word(Row row, Random random) {
    return RowWords.of(row, 1, random.nextLong()).getFirst();
  }

  private static int instruction(Random random) {
    int kind = random.nextInt(100);
    if (kind < 34) {
      return plain(random);
    }
    int rt = random.nextInt(31);
    int data = 4 * random.nextInt(8);
    int code = 1 + 4 * random.nextInt(7);
    if (kind < 46) { // LDR, LDRB, LDRH, LDRSW (unsigned offset) from data
      int[] opcodes = {0xf940_0000, 0x3940_0000, 0x7940_0000, 0xb980_0000, 0xb940_0000};
      return opcodes[random.nextInt(5)] | random.nextInt(64) << 10 | data << 5 | notBase(rt);
    }
    if (kind < 56) { // STR, STRB, STRH, STP to data
      int[] opcodes = {0xf900_0000, 0x3900_0000, 0x7900_0000, 0xb900_0000};
      return opcodes[random.nextInt(4)] | random.nextInt(64) << 10 | data << 5 | rt;
    }
    if (kind < 60) { // STR Wt into the program: what it writes is often an instruction
      return 0xb900_0000 | random.nextInt(256) << 10 | code << 5 | rt;
    }
    if (kind < 64) { // LDR Xt (literal), so that registers hold instructions
      return 0x5800_0000 | (random.nextInt(-40, 40) & 0x7_ffff) << 5 | notBase(rt);
    }
    if (kind < 72) { // CBNZ, TBZ, B.cond a few instructions on
      int[] opcodes = {0xb500_0000, 0x3400_0000, 0x5400_0000};
      return opcodes[random.nextInt(3)] | random.nextInt(1, 12) << 5 | random.nextInt(15);
    }
    if (kind < 75) { // B, BL anywhere in the program
      return (random.nextBoolean() ? 0x1400_0000 : 0x9400_0000)
          | random.nextInt(-600, 600) & 0x3ff_ffff;
    }
    if (kind < 78) { // BR, BLR, RET
      int[] opcodes = {0xd61f_0000, 0xd63f_0000, 0xd65f_0000};
      return opcodes[random.nextInt(3)] | code << 5;
    }
    if (kind < 84) {
      return system(random, rt);
    }
    if (kind < 88) { // ADD Xd, Xn, #imm: bases wander
      return 0x9100_0000 | random.nextInt(64) << 10 | data << 5 | data;
    }
    if (kind < 92) { // LDADD, CAS, LDXR, STXR on data
      int[] opcodes = {0xf820_0000, 0xc8a0_7c00, 0xc85f_7c00, 0xc800_7c00};
      return opcodes[random.nextInt(4)] | notBase(rt) << 16 | data << 5 | notBase(rt + 1);
    }
    return word(ROWS.get(random.nextInt(ROWS.size() - 1)), random);
  }

  private static int plain(Random random) {
    while (true) {
      Row row = ROWS.get(random.nextInt(ROWS.size() - 1));
      if (Reach.of(row.semantics()) == Reach.REGISTERS) {
        int word = word(row, random);
        // Not into a register that holds an address.
        return word & ~0x1f | notBase(word & 0x1f);
      }
    }
  }

  private static int notBase(int register) {
    int r = register % 31;
    return r % 4 < 2 ? 2 : r;
  }

  private static int system(Random random, int rt) {
    int[] all = {
      0xd503_42ff, // msr daifclr, #2
      0xd503_42df, // msr daifset, #2
      0xd51b_4200 | rt, // msr nzcv
      0xd53b_4200 | notBase(rt), // mrs nzcv
      0xd538_4240 | notBase(rt), // mrs currentel
      0xd508_871f, // tlbi vmalle1
      0xd503_3fdf, // isb
      0xd503_201f, // nop
      0xd400_0001, // svc #0
      0xd69f_03e0, // eret
      0xd500_409f, // msr pan, #0
      0xd50b_7420 | 4 // dc zva, x4
    };
    return all[random.nextInt(all.length)];
  }

  /** A PE about to execute it, whose exceptions go on with the next instruction. */
  Rig rig(Tlb.Mode mode, Engine engine) {
    Rig rig = new Rig(mode, engine).resumesAtEl2();
    for (int i = 0; i < WORDS; i++) {
      rig.ram.write(Rig.CODE + 4L * i, 4, words[i]);
    }
    for (int vector = 0; vector < 16; vector++) {
      long at = Rig.EL1_VECTORS + 0x80L * vector;
      int[] handler = {
        0xd538_4033, // mrs x19, elr_el1
        0x9100_1273, // add x19, x19, #4
        0x927e_f673, // and x19, x19, #~3
        0xd518_4033, // msr elr_el1, x19
        0xd69f_03e0, // eret
      };
      for (int i = 0; i < handler.length; i++) {
        rig.ram.write(at + 4L * i, 4, handler[i]);
      }
    }
    for (int r = 0; r < 31; r++) {
      rig.pe.setX(r, registers[r]);
    }
    for (int v = 0; v < VectorRegisters.COUNT; v++) {
      rig.pe.vectors().set(v, registers[v % 31], 0x7f80_ff01_8000_0001L * v);
    }
    rig.set("CPACR_EL1", 3 << 20);
    rig.pe.setSp(Rig.DATA + 0x4000);
    rig.pe.branch(Rig.CODE);
    return rig;
  }
}
