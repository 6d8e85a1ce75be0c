package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a guest ends. Its stage 2 may be taken down only when no PE runs it any more: the PE on which
 * it ends leaves a note, interrupts the others, and each leaves at its next exit; the last destroys
 * it.
 */
final class GuestEnd {
  private static final int UNWISHED = 1;
  private static final int WISHED = 2;

  private final El2 el2;
  private final GuestRegisters stub;
  private final GuestRun run;
  private final Guest guest;
  private String reason = "";
  private boolean wished;

  GuestEnd(El2 el2, GuestRegisters stub, GuestRun run, Guest guest) {
    this.el2 = el2;
    this.stub = stub;
    this.run = run;
    this.guest = guest;
  }

  Guest guest() {
    return guest;
  }

  String reason() {
    return reason;
  }

  /** Whether the guest itself asked for its end. */
  boolean wished() {
    return wished;
  }

  /** Whether the guest has begun to end on another PE; then it is known why. */
  boolean isUnderWay() {
    if (guest.plan().pes() == 1) {
      return false;
    }
    GuestStruct owner = guest.owner();
    long ending = owner.get(el2, GuestStruct.ENDING);
    wished = ending == WISHED;
    if (ending != 0) {
      reason = readReason(owner);
    }
    return ending != 0;
  }

  /** Begins the end of the guest on this PE. */
  void begin(String why, boolean byItsWish) {
    reason = why;
    wished = byItsWish;
    if (guest.plan().pes() == 1 || !guest.othersAreOn()) {
      return;
    }
    GuestStruct owner = guest.owner();
    owner.set(el2, GuestStruct.ENDING, byItsWish ? WISHED : UNWISHED);
    writeReason(owner, why);
    for (int number = 0; number < guest.plan().pes(); number++) {
      if (number != guest.number() && guest.isOn(number)) {
        stub.interrupt(number);
      }
    }
  }

  /**
   * This PE goes back to the host.
   *
   * @return whether it was the last; the others are waited for otherwise
   */
  boolean leave() {
    boolean last = guest.plan().pes() == 1 || !guest.othersAreOn();
    if (!last) {
      switchOff();
      return false;
    }
    run.restoreHost(guest);
    return true;
  }

  /** This PE is off, for the guest and in the machine. */
  void switchOff() {
    guest.struct().set(el2, GuestStruct.IS_ON, 0);
    run.restoreHost(guest);
    run.forget();
    stub.powerOff();
  }

  void destroy() {
    el2.callBegan("guest_destroy", "VMID " + guest.plan().vmid());
    Result done = guest.destroy();
    el2.callEnded("guest_destroy", done.words(), done.ok());
  }

  private void writeReason(GuestStruct owner, String why) {
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, GuestStruct.MOST_REASON);
    byte[] whole = Arrays.copyOf(text, length + 7 & -8);
    for (int at = 0; at < whole.length; at += 8) {
      owner.set(el2, GuestStruct.REASON + at, Words.word(whole, at));
    }
    owner.set(el2, GuestStruct.REASON_LENGTH, length);
  }

  private String readReason(GuestStruct owner) {
    byte[] text = new byte[(int) owner.get(el2, GuestStruct.REASON_LENGTH)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (owner.get(el2, GuestStruct.REASON + (i & -8)) >>> 8 * (i & 7));
    }
    return new String(text, StandardCharsets.UTF_8);
  }
}
