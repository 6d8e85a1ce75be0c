package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every trap and enable of trapped.txt: the level, the class and the syndrome. */
class TrappedInstructionsTest {
  private static final long IL = 1L << 25;

  static List<String> rows() {
    return ResourceRows.lines("trapped.txt");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anInstructionIsTrappedAsItsRowSays(String row) {
    String[] columns = row.split("\\|(?!=)", -1);
    assertThat(columns).hasSize(6);
    Rig rig = new Rig();
    long pstate = columns[1].strip().equals("0") ? 0x3c0 : 0x3c5;
    long sp = 0;
    for (String setting : columns[0].strip().split("\\s+")) {
      if (setting.isEmpty()) {
        continue;
      }
      String[] sides = setting.split("\\|=");
      long bits = Long.decode(sides[1]);
      switch (sides[0]) {
        case "PSTATE" -> pstate |= bits;
        case "SP" -> sp = bits;
        default -> rig.set(sides[0], rig.get(sides[0]) | bits);
      }
    }
    rig.pe.setX(5, Rig.DATA);
    rig.pe.setX(7, 1L << 60);
    rig.code(columns[2].strip());
    rig.pe.setPstate(pstate);
    rig.pe.setSp(sp);
    rig.run(1);
    int target = columns[3].strip().equals("EL2") ? 2 : 1;
    long ec = Long.decode(columns[4].strip());
    assertThat(rig.pe.el()).isEqualTo(target);
    assertThat(rig.get("ESR_EL" + target))
        .isEqualTo(ec << 26 | IL | Long.decode(columns[5].strip()));
    boolean call = ec >= 0x15 && ec <= 0x16;
    assertThat(rig.get("ELR_EL" + target)).isEqualTo(Rig.CODE + (call ? 4 : 0));
    assertThat(rig.get("SPSR_EL" + target) & 0x1f).isEqualTo(pstate & 0x1f);
    assertThat(rig.get("ESR_EL" + (3 - target))).as("the other level's syndrome").isZero();
  }
}
