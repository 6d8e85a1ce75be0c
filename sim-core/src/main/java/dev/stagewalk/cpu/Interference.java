package dev.stagewalk.cpu;

import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mem.Mix;
import org.jspecify.annotations.Nullable;

/**
 * What somebody outside does to maintenance of the hypervisor: the next TLBI, DSB or ISB that it
 * issues on any PE, at EL2 or in Java, is withheld or reaches less than it says. Each holds once.
 */
public final class Interference {
  private @Nullable Change tlbi;
  private boolean dsb;
  private boolean isb;
  private boolean dsbOfOnePe;

  /** What becomes of a TLBI. */
  public sealed interface Change {
    /** It has no effect. */
    record Withhold() implements Change {}

    /** It reaches no PE but its own, as the form without IS or OS does. */
    record ThisPeOnly() implements Change {}

    /** It names entries of another VMID. */
    record OtherVmid(int vmid) implements Change {}

    /**
     * It names the address that its operand would if it had been made by another shift than by the
     * 12 bits of the operand's unit.
     *
     * @param shift 0 to 63
     */
    record OtherShift(int shift) implements Change {}

    /** Of both stages it names entries of stage 2 alone: not what combines both. */
    record Stage2Only() implements Change {}
  }

  /** The next TLBI is changed; replaces what was to become of it before. */
  public void changeNextTlbi(Change change) {
    tlbi = change;
  }

  /** The next DSB has no effect. */
  public void withholdNextDsb() {
    dsb = true;
  }

  /** The next DSB waits for what concerns its own PE only, as DSB NSH does. */
  public void narrowNextDsb() {
    dsbOfOnePe = true;
  }

  /** Whether the next DSB will do no more than DSB NSH. */
  public boolean narrowsDsb() {
    return dsbOfOnePe;
  }

  /** The next ISB has no effect. */
  public void withholdNextIsb() {
    isb = true;
  }

  /** What is to become of the next TLBI; null for what it says. */
  public @Nullable Change nextTlbi() {
    return tlbi;
  }

  /** Whether the next DSB will have no effect. */
  public boolean withholdsDsb() {
    return dsb;
  }

  /** Whether the next ISB will have no effect. */
  public boolean withholdsIsb() {
    return isb;
  }

  /** Everything happens as it says again. */
  public void none() {
    restore(State.NONE);
  }

  /** What becomes of a TLBI of the hypervisor, this once; null for what it says. */
  @Nullable Change takeTlbi() {
    Change change = tlbi;
    tlbi = null;
    return change;
  }

  /** Whether a barrier of the hypervisor has no effect, this once. */
  boolean takesAway(Barrier barrier) {
    boolean taken =
        switch (barrier.kind()) {
          case DSB -> dsb;
          case ISB -> isb;
          case DMB -> false;
        };
    if (taken) {
      dsb &= barrier.kind() != Barrier.Kind.DSB;
      isb &= barrier.kind() != Barrier.Kind.ISB;
    }
    return taken;
  }

  /** What a barrier of the hypervisor does, this once; itself if it is left as it is. */
  Barrier narrowed(Barrier barrier) {
    if (!dsbOfOnePe || barrier.kind() != Barrier.Kind.DSB) {
      return barrier;
    }
    dsbOfOnePe = false;
    return new Barrier(barrier.kind(), Domain.NON_SHAREABLE, barrier.types(), barrier.nxs());
  }

  /** What a TLBI names under a change that does not withhold it; itself if it is left as it is. */
  static TlbiScope changed(TlbiScope issued, Change change) {
    return switch (change) {
      case Change.Withhold _ -> issued;
      case Change.ThisPeOnly _ -> issued.inDomain(Domain.NON_SHAREABLE);
      case Change.OtherVmid(int vmid) -> issued.vmid() < 0 ? issued : issued.underVmid(vmid);
      case Change.OtherShift(int shift) ->
          issued.everyAddress() ? issued : issued.withAddressShiftedBy(shift);
      case Change.Stage2Only _ -> issued.vas() && issued.ipas() ? issued.ofIpasOnly() : issued;
    };
  }

  /** What became of a TLBI, as a sentence about what somebody did. */
  static String words(TlbiScope issued, Change change) {
    if (!(change instanceof Change.Withhold) && changed(issued, change).equals(issued)) {
      return "it had its whole effect: " + why(change);
    }
    return switch (change) {
      case Change.Withhold _ -> "you withheld it: it had no effect";
      case Change.ThisPeOnly _ -> "you let it reach no other PE";
      case Change.OtherVmid(int vmid) -> "you let it name VMID " + vmid + " instead";
      case Change.OtherShift(int shift) ->
          "you let its operand be made by a shift of " + shift + " bits instead of 12";
      case Change.Stage2Only _ -> "you let it name stage 2 alone: what combines both stages stays";
    };
  }

  private static String why(Change change) {
    return switch (change) {
      case Change.Withhold _ -> "nothing was withheld";
      case Change.ThisPeOnly _ -> "it reaches its own PE only anyway";
      case Change.OtherVmid _ -> "it names no VMID, or that one";
      case Change.OtherShift _ -> "it names no address, or the same one";
      case Change.Stage2Only _ -> "it does not name both stages";
    };
  }

  /** All of it at one moment. */
  public record State(@Nullable Change tlbi, boolean dsb, boolean isb, boolean dsbOfOnePe) {
    static final State NONE = new State(null, false, false, false);

    /** 0 where nothing waits. */
    public long hash() {
      Change change = tlbi;
      long ofTlbi =
          switch (change) {
            case null -> 0;
            case Change.Withhold _ -> 1;
            case Change.ThisPeOnly _ -> 2;
            case Change.OtherVmid(int vmid) -> Mix.mix(3, vmid);
            case Change.OtherShift(int shift) -> Mix.mix(4, shift);
            case Change.Stage2Only _ -> 5;
          };
      long barriers = (dsb ? 1 : 0) | (isb ? 2 : 0) | (dsbOfOnePe ? 4 : 0);
      return ofTlbi == 0 && barriers == 0 ? 0 : Mix.mix(ofTlbi, barriers);
    }
  }

  public State save() {
    boolean nothing = tlbi == null && !dsb && !isb && !dsbOfOnePe;
    return nothing ? State.NONE : new State(tlbi, dsb, isb, dsbOfOnePe);
  }

  public void restore(State state) {
    tlbi = state.tlbi;
    dsb = state.dsb;
    isb = state.isb;
    dsbOfOnePe = state.dsbOfOnePe;
  }
}
