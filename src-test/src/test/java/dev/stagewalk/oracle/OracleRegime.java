package dev.stagewalk.oracle;

/** A translation regime of the Non-secure state. */
enum OracleRegime {
  EL10,
  EL2,
  EL20;

  boolean hasUnprivileged() {
    return this != EL2;
  }
}
