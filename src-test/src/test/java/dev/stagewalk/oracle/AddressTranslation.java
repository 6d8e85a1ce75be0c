package dev.stagewalk.oracle;

import dev.stagewalk.oracle.Abort.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Both stages, and the address translation instructions. Source: AArch64.FullTranslate, AArch64.AT.
 */
final class AddressTranslation {
  private final Stage1Params first;
  private final @Nullable Stage2Params second;
  private final WalkMemory memory;

  /**
   * What came of a translation.
   *
   * @param fault why it was refused; null if it was not
   * @param stage1 what stage 1 said; null if it refused
   * @param stage2 what stage 2 said; null if it refused, is off or was not asked
   */
  record Result(
      @Nullable Fault fault, Stage1Rules.@Nullable Leaf stage1, Stage2Rules.@Nullable Leaf stage2) {

    /** The output address of the last stage that was asked. */
    long address() {
      if (stage2 != null) {
        return stage2.address();
      }
      if (stage1 == null) {
        throw new IllegalStateException("a fault has no output address");
      }
      return stage1.address();
    }

    MemAttrs attrs() {
      if (stage2 != null) {
        return stage2.attrs();
      }
      if (stage1 == null) {
        throw new IllegalStateException("a fault has no attributes");
      }
      return stage1.attrs();
    }
  }

  AddressTranslation(Implementation pe, Controls controls, long va, WalkMemory memory) {
    this.memory = memory;
    first = new Stage1Params(pe, controls, va);
    Stage2Params params = new Stage2Params(pe, controls);
    second = controls.regime() == OracleRegime.EL10 && params.vm ? params : null;
  }

  Stage1Params first() {
    return first;
  }

  @Nullable Stage2Params second() {
    return second;
  }

  /**
   * @param outputToo also translate the output of stage 1; false for AT S1E…
   */
  Result translate(long va, AccessDescriptor access, boolean outputToo) {
    Stage2Rules below = second == null ? null : new Stage2Rules(second, memory);
    Stage1Rules.Leaf one = null;
    try {
      one = new Stage1Rules(first, below, memory).translate(va, access);
      Stage2Rules.Leaf two = null;
      if (below != null && outputToo) {
        two = below.translate(one.address(), one.attrs(), access, access.writeOnly());
      }
      return new Result(null, one, two);
    } catch (Abort abort) {
      return new Result(abort.fault(), one, null);
    }
  }

  /** PAR_EL1 after AT, with what is IMPLEMENTATION DEFINED in it 0. Source: AArch64.EncodePAR. */
  static long par(Result result) {
    Fault fault = result.fault();
    if (fault != null) {
      return 1
          | (long) status(fault) << 1
          | (fault.s2fs1walk() ? 1L << 8 : 0)
          | (fault.secondStage() ? 1L << 9 : 0)
          | 1L << 11;
    }
    MemAttrs attrs = result.attrs();
    return (long) attrs.effective().shareability() << 7
        | 1L << 9
        | 1L << 11
        | result.address() >>> 12 << 12
        | (long) attrs.encode() << 56;
  }

  /** Source: EncodeLDFSC. */
  static int status(Fault fault) {
    boolean minusOne = fault.level() == -1;
    return switch (fault.status()) {
      case ADDRESS_SIZE -> minusOne ? 0b101001 : fault.level();
      case TRANSLATION -> minusOne ? 0b101011 : 0b000100 | fault.level();
      case ACCESS_FLAG -> 0b001000 | fault.level();
      case PERMISSION -> 0b001100 | fault.level();
      case EXTERNAL_ON_WALK -> minusOne ? 0b010011 : 0b010100 | fault.level();
      case ALIGNMENT -> 0b100001;
    };
  }
}
