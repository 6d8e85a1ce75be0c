package dev.stagewalk.cpu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.WatchedAccess.By;
import dev.stagewalk.cpu.WatchedAccess.Kind;
import dev.stagewalk.cpu.WatchedRange.Space;
import dev.stagewalk.mem.PhysicalMemory;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of addresses in which every access is told of: for debuggers. It changes nothing that can
 * be observed. Pages with such addresses are never found on the short way through {@link
 * MemoryPort}, so that an access to any other page costs no more than without a watch.
 */
public final class DataWatch {
  private static final long PAGE = 4096;

  /** Instead of an IPA where stage 2 took no part. */
  static final long NO_IPA = -1;

  private final List<WatchedRange> ranges;
  private final Consumer<WatchedAccess> told;

  /**
   * @param told gets every access to the ranges; it may end the execution with {@link
   *     dev.stagewalk.event.StopHere}
   */
  public DataWatch(List<WatchedRange> ranges, Consumer<WatchedAccess> told) {
    this.ranges = List.copyOf(ranges);
    this.told = told;
  }

  public List<WatchedRange> ranges() {
    return ranges;
  }

  /** Whether accesses of a kind to the 4 KiB pages of these addresses must go the long way. */
  boolean isInPage(Kind kind, long va, long ipa, long pa) {
    for (WatchedRange range : ranges) {
      boolean has =
          switch (range.space()) {
            case VA -> range.meets(va & -PAGE, PAGE);
            case IPA -> ipa != NO_IPA && range.meets(ipa & -PAGE, PAGE);
            case PA -> range.meets(pa & -PAGE, PAGE);
          };
      if (has && range.counts(kind)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What an instruction makes an access under.
   *
   * @param asid −1 where the regime has none
   * @param vmid −1 where the regime has none
   */
  record Context(Regime regime, int asid, int vmid) {}

  /**
   * An access of an instruction.
   *
   * @param va without its tag
   * @param ipa {@link #NO_IPA} where stage 2 took no part
   * @param bytes 1 to 8
   */
  void byInstruction(
      Pe pe,
      Context context,
      Kind kind,
      long va,
      long ipa,
      long pa,
      int bytes,
      OptionalLong old,
      long value) {
    for (int i = 0; i < ranges.size(); i++) {
      WatchedRange range = ranges.get(i);
      boolean met =
          switch (range.space()) {
            case VA -> isOf(range, context) && range.meets(va, bytes);
            case IPA -> ipa != NO_IPA && isVmid(range, context) && range.meets(ipa, bytes);
            case PA -> range.meets(pa, bytes);
          };
      if (met && range.counts(kind) && isPe(range, pe)) {
        told.accept(
            new WatchedAccess(
                i,
                By.INSTRUCTION,
                kind,
                pe.id(),
                pe.instructionAddress(),
                pe.el(),
                OptionalLong.of(va),
                ipa == NO_IPA ? OptionalLong.empty() : OptionalLong.of(ipa),
                pa,
                bytes,
                old,
                OptionalLong.of(value)));
      }
    }
  }

  private static boolean isOf(WatchedRange range, Context context) {
    Regime regime = range.regime();
    return (regime == null || regime == context.regime())
        && (range.asid() < 0 || range.asid() == context.asid())
        && isVmid(range, context);
  }

  private static boolean isVmid(WatchedRange range, Context context) {
    return range.vmid() < 0 || range.vmid() == context.vmid();
  }

  private static boolean isPe(WatchedRange range, Pe pe) {
    return range.pe() < 0 || range.pe() == pe.id();
  }

  /**
   * A table walk updates a descriptor.
   *
   * @param ipa of a descriptor of stage 1; {@link #NO_IPA} where stage 2 took no part
   */
  void byWalk(Pe pe, int vmid, long ipa, long pa, long old, long value) {
    for (int i = 0; i < ranges.size(); i++) {
      WatchedRange range = ranges.get(i);
      boolean met =
          switch (range.space()) {
            case VA -> false;
            case IPA ->
                ipa != NO_IPA
                    && (range.vmid() < 0 || range.vmid() == vmid)
                    && range.meets(ipa, Long.BYTES);
            case PA -> range.meets(pa, Long.BYTES);
          };
      if (met && range.writes() && isPe(range, pe)) {
        tell(
            i,
            By.WALK,
            Kind.WRITE,
            pe,
            ipa == NO_IPA ? OptionalLong.empty() : OptionalLong.of(ipa),
            pa,
            Long.BYTES,
            OptionalLong.of(old),
            OptionalLong.of(value));
      }
    }
  }

  /**
   * Software that is no instruction reads memory, or writes it.
   *
   * @param old what a write replaces, if it is known
   * @param value what is read or written, if that is one number
   */
  public void byHost(Pe pe, Kind kind, long pa, long bytes, OptionalLong old, OptionalLong value) {
    for (int i = 0; i < ranges.size(); i++) {
      if (isPas(ranges.get(i), pe, kind, pa, bytes)) {
        tell(i, By.HOST, kind, pe, OptionalLong.empty(), pa, bytes, old, value);
      }
    }
  }

  /** Software that is no instruction fills memory with zero bytes. */
  public void clearedByHost(Pe pe, PhysicalMemory ram, long pa, long bytes) {
    for (int i = 0; i < ranges.size(); i++) {
      if (!isPas(ranges.get(i), pe, Kind.WRITE, pa, bytes)) {
        continue;
      }
      Part part = Part.of(ranges.get(i), pa, bytes);
      tell(
          i,
          By.HOST,
          Kind.WRITE,
          pe,
          OptionalLong.empty(),
          part.pa,
          part.bytes,
          part.in(ram),
          part.isNumber() ? OptionalLong.of(0) : OptionalLong.empty());
    }
  }

  /** The part of an access that is watched. */
  private record Part(long pa, long bytes) {
    static Part of(WatchedRange range, long pa, long bytes) {
      long first = Math.max(pa, range.first());
      return new Part(first, Math.min(pa + bytes - 1, range.last()) - first + 1);
    }

    boolean isNumber() {
      return bytes <= Long.BYTES && Long.bitCount(bytes) == 1;
    }

    OptionalLong in(PhysicalMemory ram) {
      return isNumber() ? OptionalLong.of(ram.read(pa, (int) bytes)) : OptionalLong.empty();
    }
  }

  /**
   * What the ranges of PAs hold, for {@link #reset}.
   *
   * @param values by number of the range; empty where it is no number or no RAM
   */
  public record Held(List<OptionalLong> values) {}

  /** What the ranges of PAs hold now. */
  public Held held(PhysicalMemory ram) {
    return new Held(ranges.stream().map(range -> held(ram, range)).toList());
  }

  private static OptionalLong held(PhysicalMemory ram, WatchedRange range) {
    Part whole = new Part(range.first(), range.last() - range.first() + 1);
    boolean known = range.space() == Space.PA && whole.isNumber();
    return known && ram.contains(whole.pa, (int) whole.bytes)
        ? whole.in(ram)
        : OptionalLong.empty();
  }

  /**
   * A reset of the board has loaded memory again.
   *
   * @param before what was there
   */
  public void reset(Pe pe, PhysicalMemory ram, Held before) {
    for (int i = 0; i < ranges.size(); i++) {
      WatchedRange range = ranges.get(i);
      OptionalLong now = held(ram, range);
      boolean inRam = range.space() == Space.PA && ram.contains(range.first(), 1);
      boolean changed = now.isEmpty() || !now.equals(before.values().get(i));
      if (inRam && range.writes() && changed) {
        long bytes = range.last() - range.first() + 1;
        tell(
            i,
            By.RESET,
            Kind.WRITE,
            pe,
            OptionalLong.empty(),
            range.first(),
            bytes,
            before.values().get(i),
            now);
      }
    }
  }

  private static boolean isPas(WatchedRange range, Pe pe, Kind kind, long pa, long bytes) {
    return range.space() == Space.PA
        && range.counts(kind)
        && range.meets(pa, bytes)
        && isPe(range, pe);
  }

  private void tell(
      int range,
      By by,
      Kind kind,
      Pe pe,
      OptionalLong ipa,
      long pa,
      long bytes,
      OptionalLong old,
      OptionalLong value) {
    told.accept(
        new WatchedAccess(
            range,
            by,
            kind,
            pe.id(),
            pe.instructionAddress(),
            pe.el(),
            OptionalLong.empty(),
            ipa,
            pa,
            bytes,
            old,
            value));
  }

  /** Whether anything is watched at all; null and an empty list are the same. */
  static boolean isOn(@Nullable DataWatch watch) {
    return watch != null && !watch.ranges.isEmpty();
  }
}
