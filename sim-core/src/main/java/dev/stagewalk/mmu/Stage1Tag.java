package dev.stagewalk.mmu;

import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.mem.Mix;

/**
 * What makes a TLB entry one of VAs: whose VAs, and what stage 1 said of them.
 *
 * @param asid ASID it is tagged with; −1 where the regime has none
 * @param global whether it answers for every ASID
 * @param ipa first output address of stage 1; of a walk cache the next table
 * @param level level of the descriptor of stage 1
 * @param permissions what stage 1 allows
 * @param wxn SCTLR_ELx.WXN when the entry was made
 * @param memoryType what stage 1 says of the memory to data
 * @param underStage2 whether stage 2 was on, so that the output is not that of stage 1
 * @param hierarchical limits that the tables above this descriptor set (APTable, XNTable, PXNTable)
 */
public record Stage1Tag(
    int asid,
    boolean global,
    long ipa,
    int level,
    Permissions permissions,
    boolean wxn,
    MemoryType memoryType,
    boolean underStage2,
    long hierarchical) {

  /** Whether an access under an ASID is one of these. */
  boolean matches(int ofAsid) {
    return global || ofAsid == asid;
  }

  /** The same of a part of the entry, that many bytes behind its beginning. */
  Stage1Tag at(long offset) {
    return new Stage1Tag(
        asid, global, ipa + offset, level, permissions, wxn, memoryType, underStage2, hierarchical);
  }

  /** "ASID 5" or "global". */
  public String words() {
    return global ? "global" : "ASID " + asid;
  }

  /** Hash of every component. */
  long hash() {
    int flags =
        (global ? 1 : 0)
            | (wxn ? 1 << 1 : 0)
            | (underStage2 ? 1 << 2 : 0)
            | memoryType.ordinal() << 3;
    long h = Mix.mix(ipa, (long) asid << 8 | (level & 0xff));
    h = Mix.mix(h, (long) permissions.bits() << 16 | flags);
    return Mix.mix(h, hierarchical);
  }
}
