package dev.stagewalk.event;

/**
 * A memory type as stage 2 states it in MemAttr, or as the two stages combine to.
 *
 * <p>Source: Arm ARM, "Stage 2 memory type and Cacheability attributes when FEAT_S2FWB is
 * disabled".
 */
public enum MemoryType {
  DEVICE_NGNRNE("Device-nGnRnE"),
  DEVICE_NGNRE("Device-nGnRE"),
  DEVICE_NGRE("Device-nGRE"),
  DEVICE_GRE("Device-GRE"),
  NORMAL_NC("Normal Non-cacheable"),
  NORMAL_WT("Normal Write-Through"),
  NORMAL_WB("Normal Write-Back"),
  /** Inner and Outer Cacheability differ. */
  NORMAL_MIXED("Normal, Inner and Outer differ"),
  /** Stage 2 leaves the type to stage 1 (HCR_EL2.FWB with MemAttr 0b0111). */
  AS_STAGE_1("as stage 1 says"),
  RESERVED("reserved MemAttr");

  private final String words;

  MemoryType(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }

  public boolean isDevice() {
    return compareTo(DEVICE_GRE) <= 0;
  }
}
