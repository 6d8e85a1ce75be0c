package dev.stagewalk.trace;

/**
 * A vCPU that a recording shows: the thread that enters a guest.
 *
 * @param thread of the host
 * @param process of that thread, which is the VM; −1 where the source does not say
 */
public record RecordedVcpu(int thread, int process) {
  /** "vCPU 182 of VM 180". */
  public String words() {
    return "vCPU " + thread + (process < 0 ? "" : " of VM " + process);
  }
}
