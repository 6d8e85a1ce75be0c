package dev.stagewalk.explain;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.explain.Explanation.Draft;

/** What the board did: its firmware, its clock. */
final class BoardStory {
  private BoardStory() {}

  static Explanation firmware(SimEvent.FirmwareCalled event) {
    String what = event.arguments().isEmpty() ? "" : " (" + event.arguments() + ")";
    return new Draft("Firmware: " + event.function())
        .say(
            "An SMC reached the firmware that stands in EL3's place, because HCR_EL2.TSC did not"
                + " trap it and x0 named one of its functions: "
                + event.function()
                + what
                + ". It answered "
                + result(event.result())
                + ".")
        .done();
  }

  /** Source: Arm Power State Coordination Interface, "Return error codes". */
  private static String result(long value) {
    return switch ((int) value) {
      case 0 -> "0 (SUCCESS)";
      case -1 -> "-1 (NOT_SUPPORTED)";
      case -2 -> "-2 (INVALID_PARAMETERS)";
      case -4 -> "-4 (ALREADY_ON)";
      case -9 -> "-9 (INVALID_ADDRESS)";
      default -> Long.toString(value);
    };
  }

  static Explanation timePassed(SimEvent.TimePassed event) {
    return new Draft("Time passes")
        .say(
            "Every PE waited, so that no instruction was executed, and the system counter went on"
                + " by "
                + event.ticks()
                + " ticks to the next timer or timeout.")
        .done();
  }
}
