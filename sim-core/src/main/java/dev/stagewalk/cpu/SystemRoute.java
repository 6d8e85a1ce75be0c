package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;

/** What a name of a System register reaches: the outcome of {@link AccessTable}'s decision. */
sealed interface SystemRoute {

  /** The register of that name. */
  record Direct(Register register) implements SystemRoute {}

  /** Another register, because of virtualization: SCTLR_EL1 is SCTLR_EL2 for a host at EL2. */
  record Redirected(Register register) implements SystemRoute {}

  /** The register of EL1 or EL0 that a name *_EL12 or *_EL02 stands for. */
  record Twin(Register register) implements SystemRoute {}

  /**
   * Eight bytes in the page of VNCR_EL2.
   *
   * @param register whose value they stand for
   * @param offset in bytes
   */
  record Memory(Register register, int offset) implements SystemRoute {}

  /**
   * An exception to EL2.
   *
   * @param register that would have been reached
   * @param exceptionClass of the syndrome
   */
  record Trap(Register register, int exceptionClass) implements SystemRoute {}

  /** Nothing. */
  record Undefined() implements SystemRoute {}

  /** Nothing. */
  SystemRoute UNDEFINED = new Undefined();
}
