package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.DataWatch.Context;
import dev.stagewalk.cpu.WatchedAccess.Kind;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.Stage1Parameters;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Tells a {@link DataWatch} what one PE does to memory, with the addresses of all stages. */
final class WatchedPort {
  private final Pe pe;
  private final PhysicalMemory ram;
  private final Translator translator;
  private @Nullable DataWatch watch;

  /** Of the translation that was made last. */
  private Context context = new Context(Regime.EL2, -1, -1);

  private long va;
  private long ipa = DataWatch.NO_IPA;

  WatchedPort(Pe pe, PhysicalMemory ram, Translator translator) {
    this.pe = pe;
    this.ram = ram;
    this.translator = translator;
  }

  void watch(@Nullable DataWatch what) {
    watch = DataWatch.isOn(what) ? what : null;
  }

  @Nullable DataWatch watch() {
    return watch;
  }

  /** Whether anything is watched. */
  boolean isOn() {
    return watch != null;
  }

  /** Remembers how an address was translated just now. */
  void translated(Regime regime, long address) {
    if (watch == null) {
      return;
    }
    TranslationControls controls = translator.controls();
    Stage1Parameters first = controls.first(regime);
    int vmid = regime == Regime.EL1_0 ? controls.second().vmid() : -1;
    context = new Context(regime, first.asid(), vmid);
    va = first.untagged(address);
    ipa = translator.ipaUsed(regime, address);
  }

  /** Whether further accesses of a kind to the page need not be told of. */
  boolean maySkip(Kind kind, long pa) {
    DataWatch what = watch;
    return what == null || !what.isInPage(kind, va, ipa, pa);
  }

  /** A load within a page whose translation was remembered. */
  void loaded(long pa, int size, long value) {
    tell(Kind.READ, pa, size, OptionalLong.empty(), value);
  }

  /** A store within a page whose translation was remembered; it is about to be made. */
  void stores(long pa, int size, long value) {
    tell(Kind.WRITE, pa, size, held(pa, size), value & mask(size));
  }

  private OptionalLong held(long pa, int size) {
    if (!ram.contains(pa, size)) {
      return OptionalLong.empty();
    }
    long old = 0;
    for (int i = size - 1; i >= 0; i--) {
      old = old << 8 | ram.read(pa + i, 1);
    }
    return OptionalLong.of(old);
  }

  private static long mask(int size) {
    return size >= Long.BYTES ? -1 : (1L << 8 * size) - 1;
  }

  /**
   * A load from two pages: the translation of the first was remembered, that of the second is the
   * latest.
   */
  void loadedAcross(
      Regime regime, long address, long low, long next, long high, int size, long value) {
    if (watch != null) {
      int first = (int) (next - address);
      tell(Kind.READ, low, first, OptionalLong.empty(), value & mask(first));
      translated(regime, next);
      tell(Kind.READ, high, size - first, OptionalLong.empty(), value >>> 8 * first);
    }
  }

  /** A store to two pages that is about to be made, likewise. */
  void storesAcross(
      Regime regime, long address, long low, long next, long high, int size, long value) {
    if (watch != null) {
      int first = (int) (next - address);
      tell(Kind.WRITE, low, first, held(low, first), value & mask(first));
      translated(regime, next);
      int rest = size - first;
      tell(Kind.WRITE, high, rest, held(high, rest), value >>> 8 * first & mask(rest));
    }
  }

  /** An instruction was fetched; whether further fetches from its page are to be told of. */
  boolean fetched(Regime regime, long address, long pa) {
    translated(regime, address);
    if (maySkip(Kind.FETCH, pa)) {
      return false;
    }
    tell(Kind.FETCH, pa, 4, OptionalLong.empty(), ram.read(pa, 4));
    return true;
  }

  private void tell(Kind kind, long pa, int size, OptionalLong old, long value) {
    DataWatch what = watch;
    if (what != null) {
      what.byInstruction(pe, context, kind, va, ipa, pa, size, old, value);
    }
  }

  /** A walk is about to update a descriptor. */
  void walkerWrites(Translation walk, Translation.DescriptorUpdate update) {
    DataWatch what = watch;
    if (what != null) {
      what.byWalk(
          pe, walk.vmid(), ipaOf(walk, update.pa()), update.pa(), update.old(), update.value());
    }
  }

  /** The IPA of a descriptor of stage 1 that a walk has read. */
  private long ipaOf(Translation walk, long pa) {
    boolean underStage2 = walk.vmid() >= 0 && translator.controls().second().enabled();
    for (Lookup lookup : walk.lookups()) {
      if (underStage2 && lookup.stage() == 1 && lookup.descriptorAddress() == pa) {
        return lookup.table() + 8L * lookup.index();
      }
    }
    return DataWatch.NO_IPA;
  }
}
