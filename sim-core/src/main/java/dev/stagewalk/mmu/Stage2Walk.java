package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Ipa;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stage-2 translation table walk: a pure function of parameters, IPA, access and descriptors.
 * It has no TLB and changes nothing; where the hardware would update the leaf (HA, HD), {@link
 * Translation#update()} of the result says what to store.
 *
 * <p>Source: Arm ARM, "Translation process"; "MMU faults".
 */
public final class Stage2Walk {
  private static final List<Lookup> NONE = List.of();

  private Stage2Walk() {}

  /** Translates an IPA. Stage 2 must be enabled: without it there is no walk. */
  public static Translation walk(
      Stage2Parameters parameters, Ipa ipa, Access access, DescriptorReader reader) {
    return walk(parameters, ipa.value(), access, reader);
  }

  /**
   * Translates an IPA. Stage 2 must be enabled: without it there is no walk.
   *
   * @param ipa in bytes
   */
  public static Translation walk(
      Stage2Parameters parameters, long ipa, Access access, DescriptorReader reader) {
    Problem problem = parameters.refusal();
    if (problem != null) {
      return refused(parameters, ipa, access, FaultKind.TRANSLATION, 0, problem.text(), NONE);
    }
    if (ipa >>> parameters.inputBits() != 0) {
      return refused(parameters, ipa, access, 0, Refusal.INPUT_TOO_LARGE, NONE);
    }
    Problem rootProblem = parameters.rootRefusal();
    if (rootProblem != null) {
      return refused(parameters, ipa, access, FaultKind.ADDRESS_SIZE, 0, rootProblem.text(), NONE);
    }

    Granule granule = parameters.granule();
    Stage2Format format = parameters.format();
    Lookup[] made = new Lookup[parameters.levels()];
    long table = parameters.rootBase();
    int high = parameters.inputBits() - 1;
    for (int n = 0, level = parameters.startLevel(); ; n++, level++) {
      int low = granule.levelShift(level);
      int index = (int) (ipa >>> low) & ((2 << (high - low)) - 1);
      long at = table + 8L * index;
      long descriptor;
      try {
        descriptor = reader.read(at);
      } catch (ExternalAbort _) {
        made[n] =
            lookup(level, table, index, high, low, 0, Verdict.EXTERNAL_ABORT, 0, Refusal.NO_MEMORY);
        return refused(parameters, ipa, access, level, Refusal.NO_MEMORY, first(made, n + 1));
      }

      Verdict kind = format.kind(descriptor, level);
      long address = format.tableAddress(descriptor);
      Refusal refusal = refusal(parameters, access, descriptor, level, kind, address);
      if (refusal != null) {
        Verdict verdict = kind == Verdict.INVALID ? kind : Verdict.REFUSED;
        made[n] = lookup(level, table, index, high, low, descriptor, verdict, 0, refusal);
        return refused(parameters, ipa, access, level, refusal, first(made, n + 1));
      }
      long output = kind == Verdict.TABLE ? address : format.leafAddress(descriptor, level);
      made[n] =
          new Lookup(
              2, level, table, index, high, low, at, descriptor, kind, output, rule(kind), NONE);
      if (kind != Verdict.TABLE) {
        return new Translation(
            2,
            parameters.vmid(),
            ipa,
            access,
            first(made, n + 1),
            output(parameters, ipa, access, descriptor, level, output));
      }
      table = output;
      high = low - 1;
    }
  }

  /** Which rule refuses a descriptor; null if the walk goes on or ends well. */
  private static @Nullable Refusal refusal(
      Stage2Parameters parameters,
      Access access,
      long descriptor,
      int level,
      Verdict kind,
      long address) {
    return switch (kind) {
      case TABLE -> address >>> parameters.outputBits() != 0 ? Refusal.TABLE_TOO_HIGH : null;
      case BLOCK, PAGE -> {
        // Address bits below the size of a block count here too, although the output has none.
        if (address >>> parameters.outputBits() != 0) {
          yield Refusal.OUTPUT_TOO_HIGH;
        }
        // The Access flag comes before permissions ("The MMU fault-checking sequence").
        if ((descriptor & Stage2Format.ACCESS_FLAG) == 0 && !parameters.hardwareAccessFlag()) {
          yield Refusal.NOT_ACCESSED;
        }
        yield Stage2Attributes.denial(
            access, leafAfter(parameters, access, descriptor), parameters.features().xnx());
      }
      case INVALID, REFUSED, EXTERNAL_ABORT -> {
        if ((descriptor & Stage2Format.VALID) == 0) {
          yield Refusal.INVALID;
        }
        yield level == 3 ? Refusal.RESERVED_AT_LEVEL_3 : Refusal.NO_BLOCK_AT_THIS_LEVEL;
      }
    };
  }

  /**
   * The leaf as the hardware leaves it in memory if the access is allowed: Access flag set with HA,
   * writable after a write to a descriptor with DBM with HD.
   *
   * <p>Source: Arm ARM, "Hardware management of the Access flag and dirty state".
   */
  private static long leafAfter(Stage2Parameters parameters, Access access, long leaf) {
    long after = leaf;
    if (parameters.hardwareAccessFlag()) {
      after |= Stage2Format.ACCESS_FLAG;
    }
    boolean writes = access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC;
    if (writes && parameters.hardwareDirtyState() && (leaf & Stage2Format.DBM) != 0) {
      after |= Stage2Format.S2AP_WRITE;
    }
    return after;
  }

  private static Translation.Output output(
      Stage2Parameters parameters, long ipa, Access access, long leaf, int level, long base) {
    int shift = parameters.granule().levelShift(level);
    long after = leafAfter(parameters, access, leaf);
    boolean xnx = parameters.features().xnx();
    return new Translation.Output(
        base | (ipa & ((1L << shift) - 1)),
        level,
        shift,
        after,
        Stage2Attributes.readable(after),
        Stage2Attributes.writable(after),
        Stage2Attributes.executable(after, true, xnx),
        Stage2Attributes.executable(after, false, xnx),
        Stage2Attributes.memoryType(Stage2Attributes.memAttr(after), parameters.fwb()));
  }

  private static Lookup lookup(
      int level,
      long table,
      int index,
      int high,
      int low,
      long descriptor,
      Verdict verdict,
      long output,
      Refusal refusal) {
    return new Lookup(
        2,
        level,
        table,
        index,
        high,
        low,
        table + 8L * index,
        descriptor,
        verdict,
        output,
        refusal.rule(),
        NONE);
  }

  private static String rule(Verdict kind) {
    return switch (kind) {
      case TABLE -> "Bits [1:0] are 0b11 above level 3: the entry names the next table.";
      case BLOCK -> "Bits [1:0] are 0b01 above level 3: the entry maps a block.";
      case PAGE -> "Bits [1:0] are 0b11 at level 3: the entry maps a page.";
      case INVALID, REFUSED, EXTERNAL_ABORT -> "";
    };
  }

  private static List<Lookup> first(Lookup[] made, int count) {
    return List.of(count == made.length ? made : Arrays.copyOf(made, count));
  }

  private static Translation refused(
      Stage2Parameters parameters,
      long ipa,
      Access access,
      int level,
      Refusal refusal,
      List<Lookup> lookups) {
    return refused(parameters, ipa, access, refusal.kind(), level, refusal.rule(), lookups);
  }

  private static Translation refused(
      Stage2Parameters parameters,
      long ipa,
      Access access,
      FaultKind kind,
      int level,
      String rule,
      List<Lookup> lookups) {
    return new Translation(
        2,
        parameters.vmid(),
        ipa,
        access,
        lookups,
        new Translation.Fault(kind, level, 2, false, ipa, rule));
  }
}
