package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.mmu.Tlb;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pages a PE keeps at hand answer as the TLB and memory would: a PE that must ask them anew
 * before every instruction goes through the same states and events.
 */
class PageCacheTest {
  /** More pages than a TLB holds. */
  private static final int PAGES = 90;

  private static final int STEPS = 3000;

  @ParameterizedTest
  @EnumSource
  void whatIsAtHandIsWhatWouldBeFoundAnew(Tlb.Mode mode) {
    Rig keeps = copier(mode);
    Rig asks = copier(mode);
    Random random = new Random(5);
    for (int i = 0; i < STEPS; i++) {
      long from = Rig.DATA + 4096L * random.nextInt(PAGES);
      long to = Rig.DATA + 4096L * random.nextInt(PAGES);
      int instructions = random.nextInt(1, 6);
      boolean image = random.nextInt(50) == 0;
      for (Rig rig : new Rig[] {keeps, asks}) {
        rig.pe.setX(0, from);
        rig.pe.setX(1, to);
        if (image) {
          rig.ram.image();
        }
      }
      keeps.run(instructions);
      for (int n = 0; n < instructions; n++) {
        asks.pe.memory().controlsChanged();
        asks.run(1);
      }
      assertThat(keeps.pe.save().hash()).as("step %s", i).isEqualTo(asks.pe.save().hash());
      assertThat(keeps.tlb.hash()).as("TLB in step %s", i).isEqualTo(asks.tlb.hash());
    }
    assertThat(keeps.events).isEqualTo(asks.events);
    assertThat(keeps.ram.image().hash()).isEqualTo(asks.ram.image().hash());
  }

  /** A loop over two pages of code that adds to memory, and calls EL1 now and then. */
  private static Rig copier(Tlb.Mode mode) {
    Rig rig = new Rig(mode, Engine.REFERENCE);
    rig.code(
        Rig.EL1_VECTORS + 0x200,
        """
            ldr   x3, [x0, #8]
            eret
        """);
    rig.code(
        Rig.CODE + 0x1000,
        """
            ldr   x4, [x0]
            svc   #0
            b     0x40000000
        """);
    rig.code(
        """
        again:
            ldr   x2, [x0]
            add   x2, x2, #1
            str   x2, [x1]
            ldr   x3, [x0]
            b     0x40001000
        """);
    return rig;
  }
}
