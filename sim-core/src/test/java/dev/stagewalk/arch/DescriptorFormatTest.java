package dev.stagewalk.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DescriptorFormatTest {
  private static final Context DS = Context.PLAIN.with(Setting.DS, 1);
  private static final Context LPA = Context.PLAIN.with(Setting.LPA, 1);

  @Test
  void bitsOneAndZeroWithTheLevelMakeTheType() {
    assertThat(stage2(Granule.K4, 3).type(0x7ff)).isEqualTo(DescriptorType.PAGE);
    assertThat(stage2(Granule.K4, 2).type(0x7ff)).isEqualTo(DescriptorType.TABLE);
    assertThat(stage2(Granule.K4, 2).type(0x7fd)).isEqualTo(DescriptorType.BLOCK);
    assertThat(stage2(Granule.K4, 3).type(0x7fd)).isEqualTo(DescriptorType.RESERVED);
    assertThat(stage2(Granule.K4, 1).type(0x7fe)).isEqualTo(DescriptorType.INVALID);
  }

  @Test
  void blocksExistOnlyAtTheLevelsOfTheirGranule() {
    assertThat(stage2(Granule.K4, 1).type(1)).isEqualTo(DescriptorType.BLOCK);
    assertThat(stage2(Granule.K4, 0).type(1)).isEqualTo(DescriptorType.RESERVED);
    assertThat(stage2(Granule.K4, -1).type(1)).isEqualTo(DescriptorType.RESERVED);
    assertThat(stage2(Granule.K16, 2).type(1)).isEqualTo(DescriptorType.BLOCK);
    assertThat(stage2(Granule.K16, 1).type(1)).isEqualTo(DescriptorType.RESERVED);
    assertThat(stage2(Granule.K64, 2).type(1)).isEqualTo(DescriptorType.BLOCK);
    assertThat(stage2(Granule.K64, 1).type(1)).isEqualTo(DescriptorType.RESERVED);

    assertThat(DescriptorFormat.stage2(Granule.K4, 0, DS).type(1)).isEqualTo(DescriptorType.BLOCK);
    assertThat(DescriptorFormat.stage2(Granule.K16, 1, DS).type(1)).isEqualTo(DescriptorType.BLOCK);
    assertThat(DescriptorFormat.stage2(Granule.K64, 1, LPA).type(1))
        .isEqualTo(DescriptorType.BLOCK);
  }

  @Test
  void addressesArePutTogetherFromTheirParts() {
    long page = 0x0000_4020_3000L | 0x7ff;
    assertThat(stage2(Granule.K4, 3).address(page)).isEqualTo(0x4020_3000L);
    assertThat(stage2(Granule.K16, 3).address(page)).isEqualTo(0x4020_0000L);
    assertThat(stage2(Granule.K4, 2).address(0x4020_0000L | 0x7fd)).isEqualTo(0x4020_0000L);
    assertThat(stage2(Granule.K4, 2).address(0x4800_1003L)).isEqualTo(0x4800_1000L);
    assertThat(stage2(Granule.K4, 3).address(0x4020_3ffeL)).isZero();

    long wide = 0x0003_0000_4020_3000L | 0x7ff;
    assertThat(DescriptorFormat.stage2(Granule.K4, 3, DS).address(wide))
        .isEqualTo(0x000f_0000_4020_3000L);
    long wide64 = 0x0000_0000_4020_f000L | 0x7ff;
    assertThat(DescriptorFormat.stage2(Granule.K64, 3, LPA).address(wide64))
        .isEqualTo(0x000f_0000_4020_0000L);
  }

  @Test
  void withDsTheShareabilityBitsAreAddressBits() {
    assertThat(text(stage2(Granule.K4, 3), 0x7ff, "SH")).isEqualTo("Inner Shareable");
    assertThat(DescriptorFormat.stage2(Granule.K4, 3, DS).decode(0x7ff))
        .extracting(FieldValue::name)
        .contains("OA[51:50]")
        .doesNotContain("SH");
  }

  @Test
  void permissionsAndMemoryTypeReadInWords() {
    DescriptorFormat page = stage2(Granule.K4, 3);
    assertThat(text(page, 0x7ff, "S2AP")).isEqualTo("read/write");
    assertThat(text(page, 0x77f, "S2AP")).isEqualTo("read-only");
    assertThat(text(page, 0x7ff, "MemAttr"))
        .isEqualTo("Normal, Outer Write-Back, Inner Write-Back");
    assertThat(text(page, 0x4c3, "MemAttr")).isEqualTo("Device-nGnRnE");
    assertThat(text(page, 0x7ff, "AF")).isEqualTo("accessed");

    Context forced = Context.PLAIN.with(Setting.FWB, 1);
    assertThat(text(DescriptorFormat.stage2(Granule.K4, 3, forced), 0x7db, "MemAttr"))
        .isEqualTo("Normal Write-Back, whatever stage 1 says");
  }

  @Test
  void executeNeverTellsTheExceptionLevelsApartOnlyWithXnx() {
    Context xnx = Context.PLAIN.with(Setting.XNX, 1);
    long xn1 = 1L << 53 | 0x7ff;

    assertThat(text(DescriptorFormat.stage2(Granule.K4, 3, xnx), xn1, "XN"))
        .isEqualTo("executable at EL0 only");
    assertThat(stage2(Granule.K4, 3).decode(xn1))
        .filteredOn(f -> f.name().equals("XN"))
        .extracting(FieldValue::status)
        .containsExactly(FieldValue.Status.RESERVED);
    assertThat(text(stage2(Granule.K4, 3), 2L << 53 | 0x7ff, "XN")).isEqualTo("not executable");
  }

  @Test
  void aBlockNotAlignedToItsSizeHasReservedBitsSet() {
    assertThat(stage2(Granule.K4, 2).decode(0x4022_0000L | 0x7fd))
        .filteredOn(f -> f.status() == FieldValue.Status.RES0_SET)
        .extracting(FieldValue::bits)
        .containsExactly("[20:17]");
  }

  @Test
  void aFieldThatThisKindLacksIsRefused() {
    assertThat(stage2(Granule.K4, 3).withField(0x7ff, "S2AP", 1)).isEqualTo(0x77f);
    assertThatThrownBy(() -> stage2(Granule.K4, 2).withField(0x4800_1003L, "S2AP", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("STAGE2_DESCRIPTOR has no field S2AP; it has NLTA[47:12]");
  }

  @Test
  void stageOneDescriptorsHaveTheirOwnAttributes() {
    DescriptorFormat page = DescriptorFormat.stage1(Granule.K4, 3, Context.PLAIN);
    long descriptor = 0x0060_0000_4020_3743L;

    assertThat(page.type(descriptor)).isEqualTo(DescriptorType.PAGE);
    assertThat(page.address(descriptor)).isEqualTo(0x4020_3000L);
    assertThat(text(page, descriptor, "UXN")).isEqualTo("yes");
    assertThat(text(page, descriptor, "AP[2:1]")).isEqualTo("EL1 and EL0 read/write");
  }

  private static DescriptorFormat stage2(Granule granule, int level) {
    return DescriptorFormat.stage2(granule, level, Context.PLAIN);
  }

  private static String text(DescriptorFormat format, long descriptor, String name) {
    return format.decode(descriptor).stream()
        .filter(f -> f.name().equals(name))
        .findFirst()
        .orElseThrow()
        .text();
  }
}
