package dev.stagewalk.event;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a TLBI instruction names: entries of a regime, of one or both stages, of a VMID and an ASID,
 * in a range of addresses. On which PE it was executed is said beside it.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions" and the pages of the TLBI instructions.
 *
 * @param operation the instruction, as {@code vae1is}
 * @param domain whose TLBs it reaches
 * @param regime whose entries
 * @param vas whether entries that translate VAs are meant: of stage 1, and those that combine both
 * @param ipas whether entries that translate IPAs are meant: of stage 2
 * @param vmid VMID of the entries; −1 for any, and where the regime has none
 * @param asid ASID of the entries; −1 for any
 * @param globalToo whether global entries are meant beside those of {@code asid}
 * @param lastLevelOnly whether entries of the last level of a walk are meant alone: walk caches
 *     stay
 * @param first first address; 0 where {@code bytes} is 0
 * @param bytes size of the range; 0 for every address
 * @param hint level of the leaf that the operand names (TTL), −1 to 3; {@link #NO_HINT} if none
 * @param granule translation granule that the operand names: of the unit of a range, of a TTL hint;
 *     null if none
 * @param nothing whether a reserved operand value makes it name nothing (CONSTRAINED UNPREDICTABLE)
 * @param nxs the form with nXS (FEAT_XS), or what HCRX_EL2.FnXS makes act like it
 * @param operand the register as it was; 0 where the instruction has none
 */
public record TlbiScope(
    String operation,
    Domain domain,
    Regime regime,
    boolean vas,
    boolean ipas,
    int vmid,
    int asid,
    boolean globalToo,
    boolean lastLevelOnly,
    long first,
    long bytes,
    int hint,
    @Nullable Granule granule,
    boolean nothing,
    boolean nxs,
    long operand) {

  /** The operand says nothing of the level of the leaf. */
  public static final int NO_HINT = -2;

  /** Everything of a regime, of one VMID or of any. */
  public static TlbiScope all(
      String operation, Domain domain, Regime regime, boolean bothStages, int vmid) {
    return new TlbiScope(
        operation + domain.suffix(),
        domain,
        regime,
        true,
        bothStages,
        vmid,
        -1,
        true,
        false,
        0,
        0,
        NO_HINT,
        null,
        false,
        false,
        0);
  }

  /** TLBI VMALLS12E1IS under a VMID. */
  public static TlbiScope vmalls12e1is(int vmid) {
    return all("vmalls12e1", Domain.INNER_SHAREABLE, Regime.EL1_0, true, vmid);
  }

  /** The same as if it were the form with nXS, under the name that was executed. */
  public TlbiScope asNxs() {
    return new TlbiScope(
        operation,
        domain,
        regime,
        vas,
        ipas,
        vmid,
        asid,
        globalToo,
        lastLevelOnly,
        first,
        bytes,
        hint,
        granule,
        nothing,
        true,
        operand);
  }

  /** The same for whoever a domain reaches, under the name of that form. */
  public TlbiScope inDomain(Domain other) {
    String form = operation;
    if (!domain.suffix().isEmpty() && operation.endsWith(domain.suffix())) {
      form = operation.substring(0, operation.length() - domain.suffix().length());
    }
    return new TlbiScope(
        form + other.suffix(),
        other,
        regime,
        vas,
        ipas,
        vmid,
        asid,
        globalToo,
        lastLevelOnly,
        first,
        bytes,
        hint,
        granule,
        nothing,
        nxs,
        operand);
  }

  /** The same under another VMID. */
  public TlbiScope underVmid(int other) {
    return with(vas, other, first);
  }

  /** The same of the entries that translate IPAs alone. */
  public TlbiScope ofIpasOnly() {
    return with(false, vmid, first);
  }

  /**
   * The same for the range that is named where the address in the operand has been shifted by a
   * number of bits, and not by the 12 of its unit.
   *
   * @param shift 0 to 63
   */
  public TlbiScope withAddressShiftedBy(int shift) {
    return with(vas, vmid, first >> shift << 12 & -bytes);
  }

  private TlbiScope with(boolean newVas, int newVmid, long newFirst) {
    return new TlbiScope(
        operation,
        domain,
        regime,
        newVas,
        ipas,
        newVmid,
        asid,
        globalToo,
        lastLevelOnly,
        newFirst,
        bytes,
        hint,
        granule,
        nothing,
        nxs,
        operand);
  }

  /** Whether every address is meant. */
  public boolean everyAddress() {
    return bytes == 0;
  }

  /**
   * What is named, in words: "VAs 0x1000 to 0x1fff of EL1&amp;0, ASID 3 and global, VMID 1, on this
   * PE".
   */
  public String words() {
    if (nothing) {
      return "nothing, one allowed choice: the operand has a reserved value";
    }
    StringBuilder out = new StringBuilder();
    out.append(!vas ? "IPAs" : ipas ? "all translations" : "VAs");
    if (bytes != 0) {
      out.append(' ').append(Hex.address(first));
      out.append(" to ").append(Hex.address(last()));
      out.append(" (").append(Size.words(bytes)).append(')');
    }
    out.append(" of ").append(regime.text());
    if (asid >= 0) {
      out.append(", ASID ").append(asid).append(globalToo ? " and global" : "");
    }
    if (vmid >= 0) {
      out.append(", VMID ").append(vmid);
    }
    if (lastLevelOnly) {
      out.append(", last level only");
    }
    if (hint != NO_HINT) {
      out.append(", leaf at level ").append(hint);
    }
    return out.append(", ").append(domain.words()).toString();
  }

  /** The last address of the range. */
  public long last() {
    return first + bytes - 1;
  }

  /** The instruction in capitals: {@code VAE1IS}. */
  public String title() {
    return operation.toUpperCase(Locale.ROOT);
  }
}
