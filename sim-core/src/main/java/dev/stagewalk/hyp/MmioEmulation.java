package dev.stagewalk.hyp;

import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trap and emulate: an access to a device that is not there is done by the hypervisor, which
 * answers for the device, and the guest goes on behind it. Where ISS.ISV is 1 the syndrome says all
 * about the access; where it is 0, as for pairs, write-back and SIMD registers, the instruction is
 * read from the guest's memory and decoded. What then still is no plain load or store, such as an
 * exclusive, the guest gets back as a synchronous External abort.
 *
 * <p>Source: Arm ARM, ESR_EL2, "ISS encoding for an exception from a Data Abort", ISV.
 */
public final class MmioEmulation implements ExitHandler {

  @Override
  public String name() {
    return "mmio";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    long esr = exit.esr();
    if (exit.exceptionClass() != Syndrome.DATA_ABORT_LOWER
        || !Syndrome.translationFault(esr)
        || !Syndrome.hpfarValid(esr)
        || Syndrome.onStage1Walk(esr)) {
      return HandlerAnswer.NOT_MINE;
    }
    long ipa = Syndrome.ipaPage(exit.hpfar()) | exit.far() & 0xfff;
    Optional<GuestRegion> region = exit.guest().plan().regionAt(ipa);
    if (region.isEmpty() || region.get().kind() != GuestRegion.Kind.EMULATED) {
      return HandlerAnswer.NOT_MINE;
    }
    if (Syndrome.cacheMaintenance(esr)) {
      exit.skipInstruction();
      return new HandlerAnswer.Resume(name(), "cache maintenance: there is nothing to maintain");
    }
    return emulate(exit, region.get(), ipa);
  }

  private HandlerAnswer emulate(GuestExit exit, GuestRegion region, long ipa) {
    long memory = exit.guest().deviceMemory(ipa);
    if (memory == 0) {
      return new HandlerAnswer.Exit(name(), "no memory for " + region.name(), false);
    }
    long granule = exit.guest().plan().granule().bytes();
    EmulatedConsole device = new EmulatedConsole(exit.el2(), memory, granule);
    Optional<GuestAccess> access = GuestAccess.ofSyndrome(exit.esr());
    String from = "by the syndrome";
    if (access.isEmpty()) {
      OptionalLong word = instruction(exit);
      if (word.isEmpty()) {
        return new HandlerAnswer.Resume(
            name(), "the guest no longer maps its instruction: it tries again");
      }
      int bits = (int) word.getAsLong();
      access = GuestAccess.ofInstruction(InstructionTable.a64().decode(bits), exit);
      from = "by its instruction, " + new Disassembler().text(bits, exit.elr());
    }
    if (access.isEmpty() || ipa - region.ipa() + access.get().bytes() > region.size()) {
      GuestException.abort(exit, GuestException.EXTERNAL_ABORT);
      return new HandlerAnswer.Resume(
          name(),
          "an access to "
              + region.name()
              + " that cannot be emulated ("
              + from
              + "): given to the guest as a synchronous External abort");
    }
    String done = access.get().perform(exit, device, ipa - region.ipa());
    return new HandlerAnswer.Resume(name(), done + " of " + region.name() + ", " + from);
  }

  /** The instruction that trapped, read through both stages; empty if they do not lead to it. */
  private static OptionalLong instruction(GuestExit exit) {
    OptionalLong ipa = FaultIpa.of(exit.el2(), exit.elr());
    if (ipa.isEmpty()) {
      return ipa;
    }
    Optional<Mapping> mapping = exit.stage2().query(ipa.getAsLong());
    if (mapping.isEmpty()) {
      return OptionalLong.empty();
    }
    long pa = mapping.get().pa();
    return OptionalLong.of(exit.el2().load(pa & -8) >>> 8 * (pa & 4) & 0xffff_ffffL);
  }
}
