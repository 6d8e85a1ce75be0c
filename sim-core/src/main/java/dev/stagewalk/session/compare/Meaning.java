package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.Stage2Format;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the descriptors of one level mean, in words and by effect. Used by one thread. */
final class Meaning {
  private static final long DBM = 1L << 51;

  /** Every bit that is no part of an address in some format, and those that are in others. */
  private static final long NO_ADDRESS = 0xfffc_0000_0000_0fffL;

  /** A page, accessed, so that only its attributes decide. */
  private static final long VALID_LEAF = 0x403;

  /** MemAttr or AttrIndx, S2AP or AP, SH, nG, XN or UXN and PXN. */
  private static final int[] ATTRIBUTES = {2, 3, 4, 5, 6, 7, 8, 9, 11, 53, 54};

  private final EntryFormat format;
  private final long attributes;
  private long knownKey;
  private long knownLimits;
  private @Nullable Effect known;

  Meaning(EntryFormat format) {
    this.format = format;
    Stage2Format layout = format.layout();
    attributes = layout.ds() ? NO_ADDRESS & ~0x300L : NO_ADDRESS;
  }

  EntryFormat format() {
    return format;
  }

  Verdict kind(long descriptor) {
    return format.kind(descriptor);
  }

  /**
   * Whether leaves say the same under other controls: MAIR_ELx, SCTLR_ELx, HCR_EL2 and more decide
   * too. Every combination of their attribute bits is asked.
   */
  boolean isSameAs(Meaning other) {
    for (int bits = 0; bits < 1 << (ATTRIBUTES.length); bits++) {
      long leaf = VALID_LEAF;
      for (int i = 0; i < ATTRIBUTES.length; i++) {
        leaf |= (long) (bits >> i & 1) << ATTRIBUTES[i];
      }
      if (!Objects.equals(effect(leaf, 0), other.effect(leaf, 0))) {
        return false;
      }
    }
    return true;
  }

  /** Whether two descriptors differ in nothing but the address they hold. */
  boolean sameButAddress(long one, long other) {
    return kind(one) == kind(other) && ((one ^ other) & attributes) == 0;
  }

  /**
   * What a leaf makes of its first address; null for what is no leaf.
   *
   * @param limits those of the tables above it, or-ed
   */
  @Nullable Effect effect(long descriptor, long limits) {
    Verdict kind = kind(descriptor);
    if (kind != Verdict.PAGE && kind != Verdict.BLOCK) {
      return null;
    }
    // Leaves in a row mostly differ in their addresses alone.
    long key = descriptor & NO_ADDRESS;
    Effect before = known;
    long output = format.output(descriptor);
    if (before == null || knownKey != key || knownLimits != limits) {
      before = effect(output, descriptor, limits);
      known = before;
      knownKey = key;
      knownLimits = limits;
      return before;
    }
    return before.plus(output - before.output());
  }

  private Effect effect(long output, long leaf, long limits) {
    return new Effect(
        output,
        format.permissions(leaf, limits),
        format.memoryType(leaf),
        format.cacheability(leaf),
        format.shareability(leaf),
        format.accessFlag(leaf),
        (leaf & DBM) != 0,
        format.isGlobal(leaf));
  }

  /** "page 0x4820_3000, rw-, Normal Write-Back", "table 0x4800_2000", "invalid". */
  String words(long descriptor) {
    Verdict kind = kind(descriptor);
    if (kind == Verdict.TABLE) {
      return "table " + Hex.address(format.output(descriptor));
    }
    Effect effect = effect(descriptor, 0);
    if (effect == null) {
      return descriptor == 0 ? "invalid" : "invalid, though not zero";
    }
    return (kind == Verdict.PAGE ? "page " : "block ")
        + effect.words()
        + (format.contiguous(descriptor) ? ", contiguous" : "");
  }
}
