package dev.stagewalk.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstructionTableTest {
  private final InstructionTable table = InstructionTable.a64();

  @Test
  void everyRowClaimsWordsOfItsOwn() {
    for (Row row : table.rows()) {
      if (row != table.undefined()) {
        assertThat(RowWords.of(row, 5, 1)).as(row.name()).hasSize(5);
      }
    }
  }

  @Test
  void atMostOneRowClaimsAWordUnlessOneStandsWithinTheOther() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      int word = random.nextInt();
      List<Row> claiming =
          table.rows().stream()
              .filter(row -> row != table.undefined() && row.matches(word))
              .toList();
      if (claiming.size() > 1) {
        Row row = table.row(word);
        assertThat(claiming)
            .filteredOn(other -> other != row)
            .extracting(Row::name)
            .containsExactly(row.traits().within());
      }
      assertThat(table.row(word))
          .isEqualTo(claiming.isEmpty() ? table.undefined() : table.row(word));
      assertThat(claiming.isEmpty()).isEqualTo(table.row(word) == table.undefined());
    }
  }

  @Test
  void unallocatedWordsDecodeToUndefined() {
    // Reserved bitmask, shift amount beyond a W register, ROR of an add, extension by 5, sf with N.
    for (int word : new int[] {0x721ef75a, 0x0b008000, 0x0bc00000, 0x0b201400, 0x13400000, -1}) {
      assertThat(table.decode(word).isUndefined()).as("%08x", word).isTrue();
    }
    assertThat(table.decode(0x0000_0000).isUndefined()).isTrue();
    assertThat(table.decode(0xd503201f).isUndefined()).isFalse();
  }

  @Test
  void fieldsAreComputedAtDecode() {
    // str x2, [x0, #24]
    Op store = table.decode(0xf9000c02);
    assertThat(store.row().semantics()).isEqualTo("store_offset");
    assertThat(List.of(store.rd(), store.rn(), store.size())).containsExactly(2, 0, 8);
    assertThat(store.imm()).isEqualTo(24);
    assertThat(store.is64()).isTrue();
    assertThat(store.syndrome()).isTrue();
    // ldursb w1, [x2, #-3]: sign-extended to 32 bits
    Op load = table.decode(0x38dfd041);
    assertThat(load.imm()).isEqualTo(-3);
    assertThat(load.signed()).isTrue();
    assertThat(load.is64()).isFalse();
    assertThat(load.size()).isEqualTo(1);
    // b.ne .-8
    assertThat(table.decode(0x54ffffc1).imm()).isEqualTo(-8);
    assertThat(table.decode(0x54ffffc1).cond()).isEqualTo(1);
    // and w5, w26, #0xf8003fff
    assertThat(table.decode(0x12054b45).imm()).isEqualTo(0xf800_3fffL);
    // movn w0, #0
    assertThat(table.decode(0x12800000).imm()).isEqualTo(0xffff_ffffL);
    // tbnz x7, #39
    assertThat(table.decode(0xb73fd927).imm2()).isEqualTo(39);
    // msr vttbr_el2, x0 = S3_4_C2_C1_0
    assertThat(table.decode(0xd51c2100).imm()).isEqualTo(3 << 14 | 4 << 11 | 2 << 7 | 1 << 3);
  }

  @Test
  void syndromesAreValidOnlyForSingleRegistersWithoutWriteBack() {
    assertThat(table.decode(0xf8408c41).syndrome()).as("ldr x1, [x2, #8]!").isFalse();
    assertThat(table.decode(0xa9400c41).syndrome()).as("ldp x1, x3, [x2]").isFalse();
    assertThat(table.decode(0xc85f7c41).syndrome()).as("ldxr x1, [x2]").isFalse();
    assertThat(table.decode(0xf8210041).syndrome()).as("ldadd x1, x1, [x2]").isFalse();
    Op acquire = table.decode(0xc8dffc41);
    assertThat(acquire.syndrome()).as("ldar x1, [x2]").isTrue();
    assertThat(acquire.ordered()).isTrue();
    assertThat(table.decode(0xf8408841).syndrome()).as("ldtr x1, [x2, #8]").isTrue();
  }

  @Test
  void aRowThatClaimsAnothersWordsIsRefused() {
    assertThatThrownBy(() ->
            read(
                "one | 00000000000000000000000000 imm:6 | a | imm=imm",
                "    one #imm",
                "two | 0000000000000000000000000000 imm:4 | b | imm=imm",
                "    two #imm"))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("test.a64:3")
        .hasMessageContaining("one (test.a64:1)");
  }

  @Test
  void aRowWithinAnotherIsTriedFirst() {
    InstructionTable two =
        read(
            "one | 00000000000000000000000000 imm:6 | a | imm=imm",
            "    one #imm",
            "two | 0000000000000000000000000000 imm:4 | b | imm=imm within=one",
            "    two #imm");
    assertThat(two.row(3).name()).isEqualTo("two");
    assertThat(two.row(33).name()).isEqualTo("one");
  }

  @Test
  void illFormedRowsAreRefusedWithFileLineAndCause() {
    refused("test.a64:1: only 31 bits", "one | 0000000000000000000000000 imm:6 | a", "    one");
    refused("test.a64:1: more than 32 bits", "one | 00000000000000000000000000 imm:7 | a");
    refused(
        "test.a64:1: field 'imm' stands twice", "one | 00000000000000000000000000 imm:3 imm:3 | a");
    refused(
        "test.a64:1: 'im=imm' is no attribute",
        "one | 00000000000000000000000000 imm:6 | a | im=imm");
    refused(
        "test.a64:1: no field is named 'imn'",
        "one | 00000000000000000000000000 imm:6 | a | imm=imn");
    refused(
        "test.a64:2: <thing> is no operand",
        "one | 00000000000000000000000000 imm:6 | a",
        "    one <thing>");
    refused(
        "test.a64:1: the spelling 'one' leaves bits 0x3f",
        "one | 00000000000000000000000000 imm:6 | a",
        "    one");
    refused("has no spelling to print", "one | 00000000000000000000000000 imm:6 | a");
    refused("test.a64:1: a spelling before the first row", "    one");
    refused("test.a64:1: expected name | bits", "one | 00000000000000000000000000 imm:6");
  }

  private static void refused(String cause, String... lines) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOf(TableException.class)
        .hasMessageContaining(cause);
  }

  private static InstructionTable read(String... lines) {
    return new InstructionTable(Map.of("test.a64", Arrays.asList(lines)), Map.of());
  }
}
