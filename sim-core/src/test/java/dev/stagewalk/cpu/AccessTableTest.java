package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.RegisterTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which register a name reaches, in every context of routes.txt. */
class AccessTableTest {

  static List<String> routes() {
    return ResourceRows.lines("routes.txt");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void aNameReachesWhatTheArchitectureSays(String row) {
    String[] words = row.strip().split("\\s+", 4);
    List<String> bits = List.of(words[2].split(","));
    int context =
        SystemContext.index(
            Integer.parseInt(words[1]),
            bits.contains("NV"),
            bits.contains("NV1"),
            bits.contains("NV2"),
            bits.contains("E2H"),
            bits.contains("TGE"));
    assertThat(text(name(words[0]).route(context))).isEqualTo(words[3].strip());
  }

  @Test
  void noNameOfEl2IsReachedFromEl0() {
    for (var register : RegisterTable.standard().names()) {
      if (register.encoding().map(Encoding::op1).orElse(0) < 4) {
        continue;
      }
      for (int i = 0; i < SystemContext.COUNT; i++) {
        if (SystemContext.of(i).el() == 0) {
          assertThat(name(register.name()).route(i)).isEqualTo(SystemRoute.UNDEFINED);
        }
      }
    }
  }

  @Test
  void aContextIsItsIndex() {
    for (int i = 0; i < SystemContext.COUNT; i++) {
      SystemContext context = SystemContext.of(i);
      if (context.nv() || !(context.nv1() || context.nv2())) {
        assertThat(context.index()).isEqualTo(i);
      }
    }
  }

  @Test
  void aDeviceAnswersForItsRegistersByWhateverNameTheyAreReached() {
    Rig rig = new Rig();
    rig.set("HCR_EL2", Rig.HCR | 1L << 34);
    Map<Integer, Long> written = new HashMap<>();
    SystemRegisterDevice device =
        new SystemRegisterDevice() {
          @Override
          public long read(int register) {
            return 0x1000L + register;
          }

          @Override
          public void write(int register, long value) {
            written.put(register, value);
          }

          @Override
          public long peek(int register) {
            return 5;
          }
        };
    rig.pe.attach(device, "CNTHCTL_EL2", "CNTHP_CTL_EL2", "CNTP_CTL_EL0");
    rig.pe.setPstate(0x3c9);
    rig.pe.setX(1, 0x77);
    rig.code(
        "msr cntkctl_el1, x1\n mrs x2, cntp_ctl_el0\n mrs x3, cntp_ctl_el02\n mrs x4, cnthctl_el2");
    new Interpreter(rig.pe, null).run(rig.pe.instructions() + 4);
    assertThat(written).isEqualTo(Map.of(SystemRegisters.index("CNTHCTL_EL2"), 0x77L));
    assertThat(rig.pe.x(2)).isEqualTo(0x1000L + SystemRegisters.index("CNTHP_CTL_EL2"));
    assertThat(rig.pe.x(3)).isEqualTo(0x1000L + SystemRegisters.index("CNTP_CTL_EL0"));
    assertThat(rig.pe.x(4)).isEqualTo(0x1000L + SystemRegisters.index("CNTHCTL_EL2"));
    assertThat(rig.get("CNTHCTL_EL2")).as("looking is no reading").isEqualTo(5);
    assertThat(rig.pe.registerFile().system("CNTP_CTL_EL0")).isEqualTo(5);
  }

  private static AccessTable.Name name(String register) {
    int packed =
        RegisterTable.standard().require(register).encoding().map(Encoding::packed).orElseThrow();
    return Objects.requireNonNull(AccessTable.at(packed));
  }

  private static String text(SystemRoute route) {
    return switch (route) {
      case SystemRoute.Direct(var register) -> "direct " + register.name();
      case SystemRoute.Redirected(var register) -> "redirected " + register.name();
      case SystemRoute.Twin(var register) -> "twin " + register.name();
      case SystemRoute.Memory(var register, int offset) -> "memory " + Hex.plain(offset);
      case SystemRoute.Trap(var register, int ec) -> "trap " + Hex.plain(ec);
      case SystemRoute.Undefined() -> "undefined";
    };
  }
}
