package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import java.util.Arrays;

/**
 * What a guest needs for exceptions of its own: the context page, whose sixteen words name a
 * handler for each vector and which TPIDR_EL1 names, and the code at VBAR_EL1 that calls them.
 */
final class GuestEl1 {
  private final El2 el2;
  private final Defects defects;
  private final Guest guest;

  GuestEl1(El2 el2, Defects defects, Guest guest) {
    this.el2 = el2;
    this.defects = defects;
    this.guest = guest;
  }

  Result prepare() {
    El1Handlers own = guest.plan().el1();
    if (own == null) {
      return Result.OK;
    }
    GuestStruct struct = guest.struct();
    long context = page();
    long vectors = page();
    struct.set(el2, GuestStruct.EL1_CONTEXT, context);
    struct.set(el2, GuestStruct.EL1_VECTORS, vectors);
    if (context == 0 || vectors == 0) {
      return Result.refused("out of memory for the guest's exception handlers");
    }
    struct.set(el2, GuestRegisterSet.offset("TPIDR_EL1"), context);
    struct.set(el2, GuestRegisterSet.offset("VBAR_EL1"), vectors);
    writeCode(vectors);
    for (El1Handlers.Installed one : own.installed()) {
      Result installed = install(context, one);
      if (!installed.ok()) {
        return installed;
      }
    }
    return map(context, vectors);
  }

  private Result map(long context, long vectors) {
    long granule = guest.plan().granule().bytes();
    Stage2Mmu mmu = guest.stage2();
    Result mapped = mmu.map(context, context, granule, MapFlags.data(defects));
    // As posted the vectors stand where the host's own code was linked: nobody maps them.
    if (mapped.ok() && !defects.has(Defect.VBAR_LINK_ADDRESS)) {
      mapped = mmu.map(vectors, vectors, granule, MapFlags.code(defects));
    }
    if (mapped.ok() && mmu.query(El1Vectors.UART).isEmpty()) {
      long uart = El1Vectors.UART & -granule;
      mapped = mmu.map(uart, uart, granule, MapFlags.device(defects));
    }
    return mapped;
  }

  /** {@code guest_install_el1_handler}; as posted a wrong vector is ignored. */
  private Result install(long context, El1Handlers.Installed handler) {
    if (handler.vector() < 0 || handler.vector() > 15) {
      return defects.has(Defect.CREATE_UNCHECKED)
          ? Result.OK
          : Result.refused("there is no vector " + handler.vector() + " at EL1");
    }
    el2.store(context + 8L * handler.vector(), 8, handler.address());
    return Result.OK;
  }

  private void writeCode(long address) {
    byte[] code = El1Vectors.code(defects, address);
    byte[] whole = Arrays.copyOf(code, code.length + 7 & -8);
    for (int at = 0; at < whole.length; at += 8) {
      long word = Words.word(whole, at);
      if (word != 0) {
        el2.store(address + at, 8, word);
      }
    }
  }

  /** A page of the granule, zeroed; 0 without memory. */
  private long page() {
    long bytes = guest.plan().granule().bytes();
    long pages = bytes / el2.hostPageSize();
    Pa page = el2.allocate(pages <= 1 ? 0 : 63 - Long.numberOfLeadingZeros(pages));
    if (!page.equals(El2.NULL)) {
      el2.clear(page.value(), bytes);
    }
    return page.value();
  }
}
