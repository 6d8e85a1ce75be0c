package dev.stagewalk.views;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TlbWords;
import org.jspecify.annotations.Nullable;

/**
 * A row of the TLB pane: an entry in words.
 *
 * @param entry the entry
 * @param freshness how it agrees with the tables; null while the guest runs
 * @param match what it does for the access at hand, in words; may be empty
 */
record TlbRow(TlbEntry entry, @Nullable Freshness freshness, String match) {

  static TlbRow of(
      TlbEntry entry, @Nullable Freshness freshness, @Nullable Translation access, int pe) {
    return new TlbRow(entry, freshness, access == null ? "" : match(entry, access, pe));
  }

  boolean isStale() {
    return freshness != null && freshness.isStale();
  }

  /** Whether it agrees with the tables. */
  String state() {
    return freshness == null ? "not compared while the guest runs" : freshness.words();
  }

  /** "VMID 1 · ASID 5", "EL2", with the PE where there are several. */
  String whose(boolean several) {
    return new TlbWords(entry).whose(several);
  }

  /** "EL1&0", "EL2". */
  String regime() {
    return entry.regime().text();
  }

  /** "IPA 0x4020_3000". */
  String from() {
    return new TlbWords(entry).from();
  }

  /** "→ PA 0x4820_3000", "→ table at 0x4800_2000". */
  String to() {
    return new TlbWords(entry).to();
  }

  /** Permissions of each stage, and the memory type. */
  String allows() {
    return new TlbWords(entry).allows();
  }

  /**
   * "rw-", "rwx/rw- & rw-": EL1/EL0 where they differ, stage 1 first where it has a say; the
   * tooltip has both stages in full.
   */
  String rights() {
    Stage1Tag tag = entry.stage1();
    if (entry.kind().isTable()) {
      return "table";
    }
    if (tag == null || entry.kind() != TlbEntry.Kind.COMBINED) {
      return shortly(tag == null ? entry.permissions() : tag.permissions().text());
    }
    return shortly(tag.permissions().text()) + " & " + shortly(entry.permissions());
  }

  private static String shortly(String permissions) {
    return permissions.replace("EL1 ", "").replace(", EL0 ", "/");
  }

  /** One line of text. */
  String text(boolean several) {
    return (entry.regime() == Regime.EL1_0 ? regime() + ", " : "")
        + whose(several)
        + " · "
        + entry.kind().words()
        + " · "
        + from()
        + " · "
        + Scan.rounded(entry.size())
        + " "
        + to()
        + " · "
        + allows()
        + " · "
        + state()
        + (match.isEmpty() ? "" : " · " + match);
  }

  private static String match(TlbEntry entry, Translation access, int pe) {
    Stages stages = access.stages();
    boolean mine = entry.pe() == pe;
    if (entry.kind().ofIpas()) {
      long ipa = access.lastStage2().map(Translation::input).orElse(-1L);
      if (access.lastStage2().isEmpty() || !covers(entry, ipa)) {
        return "";
      }
      return words(entry, mine, entry.vmid() == access.vmid(), true);
    }
    Stage1Tag tag = entry.stage1();
    if (stages == null || tag == null || stages.regime() != entry.regime()) {
      return "";
    }
    if (!covers(entry, access.input())) {
      return "";
    }
    boolean asid = tag.global() || tag.asid() == stages.asid();
    return words(entry, mine, entry.vmid() == access.vmid(), asid);
  }

  private static boolean covers(TlbEntry entry, long address) {
    return Long.compareUnsigned(address - entry.input(), entry.size()) < 0;
  }

  private static String words(TlbEntry entry, boolean mine, boolean vmid, boolean asid) {
    if (!mine) {
      return "another PE's";
    }
    if (!vmid) {
      return "other VMID";
    }
    return !asid ? "other ASID" : entry.kind().isTable() ? "◀ on its way" : "◀ matches";
  }
}
