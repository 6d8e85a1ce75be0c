package dev.stagewalk.session;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.hyp.El1Handlers;
import dev.stagewalk.hyp.ExitHandlers;
import dev.stagewalk.hyp.Guest;
import dev.stagewalk.hyp.GuestBuilder;
import dev.stagewalk.hyp.GuestPlan;
import dev.stagewalk.hyp.GuestRegion;
import dev.stagewalk.hyp.HandlerChain;
import dev.stagewalk.session.Framework.OtherGuest;
import dev.stagewalk.session.Scenario.Region;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the hypervisor is told of a scenario's guests, with labels of the program as addresses. */
final class GuestPlans {
  private static final int FIRST_VMID = 1;

  private GuestPlans() {}

  /**
   * The guests of a scenario, the first one first.
   *
   * @throws IllegalArgumentException naming what cannot be: a handler, trap or label that there is
   *     none of, a VMID given twice
   */
  static List<GuestPlan> of(Scenario scenario, Program program) {
    Framework framework = scenario.framework();
    List<OtherGuest> others = framework.others();
    if (!others.isEmpty() && scenario.board().pes() > 1) {
      throw new IllegalArgumentException(
          "several guests take turns on one PE: leave 'pes' out, or the second guest");
    }
    GuestBuilder first =
        Guest.builder(others.isEmpty() ? "guest" : "first")
            .vmid(FIRST_VMID)
            .geometry(scenario.granule(), scenario.ipaBits())
            .image(scenario.loadAddress())
            .memory(regions(scenario.regions()))
            .handler(Guest.VECTOR_SYNC_LOWER_64, handlers(framework.handlers()))
            .pes(scenario.board().pes())
            .traps(traps(framework.traps()));
    if (!framework.el1().isEmpty()) {
      first.el1(el1(framework.el1(), program));
    }
    List<GuestPlan> all = new ArrayList<>();
    all.add(first.build());
    Set<Integer> vmids = new HashSet<>(Set.of(FIRST_VMID));
    for (OtherGuest other : others) {
      if (!vmids.add(other.vmid())) {
        throw new IllegalArgumentException(
            "two guests have VMID " + other.vmid() + ": each needs its own");
      }
      all.add(
          Guest.builder(other.name())
              .vmid(other.vmid())
              .geometry(other.granule(), other.ipaBits())
              .image(address(program, other.entry()))
              .memory(regions(other.regions()))
              .handler(Guest.VECTOR_SYNC_LOWER_64, handlers(other.handlers()))
              .build());
    }
    return all;
  }

  private static HandlerChain handlers(String names) {
    return names.isEmpty() ? HandlerChain.synchronous() : ExitHandlers.parse(names);
  }

  private static long traps(List<String> fields) {
    Register hcr = RegisterTable.standard().require("HCR_EL2");
    long bits = 0;
    for (String field : fields) {
      if (!field.startsWith("T") || field.equals("TGE") || field.equals("TEA")) {
        throw new IllegalArgumentException(
            "HCR_EL2." + field + " is no trap; expected one such as TID3, TVM or TACR");
      }
      bits = hcr.withField(bits, field, 1);
    }
    return bits;
  }

  private static El1Handlers el1(List<Framework.El1Handler> handlers, Program program) {
    return new El1Handlers(
        handlers.stream()
            .filter(handler -> !handler.label().equals("none"))
            .map(h -> new El1Handlers.Installed(h.vector(), address(program, h.label())))
            .toList());
  }

  private static long address(Program program, String label) {
    Long address = program.symbols().get(label);
    if (address == null) {
      throw new IllegalArgumentException(
          program.sourceName() + " has no label '" + label + "', which the scenario names");
    }
    return address;
  }

  private static List<GuestRegion> regions(List<Region> regions) {
    return regions.stream()
        .map(r -> GuestRegion.of(r.name(), kind(r.backing()), r.ipa(), r.size()))
        .toList();
  }

  private static GuestRegion.Kind kind(Scenario.Backing backing) {
    return switch (backing) {
      case CODE -> GuestRegion.Kind.CODE;
      case DATA -> GuestRegion.Kind.DATA;
      case READ_ONLY -> GuestRegion.Kind.READ_ONLY;
      case ON_DEMAND -> GuestRegion.Kind.ON_DEMAND;
      case COPY_ON_WRITE -> GuestRegion.Kind.COPY_ON_WRITE;
      case EMULATED -> GuestRegion.Kind.EMULATED;
      case DEVICE -> GuestRegion.Kind.DEVICE;
    };
  }
}
