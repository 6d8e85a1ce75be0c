package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.GuestPlan.VectorHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together what a guest is made from; each step says one thing, in any order. */
public final class GuestBuilder {
  private final String name;
  private final List<GuestRegion> regions = new ArrayList<>();
  private final List<VectorHandler> handlers = new ArrayList<>();
  private int vmid = 1;
  private Granule granule = Granule.K4;
  private int ipaBits = 40;
  private long entry;
  private int pes = 1;
  private long traps;
  private @Nullable El1Handlers el1;

  GuestBuilder(String name) {
    this.name = name;
  }

  /** The first instruction of its image, as the guest sees it. */
  public GuestBuilder image(long address) {
    entry = address;
    return this;
  }

  /** Adds a region of its memory map. */
  public GuestBuilder region(GuestRegion region) {
    regions.add(region);
    return this;
  }

  /** Adds regions of its memory map. */
  public GuestBuilder memory(List<GuestRegion> all) {
    regions.addAll(all);
    return this;
  }

  /**
   * Its stage 2, with a VTCR_EL2 of its own.
   *
   * @param bits IPA size in bits
   */
  public GuestBuilder geometry(Granule newGranule, int bits) {
    granule = newGranule;
    ipaBits = bits;
    return this;
  }

  /** 0 to 255, or to 65535 with FEAT_VMID16. */
  public GuestBuilder vmid(int newVmid) {
    vmid = newVmid;
    return this;
  }

  /** Installs an exit handler: {@code guest_install_handler}. */
  public GuestBuilder handler(int vector, ExitHandler handler) {
    handlers.add(new VectorHandler(vector, handler));
    return this;
  }

  /** How many PEs it has; all but the first are off until it asks for them. */
  public GuestBuilder pes(int number) {
    pes = number;
    return this;
  }

  /** Bits of HCR_EL2 to set in addition. */
  public GuestBuilder traps(long bits) {
    traps |= bits;
    return this;
  }

  /** Gives it vectors at EL1, and handlers for its own exceptions. */
  public GuestBuilder el1(El1Handlers own) {
    el1 = own;
    return this;
  }

  /**
   * @throws IllegalArgumentException if there are too many regions or PEs
   */
  public GuestPlan build() {
    return new GuestPlan(name, vmid, granule, ipaBits, entry, regions, handlers, pes, traps, el1);
  }
}
