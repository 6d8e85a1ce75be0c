package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegisterTableTest {
  private final RegisterTable table = RegisterTable.standard();

  @Test
  void namesAreFoundInAnyCase() {
    assertThat(table.require("vtcr_el2")).isSameAs(table.require("VTCR_EL2"));
    assertThat(table.require("currentel").name()).isEqualTo("CurrentEL");
    assertThat(table.register("NO_SUCH_EL2")).isEmpty();
  }

  @Test
  void anUnknownNameIsRefusedWithNamesThatLookAlike() {
    assertThatThrownBy(() -> table.require("VTRC_EL2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no register is named VTRC_EL2; did you mean VTCR_EL2");
    assertThat(table.suggestions("esr")).contains("ESR_EL1", "ESR_EL2");
    assertThat(table.suggestions("QQQQQQQQQQQQ")).isEmpty();
  }

  @Test
  void encodingsAreThoseOfMrsAndMsr() {
    assertEncoding("VTCR_EL2", 3, 4, 2, 1, 2);
    assertEncoding("VTTBR_EL2", 3, 4, 2, 1, 0);
    assertEncoding("HCR_EL2", 3, 4, 1, 1, 0);
    assertEncoding("ESR_EL2", 3, 4, 5, 2, 0);
    assertEncoding("HPFAR_EL2", 3, 4, 6, 0, 4);
    assertEncoding("SCTLR_EL12", 3, 5, 1, 0, 0);
    assertEncoding("VBAR_EL12", 3, 5, 12, 0, 0);
    assertEncoding("CNTV_CTL_EL02", 3, 5, 14, 3, 1);
    assertEncoding("SP_EL1", 3, 4, 4, 1, 0);
    assertEncoding("VNCR_EL2", 3, 4, 2, 2, 0);
    assertEncoding("ICH_VMCR_EL2", 3, 4, 12, 11, 7);
    assertEncoding("PMEVTYPER30_EL0", 3, 3, 14, 15, 6);
  }

  @Test
  void anInstructionWordNamesItsRegister() {
    int mrsX0EsrEl2 = 0xd53c5200;
    assertThat(table.byEncoding(Encoding.ofInstruction(mrsX0EsrEl2)).map(Register::name))
        .contains("ESR_EL2");
  }

  @Test
  void genericNamesReachTheNamedRegister() {
    assertThat(table.require("S3_4_C6_C0_4").name()).isEqualTo("HPFAR_EL2");
    assertThat(Encoding.parse("s3_4_c6_c0_4")).contains(new Encoding(3, 4, 6, 0, 4));
    assertThat(Encoding.parse("S3_4_C16_C0_4")).isEmpty();
    assertThat(Encoding.parse("HPFAR_EL2")).isEmpty();
    assertThat(new Encoding(3, 4, 6, 0, 4)).hasToString("S3_4_C6_C0_4");
  }

  @Test
  void everyEncodingSurvivesPackingAndItsGenericName() {
    for (Register register : table.names()) {
      register
          .encoding()
          .ifPresent(e -> {
            assertThat(Encoding.ofPacked(e.packed())).isEqualTo(e);
            assertThat(Encoding.parse(e.toString())).contains(e);
            assertThat(table.byEncoding(e)).contains(register);
          });
    }
  }

  @Test
  void indexesAreDenseAndAliasesShareTheirs() {
    Set<Integer> indexes = new HashSet<>();
    for (Register register : table.all()) {
      assertThat(indexes.add(register.index())).as(register.name()).isTrue();
      assertThat(table.all().get(register.index())).isSameAs(register);
    }
    assertThat(indexes).hasSize(table.size());

    Register alias = table.require("ESR_EL12");
    assertThat(alias.aliasOf()).contains(table.require("ESR_EL1"));
    assertThat(alias.index()).isEqualTo(table.require("ESR_EL1").index());
  }

  @Test
  void identificationRegistersAreReadOnly() {
    assertThat(table.require("MIDR_EL1").access().writable()).isFalse();
    assertThat(table.require("CNTVCT_EL0").access()).isEqualTo(Register.Access.RO);
    assertThat(table.require("OSLAR_EL1").access().readable()).isFalse();
    assertThat(table.require("VTCR_EL2").access()).isEqualTo(Register.Access.RW);
  }

  private void assertEncoding(String name, int op0, int op1, int crn, int crm, int op2) {
    assertThat(table.require(name).encoding())
        .as(name)
        .contains(new Encoding(op0, op1, crn, crm, op2));
    assertThat(table.byEncoding(op0, op1, crn, crm, op2)).contains(table.require(name));
  }
}
