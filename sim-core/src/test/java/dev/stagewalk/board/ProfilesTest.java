package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.mmu.Tlb;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilesTest {
  private final Profiles profiles = Profiles.standard();

  @ParameterizedTest
  @CsvSource({
    "max, 52, true, true, true",
    "cortex-a57, 44, false, false, false",
    "cortex-a72, 44, false, false, false",
    "cortex-a76, 40, true, true, true",
    "neoverse-n1, 48, true, true, true",
    "neoverse-v1, 48, true, true, true"
  })
  void aProfileHasTheAddressesGranulesAndVmidsOfItsProduct(
      String name, int paBits, boolean k16, boolean vmid16, boolean vhe) {
    Profile profile = profiles.require(name);
    assertThat(profile.features().paBits()).isEqualTo(paBits);
    assertThat(profile.features().granules().contains(Granule.K16)).isEqualTo(k16);
    assertThat(profile.features().vmid16()).isEqualTo(vmid16);
    assertThat((profile.identification().get("ID_AA64MMFR1_EL1") >>> 8 & 0xf) == 1).isEqualTo(vhe);
  }

  @Test
  void noProfileReportsWhatIsMasked() {
    for (String name : profiles.names()) {
      Map<String, Long> says = profiles.require(name).identification();
      for (Masking masking : profiles.maskings()) {
        long value = says.getOrDefault(masking.register(), 0L);
        assertThat(masking.reported(value))
            .as(name + " " + masking.register() + "." + masking.field())
            .isEqualTo(masking.masked(value));
      }
      assertThat(profiles.maskingsOf(name)).isNotEmpty();
    }
  }

  @Test
  void aMaskingNamesAFieldOfItsRegister() {
    for (Masking masking : profiles.maskings()) {
      var form = RegisterTable.standard().require(masking.register()).form();
      assertThat(masking.low() % 4).isZero();
      assertThat(masking.why()).isNotBlank();
      form.layouts()
          .getFirst()
          .fields()
          .forEach(field -> {
            if (field.lo() == masking.low() && !field.name().startsWith("RES")) {
              boolean whole = field.width() == 64;
              assertThat(whole || field.name().equals(masking.field()))
                  .as(masking.register() + " has " + field.name() + " at " + field.lo())
                  .isTrue();
            }
          });
    }
  }

  @Test
  void whatNoMaskingNamesIsSimulated() {
    Set<String> simulated =
        Set.of(
                "ID_AA64PFR0_EL1.16 ID_AA64PFR0_EL1.20 ID_AA64PFR0_EL1.48 ID_AA64PFR0_EL1.60"
                    + " ID_AA64PFR1_EL1.4 ID_AA64PFR1_EL1.36 ID_AA64DFR0_EL1.0 ID_AA64ISAR0_EL1.16"
                    + " ID_AA64ISAR0_EL1.28 ID_AA64ISAR0_EL1.44"
                    + " ID_AA64ISAR0_EL1.52 ID_AA64ISAR0_EL1.56 ID_AA64ISAR1_EL1.0"
                    + " ID_AA64ISAR0_EL1.48 ID_AA64ISAR1_EL1.12 ID_AA64ISAR1_EL1.16"
                    + " ID_AA64ISAR1_EL1.32 ID_AA64ISAR1_EL1.36"
                    + " ID_AA64ISAR1_EL1.48 ID_AA64ISAR1_EL1.52 ID_AA64ISAR1_EL1.56"
                    + " ID_AA64ISAR2_EL1.0"
                    + " ID_AA64MMFR0_EL1.0 ID_AA64MMFR0_EL1.4 ID_AA64MMFR0_EL1.20"
                    + " ID_AA64MMFR0_EL1.24 ID_AA64MMFR0_EL1.28 ID_AA64MMFR0_EL1.32"
                    + " ID_AA64MMFR0_EL1.36 ID_AA64MMFR0_EL1.40 ID_AA64MMFR1_EL1.4"
                    + " ID_AA64MMFR1_EL1.8 ID_AA64MMFR1_EL1.12 ID_AA64MMFR1_EL1.16"
                    + " ID_AA64MMFR1_EL1.20 ID_AA64MMFR1_EL1.28 ID_AA64MMFR1_EL1.36"
                    + " ID_AA64MMFR1_EL1.40 ID_AA64MMFR1_EL1.48 ID_AA64MMFR1_EL1.52"
                    + " ID_AA64MMFR2_EL1.0 ID_AA64MMFR2_EL1.4 ID_AA64MMFR2_EL1.16"
                    + " ID_AA64MMFR2_EL1.28 ID_AA64MMFR2_EL1.32 ID_AA64MMFR2_EL1.36"
                    + " ID_AA64MMFR2_EL1.40 ID_AA64MMFR2_EL1.48 ID_AA64MMFR2_EL1.52"
                    + " ID_AA64MMFR2_EL1.56 ID_AA64MMFR2_EL1.60")
            .stream()
            .flatMap(all -> Arrays.stream(all.split(" ")))
            .collect(Collectors.toSet());
    for (String name : profiles.names()) {
      profiles
          .reported(name)
          .forEach((register, value) -> {
            for (int low = 0; low < 64 && register.startsWith("ID_AA64"); low += 4) {
              int at = low;
              boolean masked =
                  profiles.maskings().stream()
                      .anyMatch(m -> m.register().equals(register) && m.low() == at);
              if ((value >>> low & 0xf) != 0 && !masked) {
                assertThat(simulated).as(name).contains(register + "." + low);
              }
            }
          });
    }
  }

  @Test
  void withoutVheE2hStaysZeroAndItsNamesAreUndefined() {
    Machine machine = machine("cortex-a57");
    machine.pe().setSystem(SystemRegisters.HCR_EL2, 1L << 34 | 1L << 27);
    assertThat(machine.pe().system(SystemRegisters.HCR_EL2))
        .as("TGE, and RW that is always 1")
        .isEqualTo(1L << 31 | 1L << 27);
    machine = machine("cortex-a76");
    machine.pe().setSystem(SystemRegisters.HCR_EL2, 1L << 34);
    assertThat(machine.pe().system(SystemRegisters.HCR_EL2)).isEqualTo(1L << 31 | 1L << 34);
  }

  @ParameterizedTest
  @CsvSource({
    "ldadd, 0xf8210062",
    "ldapr, 0xf8bfc060",
    "sb, 0xd50330ff",
    "sdot, 0x4e829420",
    "fadd h0, 0x1ee22820",
    "fmul v0.8h, 0x6e421c20",
    "frint32z, 0x1e284020",
    "fjcvtzs, 0x1e7e0020",
    "fmlal, 0x4e22ec20",
    "fcadd, 0x6e82e420"
  })
  void anInstructionOfAFeatureTheProductLacksIsUndefined(String text, String word) {
    for (String profile : new String[] {"cortex-a57", "max"}) {
      Machine machine = machine(profile);
      machine.ram().write(Machine.RAM_BASE, 4, Long.decode(word));
      machine.pe().setX(3, Machine.RAM_BASE + 0x1000);
      machine.pe().branch(Machine.RAM_BASE);
      machine.run(1);
      boolean taken = machine.pe().pc() != Machine.RAM_BASE + 4;
      assertThat(taken).as(text + " on " + profile).isEqualTo(profile.equals("cortex-a57"));
    }
  }

  @Test
  void fz16IsAFieldOnlyWhereHalfPrecisionIsComputedWith() {
    long flushes = 1L << 24 | 1L << 19;
    for (String profile : new String[] {"cortex-a57", "max"}) {
      Machine machine = machine(profile);
      machine.ram().write(Machine.RAM_BASE, 4, 0xd51b_4401L); // msr fpcr, x1
      machine.pe().setX(1, flushes);
      machine.pe().branch(Machine.RAM_BASE);
      machine.run(1);
      assertThat(machine.pe().system(SystemRegisters.index("FPCR")))
          .as(profile)
          .isEqualTo(profile.equals("max") ? flushes : 1L << 24);
    }
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> profiles.require("cortex-a99"))
        .hasMessageContaining("cortex-a57")
        .hasMessageContaining("cortex-a99");
  }

  private Machine machine(String profile) {
    return new Machine(
        profiles.require(profile),
        4096,
        new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, 1),
        (_, event) -> {});
  }

  @Test
  void bitsOfSctlrThatAreOneWithoutTheirFeatureStayAsTheyAreWritten() {
    String source =
        """
            ldr   x0, =0x30d01980
            msr   sctlr_el1, x0
            mrs   x20, sctlr_el1
            mrs   x1, hcr_el2
            orr   x1, x1, #1 << 34
            msr   hcr_el2, x1
            isb
            msr   sctlr_el1, x0
            mrs   x21, sctlr_el2
            ldr   x2, =0x0020000000000000
            orr   x1, x1, x2
            msr   hcr_el2, x1
            mrs   x22, hcr_el2
            b     off
            .ltorg
        """
            + InterruptPrograms.OFF;
    Boards boards = Boards.together(1, 100, source).toEnd(100);
    assertThat(boards.machine.pe().x(20)).isEqualTo(0x30d0_1980);
    assertThat(boards.machine.pe().x(21)).isEqualTo(0x30d0_1980);
    assertThat(boards.machine.pe().x(22) >>> 53 & 1).as("HCR_EL2.EnSCXT is RES0").isZero();
  }
}
