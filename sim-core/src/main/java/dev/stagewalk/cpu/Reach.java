package dev.stagewalk.cpu;

import java.util.Set;

/** What an instruction can see and change at most, which decides how it is executed in a run. */
enum Reach {
  /**
   * General registers, SP and flags: it cannot fail, and knows neither its address nor the time.
   */
  REGISTERS,
  /** Its own address besides; it may branch to one that was known when it was decoded. */
  NEAR,
  /** Anything else. */
  ANYTHING;

  private static final Set<String> REGISTER_SEMANTICS =
      Set.of(
          "add_immediate",
          "adds_immediate",
          "sub_immediate",
          "subs_immediate",
          "add_shifted",
          "adds_shifted",
          "sub_shifted",
          "subs_shifted",
          "add_extended",
          "adds_extended",
          "sub_extended",
          "subs_extended",
          "adc",
          "adcs",
          "sbc",
          "sbcs",
          "and_immediate",
          "orr_immediate",
          "eor_immediate",
          "ands_immediate",
          "and_shifted",
          "bic_shifted",
          "orr_shifted",
          "orn_shifted",
          "eor_shifted",
          "eon_shifted",
          "ands_shifted",
          "bics_shifted",
          "move_immediate",
          "movk",
          "sbfm",
          "bfm",
          "ubfm",
          "extr",
          "lslv",
          "lsrv",
          "asrv",
          "rorv",
          "rbit",
          "rev16",
          "rev32",
          "rev64",
          "clz",
          "cls",
          "madd",
          "msub",
          "smaddl",
          "smsubl",
          "umaddl",
          "umsubl",
          "smulh",
          "umulh",
          "udiv",
          "sdiv",
          "csel",
          "csinc",
          "csinv",
          "csneg",
          "ccmp_register",
          "ccmn_register",
          "ccmp_immediate",
          "ccmn_immediate",
          "nop");

  private static final Set<String> NEAR_SEMANTICS =
      Set.of("adr", "adrp", "b", "bl", "b_cond", "cbz", "cbnz", "tbz", "tbnz");

  /**
   * Of the instructions whose rows name these semantics; whatever is not listed can do anything.
   */
  static Reach of(String semantics) {
    if (REGISTER_SEMANTICS.contains(semantics)) {
      return REGISTERS;
    }
    return NEAR_SEMANTICS.contains(semantics) ? NEAR : ANYTHING;
  }
}
