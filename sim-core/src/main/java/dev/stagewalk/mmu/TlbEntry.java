package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Mix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A translation a TLB holds: what a stage-2 leaf said when it was read, and whose it is.
 *
 * @param number how many entries this TLB had been given before: older is smaller
 * @param pe processing element that filled it
 * @param regime translation regime it belongs to
 * @param vmid VMID it is tagged with
 * @param input first IPA it covers, a multiple of its size
 * @param shift log2 of the bytes it covers
 * @param output first output address (PA)
 * @param level level of lookup the leaf was found at
 * @param leaf the leaf descriptor, as it was then
 * @param leafAddress physical address it was read at
 * @param readable reads allowed
 * @param writable writes allowed
 * @param executableAtEl1 execution at EL1 allowed
 * @param executableAtEl0 execution at EL0 allowed
 * @param memoryType of stage 2
 * @param dirtyOnWrite a write needs a walk that updates the descriptor (HD and DBM) first
 */
public record TlbEntry(
    long number,
    int pe,
    Regime regime,
    int vmid,
    long input,
    int shift,
    long output,
    int level,
    long leaf,
    long leafAddress,
    boolean readable,
    boolean writable,
    boolean executableAtEl1,
    boolean executableAtEl0,
    MemoryType memoryType,
    boolean dirtyOnWrite) {

  /**
   * What a TLB may keep of a walk; null for what it must never keep: a Translation, Address size or
   * Access flag fault. A walk that only lacked permission leaves an entry that refuses likewise.
   *
   * <p>Source: Arm ARM, "TLB maintenance", on the entries permitted to be cached.
   */
  static @Nullable TlbEntry of(long number, int pe, Stage2Parameters parameters, Translation walk) {
    if (walk.lookups().isEmpty()) {
      return null;
    }
    Lookup last = walk.lookups().getLast();
    long leaf;
    switch (walk.outcome()) {
      case Translation.Output output -> leaf = output.leaf();
      case Translation.Fault fault -> {
        // With the Access flag clear the leaf itself must not be kept.
        if (fault.kind() != FaultKind.PERMISSION
            || (last.descriptor() & Stage2Format.ACCESS_FLAG) == 0) {
          return null;
        }
        leaf = last.descriptor();
      }
    }
    int shift = parameters.granule().levelShift(last.level());
    boolean writable = Stage2Attributes.writable(leaf);
    boolean xnx = parameters.features().xnx();
    return new TlbEntry(
        number,
        pe,
        Regime.EL1_0,
        walk.vmid(),
        walk.input() & -(1L << shift),
        shift,
        parameters.format().leafAddress(leaf, last.level()),
        last.level(),
        leaf,
        last.descriptorAddress(),
        Stage2Attributes.readable(leaf),
        writable,
        Stage2Attributes.executable(leaf, true, xnx),
        Stage2Attributes.executable(leaf, false, xnx),
        Stage2Attributes.memoryType(Stage2Attributes.memAttr(leaf), parameters.fwb()),
        !writable && parameters.hardwareDirtyState() && (leaf & Stage2Format.DBM) != 0);
  }

  /** Bytes covered. */
  public long size() {
    return 1L << shift;
  }

  /** Whether this is a translation of an address for that PE and VMID. */
  public boolean matches(int ofPe, int ofVmid, long ipa) {
    return (ipa ^ input) >>> shift == 0 && ofVmid == vmid && ofPe == pe;
  }

  /** Output address of an IPA it covers. */
  public long output(long ipa) {
    return output | (ipa & (size() - 1));
  }

  /** The permission fault with which this entry refuses an access; null if it allows it. */
  public Translation.@Nullable Fault refusal(long ipa, Access access) {
    Refusal refusal =
        Stage2Attributes.denial(access, readable, writable, executableAtEl1, executableAtEl0);
    return refusal == null
        ? null
        : new Translation.Fault(refusal.kind(), level, 2, false, ipa, refusal.rule());
  }

  /**
   * In which ways the tables now say something else.
   *
   * @param now a walk of {@link #input}, under the VMID of this entry
   * @return one clause each; empty if they agree
   */
  public List<String> disagreements(Stage2Parameters parameters, Translation now) {
    List<String> found = new ArrayList<>();
    Lookup last = now.lookups().isEmpty() ? null : now.lookups().getLast();
    TlbEntry fresh = of(number, pe, parameters, now);
    if (fresh == null || last == null) {
      String why =
          now.outcome() instanceof Translation.Fault fault
              ? fault.kind().at(fault.level())
              : "no leaf";
      found.add(
          last != null && last.verdict() == Verdict.INVALID
              ? "the tables no longer map it (" + why + ")"
              : "the tables now refuse it (" + why + ")");
      return found;
    }
    if (fresh.output != output) {
      found.add(
          "it gives PA " + Hex.address(output) + ", the tables say " + Hex.address(fresh.output));
    }
    if (fresh.shift != shift) {
      found.add(
          "it covers "
              + Size.words(size())
              + ", the tables map "
              + Size.words(fresh.size())
              + " there");
    }
    if (!fresh.permissions().equals(permissions())) {
      found.add("it allows " + permissions() + ", the tables " + fresh.permissions());
    }
    if (fresh.memoryType != memoryType) {
      found.add("it is " + memoryType.words() + ", the tables say " + fresh.memoryType.words());
    }
    return found;
  }

  /** Permissions in short: {@code rwx}. */
  public String permissions() {
    return Stage2Attributes.permissionText(readable, writable, executableAtEl1, executableAtEl0);
  }

  /** Whether another entry translates the same addresses to something else. */
  boolean contradicts(TlbEntry other) {
    long common = Math.max(input, other.input);
    return output(common) != other.output(common)
        || readable != other.readable
        || writable != other.writable
        || executableAtEl1 != other.executableAtEl1
        || executableAtEl0 != other.executableAtEl0
        || memoryType != other.memoryType;
  }

  boolean overlaps(TlbEntry other) {
    return (input ^ other.input) >>> Math.max(shift, other.shift) == 0
        && vmid == other.vmid
        && pe == other.pe
        && regime == other.regime;
  }

  /** Rights granted, to compare two entries. */
  int rights() {
    return (readable ? 1 : 0)
        + (writable ? 1 : 0)
        + (executableAtEl1 ? 1 : 0)
        + (executableAtEl0 ? 1 : 0);
  }

  long hash() {
    long h = Mix.mix(number, (long) pe << 8 | regime.ordinal());
    h = Mix.mix(h ^ input, (long) vmid << 8 | shift);
    h = Mix.mix(h ^ output, level);
    h = Mix.mix(h ^ leaf, leafAddress);
    return Mix.mix(h, memoryType.ordinal() << 1 | (dirtyOnWrite ? 1 : 0));
  }
}
