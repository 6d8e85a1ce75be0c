package dev.stagewalk.mmu;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;

/** The parts of a TLB entry in words. */
public record TlbWords(TlbEntry entry) {

  /** "VMID 1 · ASID 5", "EL2", with the PE where there are several. */
  public String whose(boolean several) {
    Stage1Tag tag = entry.stage1();
    StringBuilder out = new StringBuilder();
    if (several) {
      out.append("PE ").append(entry.pe()).append(" · ");
    }
    out.append(entry.regime() == Regime.EL1_0 ? "VMID " + entry.vmid() : entry.regime().text());
    if (tag != null && (tag.global() ? tag.asid() >= 0 : true)) {
      out.append(" · ").append(tag.words());
    }
    return out.toString();
  }

  /** "IPA 0x4020_3000". */
  public String from() {
    return (entry.kind().ofIpas() ? "IPA " : "VA ") + Hex.address(entry.input());
  }

  /** "→ PA 0x4820_3000", "→ table at 0x4800_2000". */
  public String to() {
    Stage1Tag tag = entry.stage1();
    boolean intermediate =
        tag != null && tag.underStage2() && entry.kind() != TlbEntry.Kind.COMBINED;
    String kind = intermediate ? "IPA " : "PA ";
    return (entry.kind().isTable() ? "→ table at " : "→ ")
        + (entry.kind().isTable() && !intermediate ? "" : kind)
        + Hex.address(entry.output());
  }

  /** Permissions of each stage, and the memory type. */
  public String allows() {
    if (entry.kind().isTable()) {
      return "level " + entry.level() + " table descriptor";
    }
    Stage1Tag tag = entry.stage1();
    String memory = entry.memoryType().words();
    if (tag == null) {
      return entry.permissions() + " · " + memory;
    }
    String first = "stage 1 " + tag.permissions().text() + " · ";
    boolean both = entry.kind() == TlbEntry.Kind.COMBINED;
    return first + (both ? "stage 2 " + entry.permissions() + " · " : "") + memory;
  }

  /** All of it in one line. */
  public String line() {
    return whose(entry.pe() != 0)
        + " · "
        + entry.kind().words()
        + " · "
        + from()
        + " · "
        + Size.words(entry.size())
        + " "
        + to()
        + " · "
        + allows();
  }
}
