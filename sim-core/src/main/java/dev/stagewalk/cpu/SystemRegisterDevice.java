package dev.stagewalk.cpu;

/**
 * What stands behind System registers that are not plain storage: a timer, the CPU interface of an
 * interrupt controller. {@link Pe#attach} puts it behind its registers.
 *
 * <p>It is asked only for accesses that no trap and no missing feature has refused, and is told
 * which register is reached, not by which name: redirection is over by then. It may refuse an
 * access itself by throwing what {@link Pe#undefined()} returns. Its state is its own: it saves and
 * hashes it as any device does.
 */
public interface SystemRegisterDevice {

  /**
   * MRS reads the register, with all that follows from it.
   *
   * @param register index of the register table
   */
  long read(int register);

  /** MSR, or a hypervisor written in Java, writes the register. */
  void write(int register, long value);

  /**
   * The value for those who only look (debugger, snapshot, trap rules): nothing may change by it.
   */
  default long peek(int register) {
    return read(register);
  }
}
