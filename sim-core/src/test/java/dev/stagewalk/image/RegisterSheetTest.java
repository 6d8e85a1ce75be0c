package dev.stagewalk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registers as debuggers print them. */
final class RegisterSheetTest {
  @TempDir private Path folder;

  private RegisterSheet read(String text) throws Exception {
    return RegisterSheet.read(Files.writeString(folder.resolve("registers"), text));
  }

  @Test
  void gdbPrintsNameHexadecimalAndDecimal() throws Exception {
    RegisterSheet sheet =
        read(
            """
            x0             0x40000800          1073743872
            pc             0x40000018          0x40000018 <main+24>
            cpsr           0x3c5               965
            VTTBR_EL2      0x100004a000000     281476218224640
            VTCR_EL2       0x80023559          2147628377
            HCR_EL2        0x80000039          2147483705
            """);
    assertThat(sheet.pes()).hasSize(1);
    assertThat(sheet.value(0, "X0")).hasValue(0x40000800L);
    assertThat(sheet.value(0, "PC")).hasValue(0x40000018L);
    assertThat(sheet.value(0, "PSTATE")).hasValue(0x3c5);
    assertThat(sheet.value(0, "VTTBR_EL2")).hasValue(0x100004a000000L);
    assertThat(sheet.why(0)).startsWith("in guest context");
  }

  @Test
  void qemuPrintsSixteenDigitsAfterASignOfEquality() throws Exception {
    RegisterSheet sheet =
        read(
            """
            CPU#0
             PC=0000000040000018 X00=0000000040000800 X01=0000000040010000
            X02=0000000000000000 X30=ffff800008cda284  SP=0000000040003000
            PSTATE=800003c5 N--- EL1h
            CPU#1
             PC=ffff800008cda26c X00=0000000000000005
            PSTATE=600003c9 -ZC- EL2h
            """);
    assertThat(sheet.pes()).hasSize(2);
    assertThat(sheet.value(0, "X30")).hasValue(0xffff800008cda284L);
    assertThat(sheet.value(0, "SP")).hasValue(0x40003000L);
    assertThat(sheet.value(0, "PSTATE")).as("hexadecimal without 0x").hasValue(0x800003c5L);
    assertThat(sheet.value(1, "X0")).hasValue(5);
    assertThat(sheet.why(0)).isEqualTo("VTTBR_EL2 is unknown");
  }

  @Test
  void aCrashToolPrintsColonsAndTheCpuBeforeThem() throws Exception {
    RegisterSheet sheet =
        read(
            """
            CPU: 0
                 PC: ffff80001008a6f8  [cpu_do_idle+8]
                X29: ffff800011893f20  X28: 0000000000000000
            CPU: 3
                VTTBR_EL2: 0x1000043582000
                VTCR_EL2: 0x80243558
                HCR_EL2: 0x807c263f
            """);
    assertThat(sheet.pes()).hasSize(2);
    assertThat(sheet.value(0, "X29")).hasValue(0xffff800011893f20L);
    assertThat(sheet.inGuestContext()).isEqualTo(1);
  }

  @Test
  void aPeThatIsPrintedTwiceIsOnePe() throws Exception {
    RegisterSheet sheet =
        read("VTTBR_EL2 = 0x1000\nthread 1 (CPU#0 [running])\nPC=0000000040000018\n");
    assertThat(sheet.pes()).hasSize(1);
    assertThat(sheet.value(0, "PC")).hasValue(0x40000018L);
  }

  @Test
  void jsonIsAnObjectOrAListWithOneForEachPe() throws Exception {
    assertThat(read("{\"VTTBR_EL2\": \"0x1000\", \"decoded\": {\"t0sz\": 24}, \"x0\": 7}").pes())
        .containsExactly(java.util.Map.of("VTTBR_EL2", 0x1000L, "X0", 7L));
    assertThat(read("[{\"what\": \"nothing\"}, {\"VTTBR_EL2\": \"0x1000\"}]").inGuestContext())
        .isEqualTo(1);
    assertThatThrownBy(() -> read("[{\"VTTBR_EL2\": \"x\"}]")).hasMessageContaining("VTTBR_EL2");
    assertThatThrownBy(() -> read("[{\"VTTBR_EL2\": 1")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> read("nothing")).hasMessageContaining("names no system register");
  }
}
