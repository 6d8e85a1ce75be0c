package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Field;
import dev.stagewalk.arch.RegisterTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every trap and enable of trapped.txt: the level, the class and the syndrome. */
class TrappedInstructionsTest {
  private static final long IL = 1L << 25;
  private static final long E2H = 1L << 34;

  static List<String> rows() {
    return ResourceRows.lines("trapped.txt");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anInstructionIsTrappedAsItsRowSays(String row) {
    String[] columns = columns(row);
    Rig rig = started(columns, -1L).run(1);
    int target = columns[3].strip().equals("EL2") ? 2 : 1;
    long ec = Long.decode(columns[4].strip());
    assertThat(rig.pe.el()).isEqualTo(target);
    assertThat(rig.get("ESR_EL" + target))
        .isEqualTo(ec << 26 | IL | Long.decode(columns[5].strip()));
    boolean call = ec >= 0x15 && ec <= 0x16;
    assertThat(rig.get("ELR_EL" + target)).isEqualTo(Rig.CODE + (call ? 4 : 0));
    int from = Integer.parseInt(columns[1].strip());
    assertThat(rig.get("SPSR_EL" + target) & 0x1f).isEqualTo(from == 0 ? 0 : 5);
    assertThat(rig.get("ESR_EL" + (3 - target))).as("the other level's syndrome").isZero();
  }

  static List<String> rowsOfHcr() {
    return rows().stream()
        .filter(row -> {
          String[] columns = columns(row);
          boolean byHcr = (hcr(columns) & ~E2H) != 0 && !columns[0].contains("MDCR_EL2");
          return columns[3].strip().equals("EL2") && byHcr;
        })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rowsOfHcr")
  void withoutItsBitOfHcrItIsNotTakenToEl2(String row) {
    Rig rig = started(columns(row), E2H).run(1);
    assertThat(rig.pe.el()).isLessThan(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TWI", "TWE", "TVM", "TRVM", "TID1", "TID2", "TID3", "TID4", "TID5", "TSC", "TIDCP", "TACR",
        "TGE", "TTLB", "TTLBIS", "TTLBOS", "TPU", "TPCP", "TSW", "TDZ", "TLOR", "TERR", "TICAB",
        "TOCU", "AT", "NV"
      })
  void aRowTriesEveryBitOfHcrThatTraps(String name) {
    Field field =
        RegisterTable.standard().require("HCR_EL2").form().layouts().getFirst().fields().stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(rowsOfHcr()).anyMatch(row -> hcr(columns(row)) == field.mask());
  }

  private static String[] columns(String row) {
    String[] columns = row.split("\\|(?!=)", -1);
    assertThat(columns).hasSize(6);
    return columns;
  }

  private static long hcr(String[] columns) {
    return Arrays.stream(columns[0].strip().split("\\s+"))
        .filter(setting -> setting.startsWith("HCR_EL2|="))
        .mapToLong(setting -> Long.decode(setting.substring("HCR_EL2|=".length())))
        .sum();
  }

  /**
   * A PE about to execute the instruction of a row.
   *
   * @param hcr bits of HCR_EL2 that are set where the row sets them
   */
  private static Rig started(String[] columns, long hcr) {
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
        case "HCR_EL2" -> rig.set("HCR_EL2", rig.get("HCR_EL2") | bits & hcr);
        default -> rig.set(sides[0], rig.get(sides[0]) | bits);
      }
    }
    rig.pe.setX(5, Rig.DATA);
    rig.pe.setX(7, 1L << 60);
    rig.code(columns[2].strip());
    rig.pe.setPstate(pstate);
    rig.pe.setSp(sp);
    return rig;
  }
}
