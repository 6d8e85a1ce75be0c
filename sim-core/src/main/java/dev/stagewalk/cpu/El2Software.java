package dev.stagewalk.cpu;

/**
 * Hypervisor software that is not A64 code: the machine calls it when a PE has taken an exception
 * to EL2. It returns after it has either returned to the guest (ERET) or stopped the machine.
 */
public interface El2Software {
  /**
   * The PE is at EL2 with nothing to come back from: after reset. Everything up to the first entry
   * of the guest happens here.
   */
  void started(Pe pe);

  /**
   * An exception was taken to EL2.
   *
   * @param vector 0 to 15: offset from VBAR_EL2 divided by 0x80
   */
  void entered(Pe pe, int vector);
}
