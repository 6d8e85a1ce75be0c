package dev.stagewalk.check;

import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.EntryFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whether a TLBI is sure to remove copies of a descriptor: not whether it removes a certain entry,
 * but whether the architecture lets none stay. Each answer is what it lacks; null if nothing.
 *
 * <p>Source: Arm ARM, "TLB maintenance"; "TLB maintenance instruction scope"; "Use of the TTL
 * field".
 */
final class Coverage {
  private Coverage() {}

  /**
   * The tags of the copies.
   *
   * @param global whether they hold for every ASID
   */
  static @Nullable MissingStep ofTags(
      TlbiScope tlbi, int pe, Holder holder, EntryPlace place, boolean global) {
    if (tlbi.nothing()) {
      return MissingStep.NAMES_NOTHING;
    }
    if (tlbi.regime() != place.regime()) {
      return MissingStep.OTHER_REGIME;
    }
    if (tlbi.vmid() >= 0 && tlbi.vmid() != holder.vmid()) {
      return MissingStep.OTHER_VMID;
    }
    if (place.stage() == 1 && tlbi.asid() >= 0 && holder.asid() >= 0) {
      boolean named = global ? tlbi.globalToo() : tlbi.asid() == holder.asid();
      if (!named) {
        return MissingStep.OTHER_ASID;
      }
    }
    return tlbi.domain().isLocal() && holder.pe() != pe ? MissingStep.OTHER_PES : null;
  }

  /** Whether entries of a stage are meant at all. */
  static @Nullable MissingStep ofStage(TlbiScope tlbi, int stage) {
    if (stage == 2) {
      return tlbi.ipas() ? null : MissingStep.STAGE_1_ONLY;
    }
    return tlbi.vas() ? null : MissingStep.STAGE_2_ONLY;
  }

  /** Copies of the entry itself. */
  static @Nullable MissingStep ofEntry(
      TlbiScope tlbi, EntryPlace place, EntryFormat format, boolean table) {
    MissingStep stage = ofStage(tlbi, place.stage());
    if (stage != null || tlbi.everyAddress()) {
      return stage;
    }
    if (!place.meets(tlbi.first(), tlbi.bytes())) {
      return MissingStep.OTHER_ADDRESS;
    }
    if (tlbi.lastLevelOnly() && table) {
      return MissingStep.LAST_LEVEL_ONLY;
    }
    boolean otherGranule = tlbi.granule() != null && tlbi.granule() != format.granule();
    boolean otherLevel =
        tlbi.hint() != TlbiScope.NO_HINT
            && (table ? tlbi.hint() <= place.level() : tlbi.hint() != place.level());
    return otherGranule || otherLevel ? MissingStep.WRONG_LEVEL : null;
  }

  /** Copies of the leaves below a table, the addresses and levels of which are counted apart. */
  static @Nullable MissingStep ofLeaves(TlbiScope tlbi, int stage, EntryFormat format) {
    MissingStep other = ofStage(tlbi, stage);
    boolean otherGranule =
        !tlbi.everyAddress() && tlbi.granule() != null && tlbi.granule() != format.granule();
    return other == null && otherGranule ? MissingStep.WRONG_LEVEL : other;
  }

  /** Copies combined with stage 1, of VAs that nobody knows. */
  static @Nullable MissingStep ofCombined(TlbiScope tlbi) {
    if (!tlbi.vas()) {
      return MissingStep.STAGE_2_ONLY;
    }
    return tlbi.everyAddress() && tlbi.asid() < 0 ? null : MissingStep.OTHER_ADDRESS;
  }
}
