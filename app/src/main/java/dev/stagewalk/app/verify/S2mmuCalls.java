package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.HostFault;
import dev.stagewalk.hyp.Result;
import dev.stagewalk.hyp.Stage2Mmu;

/** Makes the calls of a recorded sequence in a world of its own. */
final class S2mmuCalls {
  private static final long OBJECTS = 0x1000_0000L;
  private static final long OBJECT_BYTES = 0x1000;

  private final OracleWorld world;
  private final Defects defects;
  private final int vaBits;

  S2mmuCalls(OracleWorld world, Defects defects, int vaBits) {
    this.world = world;
    this.defects = defects;
    this.vaBits = vaBits;
  }

  OracleWorld world() {
    return world;
  }

  /** Where the library's object of a step lies. */
  long address(JsonNode step) {
    return OBJECTS + step.path("m").intValue() * OBJECT_BYTES;
  }

  Stage2Mmu object(JsonNode step) {
    return new Stage2Mmu(world, defects, address(step));
  }

  /**
   * Makes one call.
   *
   * @throws HostFault if the library ends the host
   */
  Result perform(JsonNode step) {
    Stage2Mmu mmu = object(step);
    return switch (step.required("op").asText()) {
      case "init" ->
          mmu.init(
              step.required("vmid").intValue(),
              Granule.parse(step.required("granule").asText()),
              vaBits,
              step.required("block").intValue() != 0);
      case "enable" -> mmu.enable();
      case "disable" -> mmu.disable();
      case "destroy" -> mmu.destroy();
      case "map" ->
          mmu.map(
              number(step, "ipa"), number(step, "pa"), number(step, "size"), number(step, "flags"));
      case "unmap" -> mmu.unmap(number(step, "ipa"), number(step, "size"));
      case "faultinfo" -> {
        world.setRegister("ESR_EL2", number(step, "esr"));
        world.setRegister("FAR_EL2", number(step, "far"));
        world.setRegister("HPFAR_EL2", number(step, "hpfar"));
        mmu.printFaultInfo();
        yield Result.OK;
      }
      case "failafter" -> {
        world.failAfter(number(step, "n"));
        yield Result.OK;
      }
      default ->
          throw new IllegalArgumentException("no such operation: " + step.required("op").asText());
    };
  }

  private static long number(JsonNode node, String key) {
    return Hex.parse(node.required(key).asText());
  }
}
