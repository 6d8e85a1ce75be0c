package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import java.util.List;
import java.util.Optional;

/**
 * Everything a guest is made from: what {@code guest_create} is told.
 *
 * @param vmid 0 to 255, or to 65535 with FEAT_VMID16
 * @param granule of stage 2
 * @param ipaBits IPA size in bits
 * @param entry guest address of the first instruction
 * @param regions the guest's physical address space, without overlap
 * @param handlers exit handlers to install, by vector 0 to 15
 */
public record GuestPlan(
    int vmid,
    Granule granule,
    int ipaBits,
    long entry,
    List<GuestRegion> regions,
    List<VectorHandler> handlers) {

  /** Most regions a guest may have: there is room for so many in its structure. */
  public static final int MOST_REGIONS = 48;

  /** A handler for one vector. */
  public record VectorHandler(int vector, ExitHandler handler) {}

  /**
   * @throws IllegalArgumentException if there are too many regions
   */
  public GuestPlan {
    regions = List.copyOf(regions);
    handlers = List.copyOf(handlers);
    if (regions.size() > MOST_REGIONS) {
      throw new IllegalArgumentException("a guest has at most " + MOST_REGIONS + " regions");
    }
  }

  /** A guest with the handlers every sample needs, for synchronous exits. */
  public static GuestPlan of(
      int vmid, Granule granule, int ipaBits, long entry, List<GuestRegion> regions) {
    return new GuestPlan(
        vmid,
        granule,
        ipaBits,
        entry,
        regions,
        List.of(new VectorHandler(Guest.VECTOR_SYNC_LOWER_64, HandlerChain.synchronous())));
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
