package dev.stagewalk.cpu;

import dev.stagewalk.mem.Mix;

/**
 * Everything that decides how a PE goes on.
 *
 * @param raised asynchronous exceptions raised from outside and not yet taken
 * @param step what software step has done, see {@link SoftwareStep#save}
 */
public record PeState(
    long[] general,
    long sp,
    long pc,
    long pstate,
    long instructions,
    long[] system,
    long[] vectors,
    long exclusiveAddress,
    int exclusiveBytes,
    long exclusiveGranule,
    boolean irqLine,
    int raised,
    Waiting.State waiting,
    int step,
    boolean halted) {

  /** The same state at the beginning of time: nothing says any more how much has passed. */
  public PeState timeless() {
    return new PeState(
        general,
        sp,
        pc,
        pstate,
        0,
        system,
        vectors,
        exclusiveAddress,
        exclusiveBytes,
        exclusiveGranule,
        irqLine,
        raised,
        waiting.timeless(),
        step,
        halted);
  }

  /** Hash of the state. */
  public long hash() {
    long h = Mix.of(general) + Mix.mix(Mix.of(system), 1);
    h = Mix.mix(h, Mix.of(vectors));
    h = Mix.mix(h, sp);
    h = Mix.mix(h, pc);
    h = Mix.mix(h, pstate);
    h = Mix.mix(h, instructions);
    h = Mix.mix(h, (halted ? 1 : 0) | (irqLine ? 2 : 0) | step << 2);
    h = raised == 0 ? h : Mix.mix(h, raised);
    h = Mix.mix(h, waiting.hash());
    return exclusiveBytes == 0
        ? Mix.mix(h, 0)
        : Mix.mix(Mix.mix(Mix.mix(h, exclusiveAddress + 1), exclusiveGranule), exclusiveBytes);
  }
}
