package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mmu.Tlb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loops in C, which a compiler made vector instructions of, leave here what they leave elsewhere.
 */
class CompiledLoopsTest {

  @ParameterizedTest
  @EnumSource
  void everyLoopLeavesWhatWasRecorded(Engine engine) throws IOException {
    Rig rig = new Rig(Tlb.Mode.REALISTIC, engine);
    rig.set("CPACR_EL1", 3 << 20);
    rig.ram.write(Rig.CODE, resource("loops.bin"));
    rig.pe.branch(Rig.CODE);
    rig.pe.setX(0, Rig.DATA);
    rig.run(2_000_000);
    assertThat(rig.exceptionClass(2)).isEqualTo(ExceptionModel.EC_HVC64);
    List<String> recorded =
        new String(resource("loops.txt"), StandardCharsets.US_ASCII).lines().toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i++) {
      found.add(Long.toHexString(rig.ram.read(rig.pe.x(0) + 8L * i, 8)));
    }
    assertThat(found).isEqualTo(recorded);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CompiledLoopsTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }
}
