package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterDecodeTest {
  private static final FieldValue.Status OK = FieldValue.Status.OK;
  private static final FieldValue.Status RESERVED = FieldValue.Status.RESERVED;
  private static final Context E2H = Context.PLAIN.with(Setting.E2H, 1);

  @Test
  void aVtcrOfFourKilobyteGranulesReadsAsItsGeometry() {
    Register vtcr = register("VTCR_EL2");
    long value = 0x8005_3590L;

    assertThat(text(vtcr, value, "T0SZ")).isEqualTo("48 bits");
    assertThat(text(vtcr, value, "SL0")).isEqualTo("level 0");
    assertThat(text(vtcr, value, "TG0")).isEqualTo("4 KiB");
    assertThat(text(vtcr, value, "PS")).isEqualTo("48 bits, 256 TiB");
    assertThat(text(vtcr, value, "VS")).isEqualTo("8 bits");
    assertThat(text(vtcr, value, "SH0")).isEqualTo("Inner Shareable");
    assertThat(vtcr.decode(value)).extracting(FieldValue::status).containsOnly(OK);
  }

  @Test
  void aVtcrWithoutItsRes1BitIsMarkedAndNothingElse() {
    List<FieldValue> marked =
        register("VTCR_EL2").decode(0x5_3590L).stream().filter(f -> f.status() != OK).toList();

    assertThat(marked).hasSize(1);
    assertThat(marked.getFirst().bits()).isEqualTo("[31]");
    assertThat(marked.getFirst().status()).isEqualTo(FieldValue.Status.RES1_CLEAR);
  }

  @Test
  void theStartLevelCodingDependsOnTheGranule() {
    Register vtcr = register("VTCR_EL2");

    assertThat(text(vtcr, 0x5_7590L, "TG0")).isEqualTo("64 KiB");
    assertThat(text(vtcr, 0x5_7590L, "SL0")).isEqualTo("level 1");
    assertThat(text(vtcr, 0x5_b590L, "TG0")).isEqualTo("16 KiB");
    assertThat(text(vtcr, 0x5_b590L, "SL0")).isEqualTo("level 1");
    assertThat(text(vtcr, 0x3_8000_0000L, "SL0")).isEqualTo("level -1");
    assertThat(field(vtcr, 0x3_8000_0040L, "SL0").status()).isEqualTo(RESERVED);
    assertThat(field(vtcr, 0x8000_c000L, "TG0").status()).isEqualTo(RESERVED);
  }

  @Test
  void aVttbrHoldsVmidAndBase() {
    Register vttbr = register("VTTBR_EL2");
    long value = 0x0001_0000_4800_0000L;

    assertThat(text(vttbr, value, "VMID")).isEqualTo("1");
    assertThat(text(vttbr, value, "BADDR")).isEqualTo("0x0000_0000_4800_0000");
    assertThat(vttbr.form().address(value, Context.PLAIN)).isEqualTo(0x4800_0000L);
  }

  @Test
  void aBaseOf52BitsIsPutTogetherFromItsParts() {
    long value = 0x0001_0000_4800_0000L | 0xfL << 2;
    Context wide = Context.PLAIN.with(Setting.LPA, 1);

    assertThat(register("VTTBR_EL2").form().address(value, wide)).isEqualTo(0x000f_0000_4800_0000L);
  }

  @Test
  void theHcrOfAGuestNamesWhatIsOn() {
    assertThat(register("HCR_EL2").decode(0x4_8000_0039L))
        .filteredOn(f -> f.raw() != 0)
        .extracting(FieldValue::name)
        .containsExactly("E2H", "RW", "AMO", "IMO", "FMO", "VM");
  }

  @Test
  void aSavedStateOfEl1WithEverythingMasked() {
    Register spsr = register("SPSR_EL2");

    assertThat(text(spsr, 0x3c5, "M[3:0]")).isEqualTo("EL1h");
    assertThat(text(spsr, 0x3c5, "D")).isEqualTo("masked");
    assertThat(text(spsr, 0x23c5, "ALLINT")).isEqualTo("masked");
    assertThat(field(spsr, 0x3c2, "M[3:0]").status()).isEqualTo(RESERVED);
    assertThat(spsr.form().layout(0x10).id()).isEqualTo("AARCH32");
    assertThat(text(register("PSTATE"), 0x3c9, "M[3:0]")).isEqualTo("EL2h");
  }

  @Test
  void theFaultingIpaIsThePageOfTheFault() {
    BitForm hpfar = register("HPFAR_EL2").form();

    assertThat(hpfar.address(0x50_0000L, Context.PLAIN)).isEqualTo(0x5000_0000L);
    assertThat(hpfar.address(0x0000_ffff_ffff_fff0L, Context.PLAIN))
        .isEqualTo(0x00ff_ffff_ffff_f000L);
  }

  @Test
  void layoutsFollowE2h() {
    Register cptr = register("CPTR_EL2");
    assertThat(cptr.decode(0x30_0000L)).extracting(FieldValue::name).contains("TFP");
    assertThat(cptr.decode(0x30_0000L, E2H))
        .filteredOn(f -> f.name().equals("FPEN"))
        .extracting(FieldValue::text)
        .containsExactly("not trapped");

    Register cnthctl = register("CNTHCTL_EL2");
    assertThat(cnthctl.form().layout(0).field("EL1PCTEN")).map(Field::lo).contains(0);
    assertThat(cnthctl.form().layout(0, E2H).field("EL1PCTEN")).map(Field::lo).contains(10);
  }

  @Test
  void aTranslationResultIsReadByItsFirstBit() {
    Register par = register("PAR_EL1");

    assertThat(par.form().layout(0xff00_0000_4000_0b80L).id()).isEqualTo("SUCCESS");
    assertThat(par.form().address(0xff00_0000_4000_0b80L, Context.PLAIN)).isEqualTo(0x4000_0000L);
    assertThat(text(par, 0x80fL, "FST")).isEqualTo("Translation fault, level 3");
    assertThat(text(par, 0xa0fL, "S")).isEqualTo("stage 2");
  }

  @Test
  void unknownAndReservedValuesKeepTheirBits() {
    FieldValue range = field(register("ID_AA64MMFR0_EL1"), 0xfL, "PARange");
    assertThat(range.raw()).isEqualTo(15);
    assertThat(range.text()).isEqualTo("reserved");
    assertThat(range.status()).isEqualTo(RESERVED);

    FieldValue top = register("VTCR_EL2").decode(1L << 63).getFirst();
    assertThat(top.status()).isEqualTo(FieldValue.Status.RES0_SET);
    assertThat(top.raw()).isEqualTo(1L << 17);
  }

  @Test
  void reservedMasksAreThoseOfTheRows() {
    Layout vtcr = register("VTCR_EL2").form().layout(0);

    assertThat(vtcr.res1()).isEqualTo(0x8000_0000L);
    assertThat(vtcr.res0()).isEqualTo(0xffff_cc80_0190_0000L & ~(1L << 31));
  }

  @Test
  void aFieldThatDoesNotFitIsRefusedInWords() {
    Register vtcr = register("VTCR_EL2");

    assertThat(vtcr.withField(0x8005_3590L, "T0SZ", 24)).isEqualTo(0x8005_3598L);
    assertThatThrownBy(() -> vtcr.withField(0, "T0SZ", 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("T0SZ [5:0] has 6 bits: 0 to 0x3f fits, 0x40 does not");
    assertThatThrownBy(() -> vtcr.withField(0, "T1SZ", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("VTCR_EL2 has no field T1SZ; it has HDBSS HAFT");
  }

  @Test
  void aValueRendersAsOneLineForEachField() {
    List<String> lines = Decode.render("vtcr_el2", 0x5_3590L);

    assertThat(lines.getFirst()).isEqualTo("VTCR_EL2 = 0x0000_0000_0005_3590");
    assertThat(lines)
        .anyMatch(l -> l.startsWith("! [31]    RES1") && l.contains("RES1 bits clear"));
    assertThat(lines).anyMatch(l -> l.startsWith("  [5:0]   T0SZ          0x10        48 bits"));
    assertThat(Decode.render("ESR_EL2", 0x93c2_8047L))
        .last()
        .isEqualTo("Data abort, lower EL · 8 bytes · x2 · write · Translation fault, level 3");
  }

  private static Register register(String name) {
    return RegisterTable.standard().require(name);
  }

  private static String text(Register register, long value, String name) {
    return field(register, value, name).text();
  }

  private static FieldValue field(Register register, long value, String name) {
    return register.decode(value).stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
