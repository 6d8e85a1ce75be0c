package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.Invalidation;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TlbEntry;
import java.util.List;
import java.util.Objects;

/**
 * What a TLBI would remove if a hypervisor executed it now.
 *
 * @param instruction the instruction
 * @param scope what it names
 * @param removed entries that would go, in the order they were given
 */
public record Preview(Instruction instruction, TlbiScope scope, List<TlbEntry> removed) {
  private static final long VA_BITS = 0xfff_ffff_ffffL;
  private static final long HCR_E2H = 1L << 34;
  private static final long HCR_TGE = 1L << 27;
  private static final long VTCR_DS = 1L << 32;

  /** What the operand of an instruction is made of. */
  private enum Operand {
    NONE,
    IPA,
    VA,
    VA_AND_ASID,
    ASID
  }

  /** The instructions offered, those for a whole VMID first. */
  public enum Instruction {
    VMALLS12E1IS(4, 3, 6, Operand.NONE),
    IPAS2E1IS(4, 0, 1, Operand.IPA),
    IPAS2LE1IS(4, 0, 5, Operand.IPA),
    VMALLE1IS(0, 3, 0, Operand.NONE),
    VAE1IS(0, 3, 1, Operand.VA_AND_ASID),
    VAAE1IS(0, 3, 3, Operand.VA),
    VALE1IS(0, 3, 5, Operand.VA_AND_ASID),
    ASIDE1IS(0, 3, 2, Operand.ASID),
    ALLE1IS(4, 3, 4, Operand.NONE),
    VAE2IS(4, 3, 1, Operand.VA_AND_ASID),
    ALLE2IS(4, 3, 0, Operand.NONE),
    VMALLS12E1(4, 7, 6, Operand.NONE),
    IPAS2E1(4, 4, 1, Operand.IPA),
    VMALLE1(0, 7, 0, Operand.NONE);

    private final int op1;
    private final int crm;
    private final int op2;
    private final Operand operand;

    Instruction(int op1, int crm, int op2, Operand operand) {
      this.op1 = op1;
      this.crm = crm;
      this.op2 = op2;
      this.operand = operand;
    }

    /** Whether its operand is taken from an entry. */
    public boolean hasOperand() {
      return operand != Operand.NONE;
    }

    /** The operand that names an entry: its address, and its ASID where it has one. */
    public long operandFor(TlbEntry entry) {
      Stage1Tag tag = entry.stage1();
      long asid = tag == null || tag.asid() < 0 ? 0 : (long) tag.asid() << 48;
      long page = entry.input() >>> 12 & VA_BITS;
      return switch (operand) {
        case NONE -> 0;
        case IPA -> entry.ipa(entry.input()) >>> 12;
        case VA -> page;
        case VA_AND_ASID -> asid | page;
        case ASID -> asid;
      };
    }
  }

  public Preview {
    removed = List.copyOf(removed);
  }

  /**
   * Asks what a TLBI would remove.
   *
   * @param pe the PE that would execute it, at EL2
   * @param operand the register, as far as the instruction has one
   */
  public static Preview of(
      Observed machine, int pe, Instruction instruction, long operand, List<TlbEntry> entries) {
    Stage2Parameters second = machine.second(pe);
    boolean e2h = (second.hcr() & HCR_E2H) != 0;
    boolean host = e2h && (second.hcr() & HCR_TGE) != 0;
    Regime ofEl1 = host ? Regime.EL2_0 : Regime.EL1_0;
    Regime asids = instruction.op1 == 0 ? ofEl1 : e2h ? Regime.EL2_0 : Regime.EL2;
    Stage1Parameters first = machine.first(pe, asids);
    boolean ipas = instruction.operand == Operand.IPA;
    Invalidation.Situation situation =
        new Invalidation.Situation(
            ofEl1,
            second.vmid(),
            first.asidBits(),
            e2h,
            ipas ? (second.vtcr() & VTCR_DS) != 0 : first.ds(),
            false,
            machine.levelHints(),
            ipas ? second.features().lpa2() : first.features().stage1().lpa2());
    TlbiScope scope =
        Objects.requireNonNull(
            Invalidation.decode(
                instruction.op1, instruction.crm, instruction.op2, operand, false, situation));
    return new Preview(
        instruction,
        scope,
        entries.stream().filter(entry -> second.policy().removes(scope, pe, entry)).toList());
  }

  /** "would remove 3 entries" or "would remove nothing". */
  public String words() {
    return switch (removed.size()) {
      case 0 -> "would remove nothing";
      case 1 -> "would remove 1 entry";
      default -> "would remove " + removed.size() + " entries";
    };
  }

  /** "TLBI IPAS2E1IS, operand 0x40200". */
  public String title() {
    return "TLBI "
        + instruction
        + (instruction.hasOperand() ? ", operand " + Hex.plain(scope.operand()) : "");
  }
}
