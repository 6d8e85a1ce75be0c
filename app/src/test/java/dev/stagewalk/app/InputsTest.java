package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Size;
import dev.stagewalk.session.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InputsTest {
  private static final Scenario K16 =
      new Scenario("s", "S", "", "s.s", "", Granule.K16, 36, "none", List.of());

  @Test
  void sizesAreReadAsPeopleWriteThem() {
    assertThat(Size.parse("4K")).isEqualTo(4096);
    assertThat(Size.parse("2 MiB")).isEqualTo(0x20_0000);
    assertThat(Size.parse("1g")).isEqualTo(0x4000_0000);
    assertThat(Size.parse("0x1000")).isEqualTo(0x1000);
    assertThat(Size.parse("4096 bytes")).isEqualTo(4096);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Size.parse("many"))
        .withMessageContaining("such as 4K");
    assertThatIllegalArgumentException().isThrownBy(() -> Size.parse("99999999999T"));
  }

  @Test
  void anAddressInsideAPageIsRefusedWithTheAddressThatWouldBeRight() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inputs.range("0x4000_1000", "16K", K16))
        .withMessageContaining("16 KiB granule")
        .withMessageContaining("0x4000_0000");
  }

  @Test
  void aSizeThatIsNoMultipleOfTheGranuleIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inputs.range("0x4000_0000", "4K", K16))
        .withMessageContaining("multiple of 16 KiB");
    assertThatIllegalArgumentException().isThrownBy(() -> Inputs.range("0", "0", K16));
  }

  @Test
  void aRangeBeyondTheInputSizeIsRefusedAndTheLastAddressIsNamed() {
    assertThat(Inputs.range("0xf_ffff_c000", "16K", K16).size()).isEqualTo(0x4000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inputs.range("0xf_ffff_c000", "32K", K16))
        .withMessageContaining("0x000f_ffff_ffff")
        .withMessageContaining("36 bits");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inputs.range("0xffff_ffff_ffff_c000", "16K", K16));
  }
}
