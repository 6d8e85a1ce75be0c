package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.mmu.Stage2Parameters;

/**
 * The 8 bytes of memory that an injection changes.
 *
 * <p>Source of the places of fields: Arm ARM, "VMSAv8-64 descriptor formats".
 *
 * @param pa where they are
 * @param old what they hold
 * @param value what they are to hold
 * @param what the field that changes, for people
 */
record EntryEdit(long pa, long old, long value, String what) {
  private static final int MEMATTR_SHIFT = 2;
  private static final int S2AP_SHIFT = 6;
  private static final long ACCESS_FLAG = 1L << 10;
  private static final int XN_SHIFT = 53;
  private static final long LOW_48 = 0xffff_ffff_ffffL;

  /**
   * @throws Refused if there is no such leaf
   */
  static EntryEdit of(Machine machine, int pe, Injection.ClearAccessFlag e) {
    Stage2InForce.Leaf leaf = new Stage2InForce(machine, pe).leaf(e.ipa());
    return new EntryEdit(leaf.at(), leaf.descriptor(), leaf.descriptor() & ~ACCESS_FLAG, "AF")
        .changing();
  }

  /**
   * @throws Refused if there is no such leaf
   */
  static EntryEdit of(Machine machine, int pe, Injection.SetS2ap e) {
    Stage2InForce.Leaf leaf = new Stage2InForce(machine, pe).leaf(e.ipa());
    return field(leaf, S2AP_SHIFT, 3, e.allowed().ordinal(), "S2AP");
  }

  /**
   * @throws Refused if there is no such leaf, or it takes FEAT_XNX to say so
   */
  static EntryEdit of(Machine machine, int pe, Injection.SetXn e) {
    Stage2InForce tables = new Stage2InForce(machine, pe);
    int xn = e.allowed().ordinal();
    if ((xn & 1) != 0 && !tables.parameters().features().xnx()) {
      throw new Refused(
          "this PE lacks FEAT_XNX: XN cannot tell EL1 from EL0, choose both or neither");
    }
    return field(tables.leaf(e.ipa()), XN_SHIFT, 3, xn, "XN");
  }

  /**
   * @throws Refused if there is no such leaf, or no value of MemAttr with that meaning
   */
  static EntryEdit of(Machine machine, int pe, Injection.SetMemAttr e) {
    Stage2InForce tables = new Stage2InForce(machine, pe);
    boolean fwb = tables.parameters().fwb();
    int value = e.attribute().value(fwb);
    if (value < 0) {
      throw new Refused("MemAttr has no value for that while HCR_EL2.FWB is " + (fwb ? "1" : "0"));
    }
    return field(tables.leaf(e.ipa()), MEMATTR_SHIFT, 0xf, value, "MemAttr");
  }

  /**
   * @throws Refused if the walk has no table there, or the address cannot be one's
   */
  static EntryEdit of(Machine machine, int pe, Injection.PointTable e) {
    Stage2InForce tables = new Stage2InForce(machine, pe);
    Stage2Parameters parameters = tables.parameters();
    var entry = tables.table(e.ipa(), e.level());
    long address = LOW_48 & -parameters.granule().bytes();
    if ((e.to() & ~address) != 0 || e.to() >>> parameters.outputBits() != 0) {
      throw new Refused(
          Hex.address(e.to())
              + " cannot be the address of a table here: it must be a multiple of "
              + parameters.granule().text()
              + " of at most "
              + Math.min(48, parameters.outputBits())
              + " bits");
    }
    long value = entry.descriptor() & ~address | e.to();
    return new EntryEdit(entry.descriptorAddress(), entry.descriptor(), value, "the address")
        .changing();
  }

  /**
   * @throws Refused if there is no such memory or bit
   */
  static EntryEdit of(Machine machine, Injection.FlipMemory e) {
    checkMemory(machine, e.pa());
    checkBit(e.bit());
    long old = machine.ram().read(e.pa(), 8);
    return new EntryEdit(e.pa(), old, old ^ 1L << e.bit(), "bit " + e.bit());
  }

  static void checkBit(int bit) {
    if (bit < 0 || bit > 63) {
      throw new Refused("there is no bit " + bit + ": bits are 0 to 63");
    }
  }

  static void checkMemory(Machine machine, long pa) {
    if ((pa & 7) != 0 || !machine.ram().contains(pa, 8)) {
      throw new Refused(
          "PA "
              + Hex.address(pa)
              + " is no 8-byte aligned address in RAM ("
              + Hex.address(Machine.RAM_BASE)
              + " to "
              + Hex.address(Machine.RAM_BASE + machine.ram().size() - 1)
              + ")");
    }
  }

  private static EntryEdit field(
      Stage2InForce.Leaf leaf, int shift, long mask, long value, String what) {
    long descriptor = leaf.descriptor() & ~(mask << shift) | value << shift;
    return new EntryEdit(leaf.at(), leaf.descriptor(), descriptor, what).changing();
  }

  private EntryEdit changing() {
    if (old == value) {
      throw new Refused(
          what + " of the descriptor at " + Hex.address(pa) + " is already so: nothing to change");
    }
    return this;
  }
}
