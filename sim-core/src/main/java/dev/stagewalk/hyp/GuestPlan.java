package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a guest is made from: what {@code guest_create} is told. {@link Guest#builder} makes
 * one step by step.
 *
 * @param name for messages, where there are several guests
 * @param vmid 0 to 255, or to 65535 with FEAT_VMID16
 * @param granule of stage 2
 * @param ipaBits IPA size in bits
 * @param entry guest address of the first instruction
 * @param regions the guest's physical address space, without overlap
 * @param handlers exit handlers to install, by vector 0 to 15
 * @param pes PEs of the guest, 1 to {@link #MOST_PES}: its first runs on the first of the machine
 * @param traps bits of HCR_EL2 to set beyond those every guest has
 * @param el1 the guest's own exception handlers; null if the guest sees to that itself
 */
public record GuestPlan(
    String name,
    int vmid,
    Granule granule,
    int ipaBits,
    long entry,
    List<GuestRegion> regions,
    List<VectorHandler> handlers,
    int pes,
    long traps,
    @Nullable El1Handlers el1) {

  /** Most regions a guest may have: there is room for so many in its structure. */
  public static final int MOST_REGIONS = 48;

  /** Most PEs a guest may have. */
  public static final int MOST_PES = 4;

  /** A handler for one vector. */
  public record VectorHandler(int vector, ExitHandler handler) {}

  /**
   * @throws IllegalArgumentException if there are too many regions or PEs
   */
  public GuestPlan {
    regions = List.copyOf(regions);
    handlers = List.copyOf(handlers);
    if (regions.size() > MOST_REGIONS) {
      throw new IllegalArgumentException("a guest has at most " + MOST_REGIONS + " regions");
    }
    if (pes < 1 || pes > MOST_PES) {
      throw new IllegalArgumentException("a guest has 1 to " + MOST_PES + " PEs, not " + pes);
    }
  }

  /** A guest with the handlers every sample needs, for synchronous exits. */
  public static GuestPlan of(
      int vmid, Granule granule, int ipaBits, long entry, List<GuestRegion> regions) {
    return Guest.builder("guest")
        .vmid(vmid)
        .geometry(granule, ipaBits)
        .image(entry)
        .memory(regions)
        .handler(Guest.VECTOR_SYNC_LOWER_64, HandlerChain.synchronous())
        .build();
  }

  Optional<GuestRegion> stack() {
    return regions.stream().filter(region -> region.name().equals("stack")).findFirst();
  }

  /** A sentence about two regions that overlap. */
  Optional<String> overlap() {
    for (int i = 0; i < regions.size(); i++) {
      for (GuestRegion other : regions.subList(0, i)) {
        GuestRegion region = regions.get(i);
        if (region.contains(other.ipa()) || other.contains(region.ipa())) {
          return Optional.of("regions " + other.name() + " and " + region.name() + " overlap");
        }
      }
    }
    return Optional.empty();
  }

  /** The first region that contains an IPA. */
  public Optional<GuestRegion> regionAt(long ipa) {
    return regions.stream().filter(region -> region.contains(ipa)).findFirst();
  }
}
