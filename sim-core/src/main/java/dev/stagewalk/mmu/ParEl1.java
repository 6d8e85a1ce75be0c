package dev.stagewalk.mmu;

import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.Fault;

/**
 * What an address translation instruction leaves in PAR_EL1.
 *
 * <p>Source: Arm ARM, PAR_EL1, Physical Address Register.
 */
public final class ParEl1 {
  private static final long FAULT = 1L;
  private static final long ON_STAGE1_WALK = 1L << 8;
  private static final long STAGE_2 = 1L << 9;
  private static final long NON_SECURE = 1L << 9;
  private static final long RES1 = 1L << 11;
  private static final long PA = 0xf_ffff_ffff_f000L;

  private ParEl1() {}

  /** The value that reports a translation made for AT. */
  public static long of(Translation translation) {
    return switch (translation.outcome()) {
      case Fault fault ->
          FAULT
              | (long) fault.kind().statusCode(fault.level()) << 1
              | (fault.onStage1Walk() ? ON_STAGE1_WALK : 0)
              | (fault.stage() == 2 ? STAGE_2 : 0)
              | RES1;
      case Translation.Output output -> {
        MemoryAttributes attributes = attributes(translation);
        yield (long) attributes.attr() << 56
            | (output.address() & PA)
            | RES1
            | NON_SECURE
            | (long) attributes.shareability() << 7;
      }
    };
  }

  private static MemoryAttributes attributes(Translation translation) {
    if (translation.stages() == null) {
      throw new IllegalArgumentException("AT translates VAs");
    }
    StageOutput last = translation.stages().stage2();
    if (last == null) {
      last = translation.stages().stage1();
    }
    if (last == null) {
      throw new IllegalStateException("a translation has an output but no stage that gave it");
    }
    return last.attributes();
  }
}
